"""The records that flow through the rooms: what a source said, what we keep, what we decide.

All are frozen and hold plain values. Times are aware `datetime`s in UTC; a name in `_at` is our own
clock, `published` and `updated` are the source's claim. An absent text is the empty string where
absence and emptiness mean the same, and None where they do not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from aggregator.record import record

# ── what a source said ────────────────────────────────────────────────────────────────────────────


@record(frozen=True, slots=True)
class Person:
    """An author (RFC 4287 §3.2); at least one of the three is not empty."""

    name: str = ""
    email: str = ""
    uri: str = ""


@record(frozen=True, slots=True)
class Term:
    """A category or tag as a source gave it (RFC 4287 §4.2.2); `label` is what a person reads.

    `code` is Atom's term, where that is something else.
    """

    label: str
    scheme: str = ""
    code: str = ""


@record(frozen=True, slots=True)
class Enclosure:
    """A file that belongs to an entry; `length` is in bytes, `duration` in seconds."""

    url: str
    type: str = ""
    length: int | None = None
    title: str = ""
    duration: int | None = None


@record(frozen=True, slots=True)
class Origin:
    """The feed an entry was first published in, where that is not the one it came with.

    `atom:source` (RFC 4287 §4.2.11), RSS `<source>`.
    """

    title: str = ""
    feed_url: str = ""
    link: str = ""
    id: str = ""
    rights: str = ""


@record(frozen=True, slots=True)
class Entry:
    """One item as its source gave it.

    `title`, `summary`, `content` and `rights` are HTML fragments: what the source declared as plain
    text arrives here escaped, so `1 < 2` is `1 &lt; 2`. They are not sanitised. Addresses are
    absolute, or, where nobody knows where the document is from, as they stand in it.
    `published` and `updated` are the source's own words, still unread, since reading them needs the
    source's zone; so are the names of `authors`, which may hold markup. `fields` holds the row's
    plain values by name for templates such as `{infoCode}`. `fingerprint` names the raw item: same
    fingerprint, same item, nothing to do.
    """

    id: str = ""
    title: str = ""
    link: str = ""  # the page the entry is about: Atom rel=alternate, RSS <link>, JSON Feed url
    permalink: str = ""  # an RSS guid that is a permalink
    canonical: str = ""  # what the entry's own page calls itself, where it was read and believed
    resolved: str = field(default="", repr=False)  # where its link led when it was followed
    original_link: str = ""  # feedburner:origLink and the like: the address before redirectors
    comments: str = ""
    published: str = ""
    updated: str = ""
    authors: tuple[Person, ...] = ()
    summary: str = ""
    content: str = ""
    terms: tuple[Term, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    image: str = ""
    publisher: str = ""
    origin: Origin | None = None
    rights: str = ""
    language: str = ""
    base: str = ""  # what relative addresses inside summary and content are relative to
    fields: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""

    @property
    def guid(self) -> str:
        """What tells this entry from the others of its source: id, else link, else a hash.

        The hash is of title and date, where both are missing (RSS 0.92) of the text, and where that
        is too of the files.
        """
        if name := self.id or self.link:
            return name
        named, said = (self.title, self.published), (self.summary, self.content)
        files = (file.url for file in self.enclosures)
        return fingerprint(*(named if any(named) else said if any(said) else files))


@record(frozen=True, slots=True)
class BadEntry:
    """An item that had to be skipped: which one (guid, title or position) and why."""

    entry: str
    reason: str
    code: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"entry {self.entry!r}: {self.reason}"


@record(frozen=True, slots=True)
class Feed:
    """What one document of a source says of itself, and its entries in the document's order."""

    title: str = ""  # an HTML fragment, as in Entry
    link: str = ""
    description: str = ""  # an HTML fragment
    id: str = ""
    language: str = ""
    updated: str = ""
    image: str = ""
    authors: tuple[Person, ...] = ()
    contacts: tuple[Person, ...] = ()  # whom to ask about it: RSS webMaster, dc:publisher
    rights: str = ""
    self_link: str = ""
    hub: str = ""
    next_page: str = ""  # rel=next or rel=prev-archive (RFC 5005)
    min_interval: int | None = None  # seconds the publisher asks for: RSS ttl, sy:updatePeriod
    skip_hours: frozenset[int] = frozenset()  # hours of the day in GMT, 0–23: RSS skipHours
    skip_days: frozenset[int] = frozenset()  # days of the week in GMT, Monday is 0: RSS skipDays
    entries: tuple[Entry, ...] = ()
    bad: tuple[BadEntry, ...] = ()
    deleted: tuple[str, ...] = ()  # the ids of entries it has withdrawn (RFC 6721)
    complete: bool = False  # it lists every entry it has: what is missing is gone (RFC 5005 §2)


@record(frozen=True, slots=True)
class Listing:
    """What a source says of the entries that its document does not bring.

    `deleted` are the guids of those it has withdrawn; `present` those of all that it has, None
    where it does not list everything.
    """

    deleted: frozenset[str] = frozenset()
    present: frozenset[str] | None = None


# ── what we keep ──────────────────────────────────────────────────────────────────────────────────


@record(frozen=True, slots=True)
class Attribution:
    """To whom an article is credited. Addresses are public ones, fit to be shown to any reader."""

    publisher: str  # never empty
    publisher_url: str = ""  # the publisher's site
    feed_url: str = ""  # "" where the source has no public feed address
    feed_id: str = ""
    rights: str = ""  # plain text


@record(frozen=True, slots=True)
class Report:
    """Another publisher's article on the same story; `share_link` is "" where it has none."""

    attribution: Attribution
    share_link: str
    title: str
    published: datetime


class Gone(StrEnum):
    """How an article went that was taken in."""

    HIDDEN = "hidden"  # by the operator, who can show it again
    WITHDRAWN = "withdrawn"  # by its source, which can bring it again
    TAKEN_DOWN = "taken-down"  # by the operator and for good: its text is wiped


@record(frozen=True, slots=True)
class Removal:
    """That an article is not to be shown, since when (aware UTC), and why, in the operator's words.

    `told` says whether readers are to know the reason.
    """

    kind: Gone
    at: datetime
    reason: str = ""
    told: bool = False


@record(frozen=True, slots=True)
class Article:
    """What we store and publish, built from one entry.

    `title`, `summary` are plain text; `content` is sanitised HTML with absolute addresses; every
    text is free of characters that XML forbids. `published` is never later than `updated` nor than
    `first_seen_at`. `categories` are labels, never empty, the first one is the article's home.
    """

    id: str  # ten characters of Crockford's base32, lower case
    source: str
    guid: str  # as the source gave it
    public_id: str  # an absolute IRI, fixed at first publication
    title: str
    link: str  # the original's address; "" where it has none
    share_link: str  # the canonical public address; the link of the entry in every output
    published: datetime
    updated: datetime
    first_seen_at: datetime
    summary: str
    content: str
    language: str
    authors: tuple[Person, ...]
    attribution: Attribution
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    terms: tuple[Term, ...]
    enclosures: tuple[Enclosure, ...]
    image: str
    fingerprint: str
    also: tuple[Report, ...] = ()  # the same story by others, shown through this article
    day: date | None = None  # which it is filed under, where that is not the day of `published`
    removal: Removal | None = None  # where it is not to be shown


@record(frozen=True, slots=True)
class Correction:
    """A significant edit of an article, which may be an entry of its own.

    `public_id` is that entry's, `seen_at` when the edit was first seen (aware UTC); the article was
    called `before` until then, and is called `title` since.
    """

    article: Article
    public_id: str
    seen_at: datetime
    title: str
    before: str


@record(frozen=True, slots=True)
class Original:
    """An article that stands nowhere else on the web, so that its page here is the original."""

    id: str
    category: str  # the label of its home
    title: str
    language: str
    published: datetime
    updated: datetime


@record(frozen=True, slots=True)
class Provenance:
    """How an article was made of its entry: what `explain` shows.

    `candidates` are (where from, address) of what it may be shared under, the best one first;
    `steps` are (rule, effect, value) of the rules that did something; `given` is what
    the source gave that is not the same in the article, as `given.pack` has it ("": not kept).
    """

    candidates: tuple[tuple[str, str], ...] = ()
    steps: tuple[tuple[str, str, str], ...] = ()
    given: str = ""


@record(frozen=True, slots=True)
class Signature:
    """What an article is looked for by, to see whether another one may tell the same story."""

    link: str = ""  # names the canonical link; "" where that names no story
    title: str = ""  # as it is compared with others


@record(frozen=True, slots=True)
class Candidates:
    """Stored articles that may tell the same story as another one, by the store's numbers.

    `titles` are as in their signatures, one for each of `numbers`; `linked` are (number, source) of
    those that have the same link.
    """

    numbers: Sequence[int] = ()
    titles: Sequence[str] = ()
    linked: Sequence[tuple[int, str]] = ()


@record(frozen=True, slots=True)
class Category:
    """A category once registered: its label, its address and its spelling in Jekyll posts."""

    slug: str  # [a-z0-9-]{1,64}, unique ignoring case, never freed
    label: str
    spelling: str  # `南昌日报` → `nanchangribao`; other characters stay as they came


# ── what we remember of asking a source, and decide by it ─────────────────────────────────────────


@record(frozen=True, slots=True)
class Hints:
    """What a server and its feed ask of those who poll it; it holds until they say otherwise.

    `fresh` is for how many seconds the answer was good when it came (RFC 9111 §4.2), `interval` how
    many there are to be between two requests (RSS ttl, sy:updatePeriod); 0 is «not said». Hours and
    days are in GMT, as in Feed.
    """

    fresh: int = 0
    interval: int = 0
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@record(frozen=True, slots=True)
class Move:
    """Where permanent redirects lead to, on how many days they did, and the last of these days.

    `since` is when they first did (aware UTC), None where nothing was known of the source before.
    No days though there is a place: nothing that we know stands there, it is not believed.
    """

    to: str = ""
    days: int = 0
    on: str = ""  # 2026-11-22, in UTC
    since: datetime | None = None


@record(frozen=True, slots=True)
class SourceState:
    """What is remembered of one source between refreshes; None and "" mean «not yet»."""

    id: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    document: str = ""  # where that came from, without its query: validators are for that place
    next_due_at: datetime | None = None  # None: not before it is told to, or not yet decided
    why: str = ""  # one sentence: why next_due_at is when it is
    last_attempt_at: datetime | None = None
    last_ok_at: datetime | None = None
    failures: int = 0  # in a row
    status: int | None = None  # the HTTP status of the last failure, where it had one
    gone: bool = False  # the server says that it is gone for good: it is not asked any more
    error: str = ""
    error_since: datetime | None = None
    bad: int = 0  # entries skipped at the last refresh that brought any
    hints: Hints = Hints()
    address: str = ""  # where it has moved to for good: asked instead of the configured url
    move: Move = Move()  # where it may be moving to
    hub: str = ""  # who tells of its news (WebSub), where it names one
    topic: str = ""  # what it calls itself there
    title: str = ""  # what it calls itself, plain text
    site: str = ""  # the address of its site, fit for any reader
    recipe: str = ""  # the hash of the configuration that its articles were made with
    configured: str = ""  # the hash of its own table that it was last asked with


@record(frozen=True, slots=True)
class Tally:
    """How often a source was asked on one day with and without success, and how much was new."""

    ok: int = 0
    failed: int = 0
    new: int = 0
    same: int = 0  # of those with success: nothing had changed (304)


@record(frozen=True, slots=True)
class Pause:
    """A host that wants to be left alone until a time; `noted_at` is when it said so."""

    host: str
    until: datetime
    noted_at: datetime


@record(frozen=True, slots=True)
class HostRules:
    """What the robots.txt of an origin (`https://paper.example`) says, and until when it is good.

    Its `text` is "" where there are no rules.
    """

    origin: str
    text: str
    until: datetime


@record(frozen=True, slots=True)
class Rhythm:
    """What the next time to ask a source depends on, besides its state.

    `every` is the operator's interval (None: adapt to the source), `published` are its newest
    articles' times in any order, `retry_at` is the earliest time at which its server wants to be
    asked again (None: it did not say). A `local` one is a file: nobody else is bothered. A `told`
    one has a hub that lately told us when there was news.
    """

    every: timedelta | None = None
    published: tuple[datetime, ...] = ()
    retry_at: datetime | None = None
    local: bool = False
    told: bool = False


@record(frozen=True, slots=True)
class Due:
    """When a source is asked again (aware UTC; None: not any more), and why, in a sentence."""

    at: datetime | None
    why: str


class Status(StrEnum):
    """How the refresh of one source ended."""

    OK = "ok"
    NOT_MODIFIED = "not-modified"
    FAILED = "failed"
    WAITING = "waiting"  # it was not asked: its host wants to be left alone for a while


@record(frozen=True, slots=True)
class Outcome:
    """What one refresh of one source did: the row of the summary and of `refresh --json`."""

    id: str
    status: Status
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    bad: tuple[BadEntry, ...] = ()
    error: str = ""
    held: int = 0  # new articles that are not published, since they look like old ones
    withdrawn: int = 0  # articles that are hidden now, since the source has them no more
    leaving: int = 0  # … that are not yet, since they are too many at once


@record(frozen=True, slots=True)
class Attempt:
    """One time that a source was asked: when, how that ended and in how many milliseconds.

    `answered` is the HTTP status, None where there was none (a file, a connection that failed).
    `delay` is after how many seconds what was new was published, None where it is not yet.
    """

    at: datetime
    status: Status
    answered: int | None
    ms: int
    new: int = 0
    changed: int = 0
    error: str = ""
    delay: int | None = None


Content = Literal["full", "excerpt", "link"]
"""How much of an article may be published."""


# ── what we publish ───────────────────────────────────────────────────────────────────────────────


@record(frozen=True, slots=True)
class Month:
    """A month in the archive of a channel: `2026-11` in the site's zone, and its entries (≥ 1)."""

    name: str
    entries: int


@record(frozen=True, slots=True)
class Archive:
    """How far the archive of a channel goes: every article that is published before `until`.

    None is no archive. `months` are those that have articles, the oldest first.
    """

    until: datetime | None = None
    months: tuple[Month, ...] = ()


@record(frozen=True, slots=True)
class Group:
    """Channels that belong together: what they are called, and in the name of their list."""

    label: str
    slug: str


@record(frozen=True, slots=True)
class Channel:
    """One published stream: a category, every category together, or a selection of the operator's.

    Its documents stand under `<slug>/` in the published folder and under `<site.url>/<slug>/`.
    `removed` are articles that its readers may still hold and are to be told of, each with its
    `removal`; `corrections` are told of as entries of their own.
    """

    slug: str
    title: str
    description: str = ""
    language: str = ""  # "" is the site's
    spelling: str = ""  # Jekyll's; "" where the channel is not a category
    months: tuple[Month, ...] = ()  # of its archive, the oldest first
    formats: tuple[str, ...] = ()  # where they are not the site's
    group: Group | None = None
    removed: tuple[Article, ...] = ()
    corrections: tuple[Correction, ...] = ()


GONE = "_gone"
"""The folder of the pages about what was taken down: `_gone/<path>` is what who asks for `<path>`
is told, with status 410, and so its relative addresses are as seen from `<path>`. No slug has an
underscore."""


@record(frozen=True, slots=True)
class Document:
    """One file to publish: its path below the published folder (with `/`), and its bytes."""

    path: str
    body: bytes


def fingerprint(*parts: str) -> str:
    """Return a short stable hash of *parts* (32 hexadecimal digits); the empty string counts."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()
