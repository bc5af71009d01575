"""One source: fetch | parse | normalise. Runs in a worker thread and only reads the store."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import datetime
from functools import partial
from traceback import format_exc
from typing import Any

from aggregator.config.settings import Settings, Source
from aggregator.errors import UNEXPECTED, FetchError, PausedError, SourceError, StoreError, coded
from aggregator.fetch.exchange import Fetched, Network, NotModified, place_of
from aggregator.model import (
    Article,
    BadEntry,
    Listing,
    Provenance,
    SourceState,
    Status,
)
from aggregator.normalise.place import Place
from aggregator.pipeline.discretion import without_secrets
from aggregator.pipeline.hints import confirmed, hints_of, hub_of
from aggregator.pipeline.knowledge import Knowledge
from aggregator.pipeline.moving import after_answer, after_failure
from aggregator.pipeline.recall import recalled, whereabouts, without_validators
from aggregator.record import record
from aggregator.sources import KINDS
from aggregator.sources.kind import Harvest, Known

log = logging.getLogger(__name__)

_GONE = 410  # RFC 9110 §15.5.11
_NOT_SO = frozenset({400, 412, 431})  # what a server says that trips over our conditions


@record(frozen=True, slots=True)
class Gathered:
    """What one source brought, before it is committed.

    `articles` are the new ones and those whose entry has changed, with their `provenance` by guid;
    `unchanged` are the guids of the other entries. `state` still lacks its next time, which is not
    before `retry_at` where the server said so. `reason` says in words why there is nothing.
    `listing` is what it says of entries that it has no more, where the operator wants that heard;
    `names` are proposed for new categories: label → slug, spelling. `answered` is the HTTP status
    and `certificate_until` the end of the server's certificate, None where there is none.
    """

    source: Source
    status: Status
    state: SourceState
    articles: tuple[Article, ...] = ()
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    unchanged: frozenset[str] = frozenset()
    bad: tuple[BadEntry, ...] = ()
    retry_at: datetime | None = None
    reason: str = ""
    passed_over: Mapping[str, str] = field(default_factory=dict)
    listing: Listing | None = None
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    answered: int | None = None
    certificate_until: datetime | None = None


@record(frozen=True, slots=True)
class Desk:
    """What gathering needs: the configuration, the network, and what the store already knows.

    `went_on` hears for a source what is being done, how much of it is, and how much there is.
    """

    settings: Settings
    network: Network
    reader: Knowledge
    went_on: Callable[[str, str, int, int], None] = lambda source, what, done, total: None


@record(frozen=True, slots=True)
class _Job:
    source: Source
    desk: Desk
    state: SourceState  # as far as it still holds
    known: Known
    now: datetime


def gather(source: Source, before: SourceState, desk: Desk, now: datetime) -> Gathered:
    """Fetch, parse and normalise one source; never raises: a fault is part of what was gathered.

    *before* is what is remembered of it.
    """
    now = now.replace(microsecond=0)
    job = _job(source, desk, before, now)
    try:
        asked = whereabouts(source, job.state)
        return _taken(job, KINDS[source.kind].collect(asked, job.state, desk.network, job.known))
    except PausedError as error:
        reason = coded(f"not asked: its host {error}", error.code)
        return Gathered(source, Status.WAITING, before, retry_at=error.retry_at, reason=reason)
    except SourceError as error:
        return _failed(job, error)
    except StoreError as error:  # that is no fault of the source
        return Gathered(source, Status.WAITING, before, reason=error.coded)
    except Exception as error:
        traceback = without_secrets(format_exc(), source)
        log.error("unexpected fault source=%s\n%s", source.id, traceback)
        message = f"unexpected fault: {type(error).__name__}: {error}; please report it"
        return _failed(
            job, SourceError(without_secrets(" ".join(message.split()), source), code=UNEXPECTED)
        )


def given_up(source: Source, before: SourceState, desk: Desk, now: datetime, why: str) -> Gathered:
    """Return the failure of a source that could not be gathered, through its own fault."""
    return _failed(_job(source, desk, before, now.replace(microsecond=0)), SourceError(why))


def _job(source: Source, desk: Desk, before: SourceState, now: datetime) -> _Job:
    """Return the work to do; where entries are to be made anew, none is known."""
    state = recalled(before, source, desk.settings)
    if state.recipe != before.recipe:
        return _Job(source, desk, state, lambda guids: {}, now)
    return _Job(source, desk, state, lambda guids: desk.reader.fingerprints(source.id, guids), now)


def _confirmed(job: _Job, answer: NotModified) -> Gathered:
    state = _ok(job, answer, hints=confirmed(job.state.hints, answer, job.now))
    first = job.state.last_ok_at is None
    state = after_answer(
        state, answer.moved_to, job.now, lambda since: None if since else True, first=first
    )
    return Gathered(
        job.source,
        Status.NOT_MODIFIED,
        state,
        retry_at=answer.retry_at,
        answered=None if answer.url.startswith("file:") else answer.status,
        certificate_until=answer.certificate_until,
    )


def _taken(job: _Job, answer: Harvest | NotModified) -> Gathered:
    return _confirmed(job, answer) if isinstance(answer, NotModified) else _made(job, answer)


def _made(job: _Job, answer: Harvest) -> Gathered:
    # What makes articles is slow to import, and mostly there is nothing new.
    from aggregator.pipeline.completion import completed
    from aggregator.pipeline.making import articles_of, names

    entries = answer.feed.entries
    known = job.known([entry.guid for entry in entries])
    unchanged = {entry.guid for entry in entries if known.get(entry.guid) == entry.fingerprint}
    entries = tuple(entry for entry in entries if entry.guid not in unchanged)
    whole = completed(entries, job.source, job.state, job.desk.network, job.desk.reader)
    state = _after(job, answer, answer.complete and not whole.waiting)
    listing = _listing(answer) if job.source.withdraw == "hide" else None
    # There may be thousands of entries: from here on each goes as soon as its article is made.
    entries, answer = (), replace(answer, feed=replace(answer.feed, entries=()))
    place = Place(answer.feed, job.source, job.desk.settings.site, job.desk.settings.rule)
    made = articles_of(
        whole.entries, place, job.now, partial(job.desk.went_on, job.source.id, "reading")
    )
    bad = (*answer.feed.bad, *made.bad)
    if listing and bad:
        listing = replace(listing, present=None)
    return Gathered(
        job.source,
        Status.OK,
        replace(state, bad=len(bad)),
        made.articles,
        made.provenance,
        frozenset(unchanged),
        bad,
        answer.answer.retry_at,
        passed_over=answer.passed_over,
        listing=listing,
        names=names(made.articles, job.desk.reader),
        answered=answer.answer.status,
        certificate_until=answer.answer.certificate_until,
    )


def _listing(harvest: Harvest) -> Listing:
    """Return what a source says that it has no more.

    Its word that it lists everything counts where everything of it could be read.
    """
    feed = harvest.feed
    present = frozenset(entry.guid for entry in feed.entries).union(harvest.passed_over)
    lists_all = feed.complete and harvest.complete
    return Listing(frozenset(feed.deleted) - present, present if lists_all else None)


def _after(job: _Job, harvest: Harvest, complete: bool) -> SourceState:
    """Return what is to be remembered of the source after a document came, *complete* or not."""
    from aggregator.normalise.attribution import name_of

    answer, feed = harvest.answer, harvest.feed

    def is_known(since: datetime | None) -> bool:
        guids = [entry.guid for entry in feed.entries]
        return bool(job.desk.reader.fingerprints(job.source.id, guids, since))

    hub, topic = hub_of(feed, answer)
    hints = hints_of(feed, answer, job.now)
    title, site = name_of(feed)
    state = _ok(job, answer, hints=hints, hub=hub, topic=topic, title=title, site=site)
    if not complete:
        # What failed must be asked for again, so the next answer must not be «not modified».
        state = without_validators(state)
    first = job.state.last_ok_at is None
    return after_answer(state, answer.moved_to, job.now, is_known, first=first)


def _ok(job: _Job, answer: Fetched | NotModified, **said: Any) -> SourceState:
    """Return what is remembered after an answer, with what the document *said*: other fields."""
    return replace(
        job.state,
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_hash=answer.body_hash,
        document=place_of(answer.url),
        last_attempt_at=job.now,
        last_ok_at=job.now,
        failures=0,
        status=None,
        gone=False,
        error="",
        error_since=None,
        **said,
    )


def _failed(job: _Job, error: SourceError) -> Gathered:
    """Return a failure: validators and articles stay those of the last good document."""
    answered = error if isinstance(error, FetchError) else FetchError("")
    state = replace(
        job.state,
        last_attempt_at=job.now,
        failures=job.state.failures + 1,
        status=answered.status,
        gone=answered.status == _GONE and answered.permanent and not job.state.address,
        error=error.coded,
        error_since=job.state.error_since or job.now,
    )
    if answered.status in _NOT_SO:
        state = without_validators(state)
    state, retry_at = after_failure(state), answered.retry_at
    return Gathered(
        job.source,
        Status.FAILED,
        state,
        retry_at=retry_at,
        reason=state.error,
        answered=answered.status,
    )
