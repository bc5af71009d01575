"""The operator's own feeds: how each one is published, and which entries are in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from aggregator.config.selection import Selection
from aggregator.config.settings import Settings
from aggregator.model import Article, Channel, Document, Group
from aggregator.periods import Calendar, Period
from aggregator.publish.digest import digest, press_for
from aggregator.publish.press import Press
from aggregator.publish.rendering import article_documents
from aggregator.record import record
from aggregator.store.choosing import EVER, Span
from aggregator.store.reader import Reader

_MOST_DAYS = 366  # looked at for a feed that takes so many articles of each
_MOST_DIGESTS = 100
_DIGESTS_IN_A_FEED = 30  # where the operator does not say
_IN_A_DIGEST = 200  # articles at most, the newest


@record(frozen=True, slots=True)
class Content:
    """What a channel shows, and how: `entries` are newest first.

    `documents` stand beside its feeds; `due` is when it changes though nothing comes (None: never).
    """

    press: Press
    entries: list[Article]
    documents: tuple[Document, ...] = ()
    due: datetime | None = None


@record(frozen=True, slots=True)
class _Digest:
    """The digest of a period: its entry in the feed, and the documents that show it alone."""

    entry: Article
    documents: tuple[Document, ...]


def taken(settings: Settings, store: Reader) -> dict[str, str]:
    """Return by its id the [[feed]] where a category stands, with that one's label."""
    labels = {category.slug: category.label for category in store.categories().values()}
    return {feed.id: labels[feed.id] for feed in settings.feed if feed.id in labels}


def own_feeds(settings: Settings, store: Reader) -> dict[str, Selection]:
    """Return every [[feed]] that is published, by its id: a category keeps its address."""
    without = taken(settings, store)
    return {feed.id: feed for feed in settings.feed if feed.id not in without}


class Selections:
    """Every [[feed]] that is published, by its id.

    Digests are kept as they were made until an article of their time changes.
    """

    def __init__(self, settings: Settings, store: Reader) -> None:
        self._site = settings.site
        self._keep = settings.store.keep
        self._entries = settings.publish.entries
        self._store = store
        self._selections = own_feeds(settings, store)
        self._made: dict[str, dict[tuple[Period, bool], _Digest]] = {}  # by whether it is shown

    def __contains__(self, slug: str) -> bool:
        return slug in self._selections

    def __iter__(self) -> Iterator[str]:
        return iter(self._selections)

    def channels(self, groups: Mapping[str, Group]) -> Iterator[Channel]:
        """Yield each of them as a channel, in the order of the configuration."""
        for one in self._selections.values():
            yield Channel(
                one.id,
                one.title,
                one.description,
                one.language,
                formats=one.formats or (),
                group=groups.get(one.group),
            )

    def touched(self, now: datetime) -> set[str]:
        """Return those that the articles which are to be published at *now* may be in.

        A digest is of the past alone: nothing that is yet to be in one touches it.
        """
        return {
            slug
            for slug, selection in self._selections.items()
            if selection.digest is None or self._forget_stale(selection, now)
        }

    def showing(self, article_id: str) -> tuple[str, ...]:
        """Return the ids of those that have the article as an entry."""
        return tuple(
            slug
            for slug, selection in self._selections.items()
            if selection.digest is None
            and any(
                article.id == article_id
                for article in self._articles(selection, EVER, selection.entries or self._entries)
            )
        )

    def content(self, press: Press, channel: Channel, now: datetime) -> Content:
        """Return what the feed that is *channel* shows at *now*."""
        selection = self._selections[channel.slug]
        given = {"entries": selection.entries, "formats": selection.formats}
        own = _publishing(press, {key: value for key, value in given.items() if value is not None})
        own = replace(own, most=selection.content)
        if selection.digest is not None:
            pages = _with_pages(own) if press.writes("html") else own
            return self._digests(own, pages, channel, now)
        limit = own.publish.entries
        return Content(own, self._articles(selection, Span(press.cutoff), limit))

    def _articles(self, selection: Selection, span: Span, limit: int) -> list[Article]:
        choice = self._store.choice(selection)
        if selection.max_per_day is None:
            return choice.newest(limit, span)
        calendar = replace(self._calendar(selection), weekly=False)
        found: list[Article] = []
        for day in islice(choice.periods(calendar, span), _MOST_DAYS):
            found += choice.first(selection.max_per_day, span.within(day))
            if len(found) >= limit:
                break
        return found[:limit]

    # ── digests ──────────────────────────────────────────────────────────────────────────────────

    def _digests(self, press: Press, pages: Press, channel: Channel, now: datetime) -> Content:
        """Return a digest of each period that is over; *pages* is how each is published alone."""
        selection = self._selections[channel.slug]
        present = self._calendar(selection).around(now)
        kept = Span(now - self._keep if self._keep else None, present.begin)
        made, self._made[channel.slug] = self._made.get(channel.slug, {}), {}
        for period in self._past(selection, kept):
            key = (period, press.cutoff is None or period.end >= press.cutoff)
            found = made.get(key) or self._digest(pages, channel, period)
            if found is not None:
                self._made[channel.slug][key] = found
        digests = self._made[channel.slug].items()
        limit = selection.entries or min(press.publish.entries, _DIGESTS_IN_A_FEED)
        return Content(
            press_for(press, channel),
            [one.entry for (_, is_shown), one in digests if is_shown][:limit],
            tuple(document for _, one in digests for document in one.documents),
            due=present.end,
        )

    def _past(self, selection: Selection, span: Span) -> Iterator[Period]:
        """Yield each period of *span* that has articles, the last one first.

        The one in which *span* begins is left out: articles that were in it are no longer kept.
        """
        periods = self._store.choice(selection).periods(self._calendar(selection), span)
        for period in islice(periods, _MOST_DIGESTS):
            if span.since is None or period.begin >= span.since:
                yield period

    def _digest(self, press: Press, channel: Channel, period: Period) -> _Digest | None:
        span = Span(period.begin, period.end)
        articles = self._articles(self._selections[channel.slug], span, _IN_A_DIGEST)
        if not articles:
            return None
        entry = digest(press, channel, period, articles)
        return _Digest(entry, tuple(article_documents(press_for(press, channel), entry)))

    def _forget_stale(self, selection: Selection, now: datetime) -> bool:
        """Forget what was made of periods that articles have changed in; say whether any have."""
        calendar = self._calendar(selection)
        changed = self._store.dirty_times(before=calendar.around(now).begin)
        stale = {calendar.around(moment) for moment in changed}
        made = self._made.get(selection.id, {})
        self._made[selection.id] = {key: one for key, one in made.items() if key[0] not in stale}
        return bool(changed)

    def _calendar(self, selection: Selection) -> Calendar:
        zone = selection.timezone or self._site.timezone
        return Calendar(zone, selection.at, weekly=selection.digest == "weekly")


def _publishing(press: Press, changes: Mapping[str, Any]) -> Press:
    return replace(press, publish=press.publish.model_copy(update=changes))


def _with_pages(press: Press) -> Press:
    """Return *press* writing pages too: digests have some wherever the site does."""
    return _publishing(press, {"formats": (*press.publish.formats, "html")})
