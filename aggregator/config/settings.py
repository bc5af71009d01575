"""The configuration, typed: one class per table of config.toml, one field per key.

These are plain frozen records that any room may read; `load.py` makes them. A field's `description`
is its line in `docs/config.md`. Values are checked here one by one; what needs the whole file, the
table of kinds or the disk is checked in `crosscheck.py`.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, model_validator

from aggregator import licence, pattern
from aggregator.config.engine import Engine
from aggregator.config.mirror import Mirror
from aggregator.config.notify import Notify
from aggregator.config.selection import Selection
from aggregator.config.table import Table
from aggregator.config.values import (
    Base,
    Contact,
    Count,
    CountOrNone,
    Duration,
    Every,
    Expect,
    First,
    FullText,
    HostName,
    Hub,
    Language,
    Listening,
    Location,
    Network,
    OptionalAddress,
    OptionalLanguage,
    Pattern,
    Private,
    Size,
    Slug,
    SourceId,
    Spacing,
    Switch,
    Template,
    Window,
    Zone,
)
from aggregator.health.rate import Rate
from aggregator.model import Content
from aggregator.websub import hub_address

# ── tables ────────────────────────────────────────────────────────────────────────────────────────


class Site(Table):
    """What you publish is called, and where it stands."""

    title: str = Field("Aggregator", description="the name of what you publish")
    url: Base = Field(
        "http://127.0.0.1:8080",
        description="the public base; ids, self links and pages are built on it",
    )
    description: str = Field("", description="one sentence for the home page and the feed of all")
    language: Language = Field("en", description="of the pages, and of articles that do not say")
    timezone: Zone = Field(
        ZoneInfo("UTC"), description="for sources whose times have no zone, and for pages"
    )
    author: str = Field("", description="who runs this site; shown on it, never on an entry")
    hosts: tuple[HostName, ...] = Field(
        (), description="its other host names: share links there lead to its own pages"
    )

    @property
    def every_host(self) -> frozenset[str]:
        """Every host name under which the site stands, in lower case."""
        return frozenset((self.host, *(host.lower() for host in self.hosts)))

    @property
    def base(self) -> str:
        """The public base without a slash at its end."""
        return self.url.rstrip("/")

    @property
    def host(self) -> str:
        """The public host name, without a port; what tag: ids are minted in (RFC 4151)."""
        return _host_of(self.url)


@lru_cache(maxsize=8)
def _host_of(url: str) -> str:
    return urlsplit(url).hostname or ""  # asked for with every article


class Jekyll(Table):
    """How Jekyll posts are written."""

    template: Location | None = Field(None, description="your own template of a post (Jinja)")


class Publish(Table):
    """What is written, where to, and how much of it."""

    directory: Location = Field(Path("feeds"), description="the folder that is written")
    formats: tuple[str, ...] = Field(
        ("rss", "atom", "json", "html", "jekyll"), min_length=1, description="what is written"
    )
    entries: Count = Field(100, description="entries in each feed and on each category's page")
    window: Window = Field(
        None,
        description='older articles leave the feeds; "none" keeps the newest whatever their age',
    )
    credit: Template | None = Field(
        None,
        description="the visible attribution line; absent: one in the site's language; "
        '"" where the body already carries one',
    )
    stories: Literal["merge", "keep"] = Field(
        "merge",
        description='"merge": a story of several sources is one entry that names them all; '
        '"keep": each source has its own',
    )
    corrections: Literal["silent", "new-entry"] = Field(
        "silent",
        description='"new-entry": a significant edit (of a source with edits = "significant") is '
        "an entry of its own in the feeds, besides the article's; "
        '"silent": the article\'s entry is replaced',
    )
    static: Switch = Field(
        False,
        description="the site is served by something else than this program: "
        "compressed copies (.gz, .br, .zst) stand beside the documents, and there is no search "
        "and no status page",
    )
    templates: Location | None = Field(
        None,
        description="a folder of templates (Jinja): each replaces the one of ours with its name",
    )
    hub: Hub = Field(
        "",
        description='the WebSub hub that is told of changes; "self" is `aggregator run` itself',
    )
    excerpt: Count = Field(300, description="characters of an excerpt at most")
    licences: dict[str, Content] = Field(
        {},
        description="licence = how much may be published, where the source does not say",
    )
    jekyll: Jekyll = Field(Jekyll(), description="how Jekyll posts are written")
    git: Mirror | None = Field(None, description="a git branch that gets a copy of the folder")

    def allowed(self, rights: str, stated: str = "") -> Content:
        """Return how much may be published of a work, as far as its licence decides that.

        *rights* is what the work says of itself, *stated* the licence that its source has here.
        """
        pattern = licence.best(self.licences, rights, stated)
        return "full" if pattern is None else self.licences[pattern]


class Store(Table):
    """The database of the articles."""

    path: Location = Field(Path("aggregator.db"), description="the SQLite file")
    keep: Window = Field(
        timedelta(days=90), description='how long an article is kept; "none" is for ever'
    )
    backups: CountOrNone = Field(
        3, description="daily copies that `aggregator run` keeps in PATH.backups/; 0 is none"
    )


class Fetch(Table):
    """How sources are asked; each source may differ."""

    contact: Contact = Field(
        "",
        description="an address for publishers who have a question, in the User-Agent; "
        "[site] url where that is a public one",
    )
    timeout: Duration = Field(
        timedelta(seconds=30), description="of the whole exchange, not of one read"
    )
    max_size: Size = Field(10_000_000, description="of the decoded body")
    per_host: Count = Field(2, description="connections to one site (domain) at a time")
    spacing: Spacing = Field(
        timedelta(seconds=1),
        description="between two sources or pages of one site; hosts of your own network have none",
    )
    workers: Count = Field(64, description="sources fetched at a time")
    allow_private: tuple[Private, ...] = Field(
        (), description="hosts, networks and host:port that may be private"
    )
    push: Switch | None = Field(
        None,
        description="have the hubs of sources tell of news (WebSub); absent: where site.url is a "
        "public address, at which they can reach `aggregator run`",
    )


class Serve(Table):
    """The web server of `aggregator run` and `aggregator serve`."""

    address: Listening = Field(
        "127.0.0.1:8080", description="where the feeds and the site are served"
    )
    metrics: tuple[Network, ...] = Field(
        ("127.0.0.0/8", "::1"),
        description="who may read `/metrics` (Prometheus), where no other server asks for them",
    )

    @property
    def host(self) -> str:
        return self.address.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.address.rpartition(":")[2])


class CategoryTable(Table):
    """A category, by its folder name. They appear by themselves; this names or tunes one."""

    title: str | None = Field(None, description="its name on pages and in feeds")
    description: str = Field("", description="one sentence about it")
    language: OptionalLanguage = Field("", description="where it differs from the site's")
    group: str = Field("", description="its folder in feeds.opml, and a list of its own")
    stories: Literal["merge", "keep"] | None = Field(
        None, description="where it differs from [publish]"
    )
    formerly: tuple[Slug, ...] = Field(
        (), description="folder names it had before: their addresses lead to this one (301)"
    )


class Rule(Table):
    """A step that every entry goes through: where all its conditions hold, or always."""

    field: str = Field(
        "title", description="title, summary, content, link, publisher or a field of the row"
    )
    match: Pattern | None = Field(None, description="what to look for in the field")
    older: Duration | None = Field(None, description="only entries published longer ago than this")
    newer: Duration | None = Field(None, description="only entries published within this time")
    sources: tuple[str, ...] = Field(
        (), description="only entries of these sources (id); for top-level rules"
    )
    replace: str | None = Field(None, description="what each match becomes")
    drop: Literal[True] | None = Field(None, description="leave the entry out")
    keep: Literal[True] | None = Field(
        None, description="leave out every entry that does not match"
    )
    category: Template | None = Field(None, description="put it into this category too")
    tag: Template | None = Field(None, description="add this tag")
    set: dict[str, Template] | None = Field(None, description="give fields these values")

    @model_validator(mode="after")
    def _has_an_effect(self) -> Self:
        effects = (self.replace, self.drop, self.keep, self.category, self.tag, self.set)
        if all(effect is None for effect in effects):
            raise ValueError(
                "does nothing: give it one of replace, drop, keep, category, tag or set"
            )
        if self.match is None and self.replace is not None:
            raise ValueError("replace needs a match")
        conditions = (self.match, self.older, self.newer)
        if all(condition is None for condition in conditions) and (self.drop or self.keep):
            raise ValueError("drop and keep need a match, older or newer")
        if fault := pattern.fault(self.match or "", self.replace):
            raise ValueError(fault)
        return self


class Extract(Table):
    """A field, by its name, that is found in the body of the entry."""

    selector: str = Field(description="a CSS selector in the body; `a@href` is an attribute")
    match: Pattern | None = Field(
        None, description="a pattern on the selected text; its first group is the value"
    )


class Source(Table):
    """An origin of articles."""

    id: SourceId = Field(description="permanent: renaming it makes a new source")
    url: str = Field(
        min_length=1, description="its address; file:PATH or a path where the kind reads files"
    )
    kind: str = Field("feed", description="what stands at the address")
    title: str = Field("", description="its name in status and, without publisher, in credits")
    category: Template | None = Field(None, description="its articles' category; the id if absent")
    tags: tuple[Template, ...] = Field((), description="tags of its articles")
    every: Every = Field("auto", description='how often it is asked; "auto" adapts to the source')
    expect: Expect = Field(
        None,
        description="how much it is expected to bring; under half of it, it is *quiet*; "
        "absent: its own habit tells",
    )
    first: First = Field(20, description="of a new source, publish at most its newest so many")
    content: Content | None = Field(
        None,
        description="how much of an article may be published; absent: as [publish.licences] says",
    )
    edits: Literal["quiet", "significant"] = Field(
        "quiet",
        description='"significant": an edit of the title, or of a tenth of the text, '
        "moves the article's date of update to when it was seen",
    )
    withdraw: Literal["keep", "hide"] = Field(
        "keep",
        description='"hide": articles that it withdraws, or no longer has where it lists all it '
        "has, are hidden until it brings them again",
    )
    share_link: Template | None = Field(
        None, description="template of the canonical public address"
    )
    publisher: Template | None = Field(
        None, description="who is credited, where the source does not say"
    )
    publisher_url: OptionalAddress = Field("", description="the publisher's site")
    public_url: OptionalAddress = Field(
        "", description="the feed's address as readers may see it, if not url"
    )
    licence: str = Field("", description="the licence of its articles")
    language: OptionalLanguage = Field("", description="where the source does not say it")
    timezone: Zone | None = Field(
        None, description="of its times without a zone; the site's if absent"
    )
    headers: dict[str, SecretStr] = Field(
        default_factory=dict,
        description='sent to its host; a value may be "env:NAME" or "file:PATH"',
    )
    timeout: Duration | None = Field(None, description="where it differs from [fetch]")
    max_size: Size | None = Field(None, description="where it differs from [fetch]")
    allow_private: tuple[Private, ...] = Field(
        (), description="what it may reach beyond [fetch]'s list"
    )
    items: str = Field("", description="where the rows stand in the list document")
    fields: dict[str, str] = Field(
        default_factory=dict, description="our name = where it stands in the row"
    )
    detail: Template | None = Field(None, description="address of a row's detail, fetched once")
    match: Pattern | None = Field(None, description="take only addresses that this is found in")
    next: str = Field(
        "", description="where the next page's address stands, or that address with {page}"
    )
    pages: Count = Field(1, description="pages of the list that are read at most")
    full_text: FullText = Field(
        False, description="take the body from the article's own page, read once (extra `fulltext`)"
    )
    resolve: Switch = Field(
        False,
        description="ask redirectors (t.co, bit.ly, FeedBurner) where a new entry's link leads, "
        "50 times at most at one look",
    )
    history: Switch = Field(
        False, description="of a new source, follow its archive to the end, 100 pages at most"
    )
    extract: dict[str, Extract] = Field(
        default_factory=dict, description="fields found in the body"
    )
    rule: tuple[Rule, ...] = Field((), description="rules, in order")


class Settings(Table):
    """A whole config.toml, checked. `source` holds each `for` already spelled out."""

    site: Site = Site()
    publish: Publish = Publish()
    store: Store = Store()
    fetch: Fetch = Fetch()
    engine: Engine = Engine()
    serve: Serve = Serve()
    notify: Notify = Notify()
    category: dict[Slug, CategoryTable] = Field({})
    rule: tuple[Rule, ...] = ()
    source: tuple[Source, ...] = ()
    feed: tuple[Selection, ...] = ()

    @property
    def moved(self) -> dict[str, str]:
        """Return the folder of every category and feed that had another name, by that name."""
        names = {slug: table.formerly for slug, table in self.category.items()}
        names |= {feed.id: feed.formerly for feed in self.feed}
        return {old: slug for slug, former in names.items() for old in former}

    @property
    def expected(self) -> dict[str, Rate]:
        """How much is expected of the sources of which the operator says so, by id."""
        return {one.id: one.expect for one in self.source if one.expect}

    @property
    def has_own_hub(self) -> bool:
        """Whether subscribers are told by this program itself."""
        return self.publish.hub == "self"

    @property
    def hub(self) -> str:
        """The address of the hub that feeds name, "" where there is none."""
        return hub_address(self.publish.hub, self.site.base)

    def merges(self, slug: str) -> bool:
        """Say whether a story is one entry in the channel at *slug*, whoever reports it."""
        table = self.category.get(slug)
        return ((table and table.stories) or self.publish.stories) == "merge"
