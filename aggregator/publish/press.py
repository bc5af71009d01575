"""What rendering needs besides the articles themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from aggregator.config.settings import Publish, Site, Source
from aggregator.model import Article, Category, Channel, Content
from aggregator.publish import templating
from aggregator.publish.fragments import Fragments
from aggregator.publish.supplier import Supplier
from aggregator.publish.templating import Templates
from aggregator.publish.texts import Texts, texts_for
from aggregator.record import record
from aggregator.websub import hub_address

FRESH_MINUTES = 10
"""For how long a reader may keep a feed without asking again: `ttl`, `sy:`, and what is served as
`max-age`."""


@record(frozen=True, slots=True)
class Imprint:
    """Who takes what from whom: what the pages about the site itself say."""

    contact: str = ""  # an address on the web or a mail address
    user_agent: str = ""
    suppliers: tuple[Supplier, ...] = ()


@dataclass(frozen=True)
class Press:
    """The site, how it is published, and the names of its categories: one for each publication.

    `categories` holds, by label, every category of the articles that are rendered; `titles` and
    `languages` what the operator gave to some, by slug. Articles published before `cutoff` (aware
    UTC) have left the window; None is no window. `sources` are, by id, those that say how much of
    an article may be published, and `most` is how much of any is. `fragments` are those of the
    channel that is rendered.
    """

    site: Site
    publish: Publish
    categories: Mapping[str, Category]
    titles: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    cutoff: datetime | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    most: Content = "full"
    imprint: Imprint = field(default_factory=Imprint)
    templates: Templates = field(default_factory=templating.shipped)
    fragments: Fragments = field(default_factory=Fragments)

    @property
    def texts(self) -> Texts:
        """The words in the site's own language."""
        return texts_for(self.site.language)

    @property
    def hub(self) -> str:
        """The address of the WebSub hub that feeds name, "" where there is none."""
        return hub_address(self.publish.hub, self.site.base)

    def writes(self, name: str) -> bool:
        """Return whether the format of this name is published."""
        return name in self.publish.formats

    def home(self, article: Article) -> Category:
        """Return the category that an article belongs to first."""
        return self.categories[article.categories[0]]

    def title(self, label: str) -> str:
        """Return the name under which a category is shown."""
        category = self.categories[label]
        return self.titles.get(category.slug) or category.label

    def language(self, channel: Channel) -> str:
        """Return the language of a channel's own words."""
        return channel.language or self.site.language

    def day(self, article: Article) -> date:
        """Return the day that an article is filed under, in the site's zone."""
        return article.day or self.local(article.published).date()

    def local(self, moment: datetime) -> datetime:
        """Return *moment* in the site's zone."""
        return moment.astimezone(self.site.timezone)


@record(frozen=True, slots=True)
class Shelf:
    """One channel on the home page: `markup` is its section there, with its newest articles.

    It changes with its channel alone, so it can be kept until the channel is published again: with
    thousands of categories, home is then joined rather than rendered.
    """

    channel: Channel
    markup: str
