"""One source: fetch | parse | normalise. Runs in a worker thread and only reads the store."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator.config.settings import Settings, Source
from aggregator.errors import EntryError, FetchError, SourceError
from aggregator.fetch.exchange import Fetched, Getter, NotModified
from aggregator.model import (
    Article,
    BadEntry,
    Feed,
    Hints,
    SourceState,
    Status,
    fingerprint,
)
from aggregator.normalise import Place, normalise
from aggregator.sources import KINDS
from aggregator.sources.kind import Harvest, Known
from aggregator.store.reader import Reader

log = logging.getLogger(__name__)

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one source brought, before it is committed.

    `articles` are the new ones and those whose entry has changed; `state` still lacks its next
    time.
    """

    source: Source
    status: Status
    state: SourceState
    articles: tuple[Article, ...] = ()
    unchanged: int = 0
    bad: tuple[BadEntry, ...] = ()
    hints: Hints = field(default_factory=Hints)


@dataclass(frozen=True, slots=True)
class Desk:
    """What gathering needs: the configuration, the network, and what the store already knows."""

    settings: Settings
    getter: Getter
    reader: Reader


@dataclass(frozen=True, slots=True)
class _Job:
    source: Source
    desk: Desk
    known: Known
    now: datetime


def gather(source: Source, desk: Desk, now: datetime) -> Gathered:
    """Fetch, parse and normalise one source; never raises: a fault is part of what was gathered."""
    now = now.replace(microsecond=0)
    state, known = _recalled(source, desk, now)
    try:
        answer = KINDS[source.kind].collect(source, state, desk.getter, known)
        if isinstance(answer, NotModified):
            state, hints = _ok(state, answer, now), _hints(answer)
            return Gathered(source, Status.NOT_MODIFIED, state, hints=hints)
        return _sorted_out(answer, _Job(source, desk, known, now), _ok(state, answer.answer, now))
    except SourceError as error:
        retry_at = error.retry_at if isinstance(error, FetchError) else None
        failed = _failed(state, str(error), now)
        return Gathered(source, Status.FAILED, failed, hints=Hints(retry_at=retry_at))
    except Exception as error:
        log.exception("unexpected fault source=%s", source.id)
        message = f"unexpected fault: {type(error).__name__}: {error}; please report it"
        return Gathered(source, Status.FAILED, _failed(state, " ".join(message.split()), now))


def _recalled(source: Source, desk: Desk, now: datetime) -> tuple[SourceState, Known]:
    """Return what is remembered of a source, and how to ask which of its entries are known.

    Where its configuration has changed since, nothing it has is as it would be made now: it is
    asked without validators, and every entry is made anew.
    """
    state = replace(desk.reader.state(source.id), last_attempt_at=now)
    recipe = _recipe(source, desk.settings)
    if state.recipe != recipe:
        return replace(_without_validators(state), recipe=recipe), lambda guids: {}
    return state, lambda guids: desk.reader.fingerprints(source.id, guids)


def _recipe(source: Source, settings: Settings) -> str:
    rules = [rule.model_dump_json() for rule in settings.rule]
    return fingerprint(source.model_dump_json(), *rules, settings.site.model_dump_json())


def _sorted_out(harvest: Harvest, job: _Job, state: SourceState) -> Gathered:
    """Make articles of the entries that are new or changed; count the bad ones."""
    feed, settings = harvest.feed, job.desk.settings
    known = job.known([entry.guid for entry in feed.entries])
    place = Place(feed, job.source, settings.site, settings.rule)
    articles: list[Article] = []
    bad = list(feed.bad)
    unchanged = 0
    for entry in feed.entries:
        if known.get(entry.guid) == entry.fingerprint:
            unchanged += 1
            continue
        try:
            article = normalise(entry, place, job.now)
        except EntryError as error:
            bad.append(BadEntry(entry.guid, str(error)))
        else:
            if article is not None:
                articles.append(article)
    if not harvest.complete:
        # What failed must be asked for again, so the next answer must not be «not modified».
        state = _without_validators(state)
    state = replace(state, bad=len(bad))
    hints = _hints(harvest.answer, feed)
    return Gathered(job.source, Status.OK, state, tuple(articles), unchanged, tuple(bad), hints)


def _without_validators(state: SourceState) -> SourceState:
    return replace(state, etag="", last_modified="", body_hash="")


def _ok(state: SourceState, answer: Fetched | NotModified, now: datetime) -> SourceState:
    return replace(
        state,
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_hash=answer.body_hash,
        last_ok_at=now,
        failures=0,
        error="",
        error_since=None,
    )


def _failed(state: SourceState, error: str, now: datetime) -> SourceState:
    return replace(
        state,
        failures=state.failures + 1,
        error=error,
        error_since=state.error_since or now,
    )


def _hints(answer: Fetched | NotModified, feed: Feed | None = None) -> Hints:
    """Return what the answer and the feed ask for; the longest wait counts."""
    found = _MAX_AGE.search(answer.headers.get("cache-control", ""))
    asked = [int(found[1])] if found else []
    if feed is not None and feed.min_interval:
        asked.append(feed.min_interval)
    return Hints(max(asked, default=None))
