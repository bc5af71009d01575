"""What `check` warns of besides, where it takes more than the file to know it.

Nothing of it is a fault: the program does as it is told. Each warning has its place in config.toml.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from aggregator import template
from aggregator.cli.new_source import address_key
from aggregator.cli.speech import say
from aggregator.config.document import Document
from aggregator.config.expand import Draft, expand
from aggregator.config.faults import in_words
from aggregator.config.positions import Keys
from aggregator.config.settings import Settings, Source
from aggregator.config.values import spelled
from aggregator.errors import Problem, StoreError
from aggregator.fetch.site import site_of
from aggregator.model import Category, SourceState
from aggregator.normalise.fields import NAMES
from aggregator.pipeline.forecast import fixed_category, renamed
from aggregator.publish.addresses import is_channel_feed
from aggregator.record import record
from aggregator.sources import KINDS
from aggregator.store.census import Census

_LARGE = 1_000_000  # bytes of a feed, which every reader fetches again when anything changes
_DAY = timedelta(days=1)
_POLITE = timedelta(minutes=1)
_OPEN = frozenset(("json", "jekyll"))  # kinds whose rows have names that only they know
_GIVEN = {"feed": frozenset(("external_url",))}  # by the kind itself, besides an entry's own
_SECRET = re.compile(r"(?i)(^|[_-])(token|secret|passw(or)?d|pwd|auth|sig|signature|api_?key|key)$")
_NEVER_USED = (
    'needs {{{name}}}, which kind "{kind}" never gives, so that it is never used; name it in'
    " extract, or write {{{name}?}}"
)
_LEFT_OUT = (
    'needs {{{name}}}, which kind "{kind}" never gives, so that every entry is left out; name it in'
    " extract, or write {{{name}?}}"
)
_SECRET_HEADERS = frozenset(
    ("authorization", "cookie", "x-api-key", "private-token", "x-auth-token")
)


@record(frozen=True, slots=True)
class Kept:
    """What the store knows; all of it is empty where there is none."""

    states: Mapping[str, SourceState] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    homes: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=dict)
    reaches: Mapping[str, timedelta] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)


def kept(settings: Settings) -> Kept:
    """Return what the store knows, and how large the feeds are that are published."""
    census = Census(settings.store.path)
    try:
        return Kept(
            census.states(),
            census.addresses(),
            census.homes(),
            census.categories(),
            census.reaches(settings.publish.entries),
            dict(_sizes(settings.publish.directory, census)),
        )
    except StoreError:  # there is none yet, or it cannot be read: others say so
        return Kept()


def _sizes(directory: Path, census: Census) -> Iterator[tuple[str, int]]:
    for document in census.records():
        place = directory / document.path
        if is_channel_feed(document.path) and place.is_file():
            yield document.path, place.stat().st_size


class Cautions:
    """The warnings about one configuration."""

    def __init__(self, document: Document, settings: Settings, known: Kept) -> None:
        self._document = document
        self._settings = settings
        self._known = known
        drafts = expand(document.data, KINDS, [])
        self._sources: list[tuple[Draft, Source]] = []
        seen: set[int] = set()
        for draft, source in zip(drafts, settings.source, strict=True):
            if draft.origin not in seen:  # of those that one table makes, the first speaks for all
                self._sources.append((draft, source))
            seen.add(draft.origin)

    def all(self) -> Iterator[Problem]:
        """Yield every warning, in no order."""
        for draft, source in self._sources:
            yield from self._fields(draft, source)
            yield from self._share_link(draft, source)
            yield from self._haste(draft, source)
            yield from self._secrets(draft, source)
        yield from self._twice()
        yield from self._new_ids()
        yield from self._new_categories()
        yield from self._feeds_over_categories()
        yield from self._short_feeds()
        yield from self._large_feeds()

    def _warning(self, keys: Keys, message: str, code: str) -> Problem:
        words = in_words(self._document.data, keys)
        said = f"{words}: {message}" if words else message
        return Problem(self._document.file, *self._document.position(keys), said, code)

    # ── one source by itself ─────────────────────────────────────────────────────────────────────

    def _fields(self, draft: Draft, source: Source) -> Iterator[Problem]:
        """Find fields that no entry of this kind ever has, in templates that need them."""
        if source.kind in _OPEN:
            return
        ruled = {name for rule in (*source.rule, *self._settings.rule) for name in rule.set or {}}
        known = {"source", *NAMES, *source.fields, *source.extract, *ruled}
        known |= _GIVEN.get(source.kind, frozenset())
        templates = {"share_link": source.share_link, "category": source.category}
        templates |= {"publisher": source.publisher, "detail": source.detail}
        for key, pattern in templates.items():
            for name in sorted(template.names(pattern or "") - known):
                if f"{{{name}?}}" in (pattern or "") or f"{{+{name}?}}" in (pattern or ""):
                    continue
                words = _NEVER_USED if key == "share_link" else _LEFT_OUT
                message = say(words, name=name, kind=source.kind)
                yield self._warning((*draft.keys, key), message, "W105")

    def _share_link(self, draft: Draft, source: Source) -> Iterator[Problem]:
        link = source.share_link or ""
        if link and not link.startswith(("http://", "https://", "{")):
            message = say(
                "makes no web address; begin it with https://, or with a field that holds one"
            )
            yield self._warning((*draft.keys, "share_link"), message, "W105")

    def _haste(self, draft: Draft, source: Source) -> Iterator[Problem]:
        every = source.every
        if not isinstance(every, timedelta) or every >= _POLITE:
            return
        if source.url.startswith("http") and site_of(source.url).public:
            message = say(
                "asks a public site every {time}; publishers block who asks more than once a"
                ' minute: write "auto", or have their word for it',
                time=spelled(every),
            )
            yield self._warning((*draft.keys, "every"), message, "W109")

    def _secrets(self, draft: Draft, source: Source) -> Iterator[Problem]:
        """Find secrets that stand in the file itself, where others may read it."""
        if self._is_private():
            return
        parts = urlsplit(source.url)
        names = [name for name, value in parse_qsl(parts.query) if value and _SECRET.search(name)]
        if parts.password or names:
            what = say("a password") if parts.password else say('a secret, "{name}"', name=names[0])
            message = say(
                "holds {what} in clear text, and others on this machine may read the file; run"
                " chmod 600 {file}",
                what=what,
                file=Path(self._document.file).name,
            )
            yield self._warning((*draft.keys, "url"), message, "W110")
        for name, value in (draft.table.get("headers") or {}).items():
            if name.lower() in _SECRET_HEADERS and not value.startswith(("env:", "file:")):
                message = say('stands here in clear text; write "env:NAME" or "file:PATH"')
                yield self._warning((*draft.keys, "headers", name), message, "W110")

    def _is_private(self) -> bool:
        try:
            return not stat.S_IMODE(Path(self._document.file).stat().st_mode) & 0o077
        except OSError:
            return True

    # ── sources beside each other, and beside those of before ────────────────────────────────────

    def _twice(self) -> Iterator[Problem]:
        first: dict[str, str] = {}
        for draft, source in self._sources:
            other = first.setdefault(address_key(source.url), source.id)
            if other != source.id:
                message = say('is the address of "{other}", too: it is asked twice', other=other)
                yield self._warning((*draft.keys, "url"), message, "W108")

    def _new_ids(self) -> Iterator[Problem]:
        was = renamed(self._settings, self._known.states, self._known.addresses)
        for draft, source in self._sources:
            if old := was.get(source.id):
                message = say(
                    'is "{old}" under a new id: what it lists comes again as new, beside what is'
                    ' published; keep id = "{old}"',
                    old=old,
                )
                yield self._warning((*draft.keys, "id"), message, "W107")

    def _new_categories(self) -> Iterator[Problem]:
        """Find sources whose category has another name now, where the old one is published."""
        labels = {fixed_category(source) for source in self._settings.source}
        for draft, source in self._sources:
            label, homes = fixed_category(source), self._known.homes.get(source.id, {})
            if not label or label in homes or label in self._known.categories:
                continue
            for home, articles in homes.items():
                old = self._known.categories.get(home)
                if old and home not in labels and old.slug not in self._settings.moved:
                    message = say(
                        "{count} articles are published at /{slug}/, and what comes now stands at"
                        ' another address; formerly = ["{slug}"] in the new [category] table leads'
                        " readers there",
                        count=articles,
                        slug=old.slug,
                    )
                    yield self._warning((*draft.keys, "category"), message, "W106")

    # ── feeds ────────────────────────────────────────────────────────────────────────────────────

    def _feeds_over_categories(self) -> Iterator[Problem]:
        slugs = {category.slug: category.label for category in self._known.categories.values()}
        for index, feed in enumerate(self._settings.feed):
            if label := slugs.get(feed.id):
                message = say(
                    'is not published: the category "{label}" stands at /{slug}/ and keeps its'
                    " address; choose another id",
                    label=label,
                    slug=feed.id,
                )
                yield self._warning(("feed", index, "id"), message, "W111")

    def _short_feeds(self) -> Iterator[Problem]:
        """Find categories that bring more than their feeds hold in a day, or in the window."""
        publish = self._settings.publish
        wanted = publish.window or _DAY
        for slug, reach in sorted(self._known.reaches.items()):
            if reach < wanted and slug not in self._settings.moved:
                message = say(
                    "/{slug}/: the {count} entries of its feeds reach back only {time}, so that who"
                    " asks less often misses articles; raise entries",
                    slug=slug,
                    count=publish.entries,
                    time=_about(reach),
                )
                yield self._warning(self._feed_keys(slug, "entries"), message, "W104")

    def _large_feeds(self) -> Iterator[Problem]:
        for path, size in sorted(self._known.sizes.items()):
            if size > _LARGE:
                message = say(
                    "/{path} has {size:.1f} MB, which every reader fetches whenever something"
                    ' changes; lower entries, or publish excerpts (content = "excerpt")',
                    path=path,
                    size=size / 1_000_000,
                )
                keys = self._feed_keys(path.partition("/")[0], "entries")
                yield self._warning(keys, message, "W103")

    def _feed_keys(self, slug: str, key: str) -> Keys:
        for index, feed in enumerate(self._settings.feed):
            if feed.id == slug:
                return ("feed", index)
        return ("publish", key) if self._document.has(("publish", key)) else ("publish",)


def _about(duration: timedelta) -> str:
    minutes = int(duration.total_seconds() // 60)
    return f"{minutes // 60} h" if minutes >= 120 else f"{minutes} min"
