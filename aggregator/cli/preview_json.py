"""What preview says as JSON: the facts as the source gives them, the texts as they are taken in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from aggregator.config.settings import Settings, Source
from aggregator.model import Article, Entry, Feed, Person
from aggregator.normalise import attribution
from aggregator.normalise.dates import Reading, read_claim
from aggregator.normalise.markup import clean, plain
from aggregator.normalise.place import Place
from aggregator.parse.address import is_page
from aggregator.record import record


@record(frozen=True, slots=True)
class Frame:
    """What stands around the entries of a feed: the source it is, and the configuration."""

    feed: Feed
    source: Source
    settings: Settings

    @property
    def place(self) -> Place:
        """Where the entries come from, as making articles of them needs it."""
        return Place(self.feed, self.source, self.settings.site, self.settings.rule)

    def moment(self, text: str, language: str = "") -> datetime | None:
        """Return the moment that *text* claims, aware, be it likely or not."""
        zone = self.source.timezone or self.settings.site.timezone
        languages = [*filter(None, (language, self.source.language, self.feed.language))]
        return read_claim(text, Reading(zone, datetime.now(UTC), languages))

    @property
    def updated(self) -> datetime | None:
        """When the feed changed; one that does not say (JSON Feed) did with its newest entry."""
        entries = self.feed.entries
        changed = (self.moment(one.updated or one.published, one.language) for one in entries)
        return self.moment(self.feed.updated) or max(filter(None, changed), default=None)


def feed_json(frame: Frame) -> dict[str, Any]:
    """Return what the feed says of itself; its public address stands in for a title and a link."""
    feed = frame.feed
    link = feed.link or (frame.source.url if is_page(frame.source.url) else feed.self_link)
    return {
        "title": _shown(feed.title) or link,
        "link": link,
        "description": _shown(feed.description),
        "id": feed.id,
        "language": feed.language,
        "updated": _iso(frame.updated),
        "image": feed.image,
        "authors": _people(attribution.distinct(feed.authors)),
        "author": _byline(feed.authors or feed.contacts),
        "rights": _shown(feed.rights),
    }


def entry_json(entry: Entry, article: Article | str, frame: Frame) -> dict[str, Any]:
    """Return one entry: what the source says, and over it what its article is.

    Where *article* is the reason why there is none, it is there as `bad`.
    """
    if isinstance(article, str):
        return {**_said(entry, frame), "bad": article}
    return {**_said(entry, frame), **_made(entry, article, frame)}


def _said(entry: Entry, frame: Frame) -> dict[str, Any]:
    authors = entry.authors or (() if entry.origin else frame.feed.authors)
    published = frame.moment(entry.published, entry.language)
    updated = frame.moment(entry.updated, entry.language)
    return {
        "id": entry.guid,
        "title": _shown(entry.title),
        "link": _link(entry, frame.feed),
        "share_link": "",
        "published": _iso(published or updated),
        "updated": _iso(updated),
        "authors": _people(attribution.authors(entry, frame.place)),
        "author": _byline(authors),
        "comments": entry.comments,
        "summary": _shown(entry.summary),
        "content": entry.content,
        "categories": _names(entry),
        "tags": [],
        "enclosures": [
            {"url": file.url, "type": file.type, "length": file.length} for file in entry.enclosures
        ],
        "publisher": plain(entry.publisher),
        "source": {
            "title": plain(entry.origin.title) if entry.origin else "",
            "url": entry.origin.feed_url if entry.origin else "",
            "link": entry.origin.link if entry.origin else "",
        },
        "rights": _shown(entry.rights),
        "language": entry.language,
    }


def _made(entry: Entry, article: Article, frame: Frame) -> dict[str, Any]:
    """Return what normalising has changed or added."""
    credit = article.attribution
    home = article.categories if frame.source.category else ()
    dated = {} if is_undated(article) else {"published": _iso(article.published)}
    return {
        **dated,
        "title": article.title,
        "share_link": article.share_link,
        "summary": _whole(article.summary, plain(entry.summary)),
        "content": article.content,
        "categories": [*home, *_names(entry)],
        "tags": list(article.tags),
        "publisher": credit.publisher,
        "source": {
            "title": credit.publisher,
            "url": credit.feed_url,
            "link": credit.publisher_url,
        },
        "rights": credit.rights,
        "language": article.language,
    }


def _shown(text: str) -> str:
    """Return *text* as plain text; where it is markup alone, that, sanitised."""
    return plain(text) or clean(text, "", "")


def _whole(taken: str, said: str) -> str:
    """Return the summary that is taken in, or the whole of which it is the beginning."""
    return said if taken and said.startswith(taken.removesuffix("…")) else taken


def is_undated(article: Article) -> bool:
    """Say whether the source gave no date that can be believed: then it is when we first saw it."""
    return article.published == article.first_seen_at


def _link(entry: Entry, feed: Feed) -> str:
    """Return where a reader finds the entry: its page, else its file, else its site."""
    page = entry.link or entry.original_link or entry.permalink
    return page or next((file.url for file in entry.enclosures), feed.link)


def _names(entry: Entry) -> list[str]:
    """Return what the entry's categories are called by people, and then by machines."""
    labels = (plain(term.label) for term in entry.terms)
    return [*labels, *(term.code for term in entry.terms if term.code)]


def _people(people: Iterable[Person]) -> list[dict[str, str]]:
    return [{"name": person.name, "email": person.email, "url": person.uri} for person in people]


def _byline(people: Iterable[Person]) -> str:
    """Return the names on one line, an e-mail address behind its owner's: `Ada (mailto:a@b.c)`."""
    return ", ".join(_named(person) for person in people)


def _named(person: Person) -> str:
    address = f"mailto:{person.email}" if person.email else ""
    return f"{person.name} ({address})" if person.name and address else person.name or address


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
