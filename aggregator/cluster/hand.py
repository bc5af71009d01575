"""What a worker does: an errand, with a network and child processes that it keeps for the next one.

The limits of parsing hold here as at home: what is large is read in children of the worker, each
with its time and memory. The address guard is the fetcher's, so it holds where the connection is.
"""

from __future__ import annotations

import atexit
import logging
import multiprocessing
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

from aggregator import __version__
from aggregator.cluster.parcel import Answer, Parcel
from aggregator.errors import AggregatorError
from aggregator.fetch.session import Fetcher
from aggregator.fetch.site import site_of
from aggregator.pipeline.courtesy import Courteous
from aggregator.pipeline.engine import Work
from aggregator.pipeline.gather import Desk, gather
from aggregator.workers import Workers, employed

log = logging.getLogger(__name__)


class MisfitError(AggregatorError):
    """A worker runs another version than the coordinator."""


@dataclass(slots=True)
class _Room:
    """What the errands of one process share."""

    fetcher: Fetcher
    mark: str  # of the configuration that the fetcher was made with


_lock = threading.Lock()
_rooms: list[_Room] = []
_staff: list[Workers] = []
_shared = ExitStack()


def gather_all(parcel: Parcel) -> Answer:
    """Gather the sources of *parcel* one after the other; a fault is part of what is gathered.

    Raises MisfitError where it comes from another version of this program.
    """
    if parcel.version != __version__:
        raise MisfitError(f"a worker runs version {__version__}, not {parcel.version}")
    fetcher = _fetcher(parcel)
    fetcher.remember(parcel.rules)
    network = Courteous(fetcher, parcel.pauses, _now)
    desk = Desk(parcel.settings, network, parcel.known)
    spacing = parcel.settings.fetch.spacing.total_seconds()
    works: list[Work] = []
    opens = time.monotonic() + parcel.wait
    for source, state in parcel.turns:
        time.sleep(max(opens - time.monotonic(), 0.0))
        begun = time.monotonic()
        opens = begun + (spacing if site_of(source.url).public else 0.0)
        gathered = gather(source, state, desk, _now())
        works.append(Work(gathered, time.monotonic() - begun))
    for staff in _staff:
        staff.rest()
    return Answer(tuple(works), tuple(network.unsaved()), tuple(network.learned()))


def leave() -> None:
    """Let go of what the errands of this process share."""
    with _lock:
        _shared.close()
        _staff.clear()
        _rooms.clear()


def _fetcher(parcel: Parcel) -> Fetcher:
    """Return the network of this process; where the configuration has changed, another one.

    Errands of the one before may still be under way: it goes when they are done.
    """
    mark = parcel.settings.fetch.model_dump_json()
    with _lock:
        if not _staff:
            # dask's nanny has workers that may have no children of their own.
            multiprocessing.current_process().daemon = False
            _staff.append(_shared.enter_context(employed(Workers())))
            atexit.register(leave)
        if not _rooms or _rooms[-1].mark != mark:
            _rooms[:] = [_Room(Fetcher(parcel.settings.fetch, version=__version__), mark)]
        return _rooms[-1].fetcher


def _now() -> datetime:
    return datetime.now(UTC)
