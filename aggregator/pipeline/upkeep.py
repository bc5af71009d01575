"""What has to be done now and then, and holds up neither a refresh nor a publication."""

from __future__ import annotations

from datetime import datetime, timedelta

from aggregator.config.settings import Settings
from aggregator.store.rows import read_time, write_time
from aggregator.store.writer import Store

_IN_PASSING = 1_000  # articles, a tenth of a second: the others wait for a search, or a calmer time
_RETIRE_EVERY = timedelta(hours=12)  # at most; a store that keeps little lets go more often
_SHARE = 4  # of what it keeps, that may be too old


def make_searchable(store: Store) -> None:
    """Bring the search index up to date, however long that takes."""
    store.index_text(_plain)


def put_in_order(settings: Settings, store: Store, now: datetime, new: int) -> None:
    """Keep house after a refresh of its own, which brought so many *new* articles.

    What many of them leave out of the search index the next one puts into it that brings few.
    """
    if new <= _IN_PASSING:
        make_searchable(store)
    keep_house(settings, store, now)


def keep_house(settings: Settings, store: Store, now: datetime, *, retiring: bool = True) -> None:
    """Go on with the search index, and now and then, when *retiring*, let go of old articles.

    Whoever cannot be sure of *now* does not retire.
    """
    store.index_text(_plain, _IN_PASSING)
    keep, last = settings.store.keep, store.meta("retired")
    if not retiring or keep is None:
        return
    if last and now - read_time(last) < min(_RETIRE_EVERY, keep / _SHARE):
        return
    with store.transaction():
        store.retire(now - keep, settings.publish.entries)
        store.set_meta("retired", write_time(now))


def _plain(markup: str) -> str:
    from aggregator.publish.wording import text_of  # mostly nothing is new

    return text_of(markup)
