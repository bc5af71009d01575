"""When the published folder is pushed, and what comes of it: beside publishing, never in its way.

every tick ─► has the folder changed, and is it time? ─► a thread pushes ─► kept with the next tick
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator.config.mirror import Mirror
from aggregator.config.settings import Settings
from aggregator.errors import UNEXPECTED, PublishError, coded
from aggregator.mirror.branch import Branch
from aggregator.model import fingerprint
from aggregator.publish import manifest
from aggregator.record import record
from aggregator.store.mirror import KEY, MirrorState, packed, unpacked
from aggregator.store.reader import Reader
from aggregator.store.writer import Store

log = logging.getLogger(__name__)

_LONGEST_WAIT = timedelta(hours=1)
_MOST_DOUBLINGS = 16


class Courier:
    """Pushes what one store publishes. Every method is for the thread that writes the store."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._mirror = settings.publish.git
        self._folder = settings.publish.directory
        self._place = place_beside(settings.store.path)
        self._store = store
        self._clock = clock
        self._errand: _Errand | None = None

    def close(self) -> None:
        """Give up what is under way; it is done again at the next start."""
        if self._errand is not None:
            self._errand.give_up()

    @property
    def busy(self) -> bool:
        """Whether a push has been begun whose end is not kept yet."""
        return self._errand is not None

    def work(self) -> None:
        """Keep what came of a push that has ended; begin one where it is time."""
        if self._mirror is None:
            return
        if self._errand is None:
            if self._is_time(self._mirror):
                self._errand = self._begun(self._mirror)
        elif not self._errand.is_alive():
            _log(self._mirror, self._keep(self._mirror, self._errand))
            self._errand = None

    def deliver(self) -> MirrorState | None:
        """Push now what is to be pushed, and return how that went; None where nothing is.

        What failed before is tried at once.
        """
        if self._mirror is None or not self._has_changed(self._mirror):
            return None
        self._errand = self._begun(self._mirror)
        try:
            self._errand.join()
        except BaseException:  # Ctrl-C: git is no child of the terminal and would go on
            self._errand.give_up()
            raise
        errand, self._errand = self._errand, None
        return self._keep(self._mirror, errand)

    def _is_time(self, mirror: Mirror) -> bool:
        next_at = self._state(mirror).next_at
        return (next_at is None or next_at <= self._clock()) and self._has_changed(mirror)

    def _has_changed(self, mirror: Mirror) -> bool:
        """Say whether the folder is another one than what was pushed last."""
        generation = manifest.generation(self._folder)
        return generation != 0 and generation != self._state(mirror).generation

    def _begun(self, mirror: Mirror) -> _Errand:
        branch = Branch(mirror, self._place, self._folder)
        errand = _Errand(branch, manifest.generation(self._folder), self._clock())
        errand.start()
        return errand

    def _state(self, mirror: Mirror) -> MirrorState:
        return _state(mirror, self._store)

    def _keep(self, mirror: Mirror, errand: _Errand) -> MirrorState:
        state = after(self._state(mirror), errand.outcome, self._clock(), mirror.every)
        with self._store.transaction():
            self._store.set_meta(KEY, packed(state))
        return state


@record(frozen=True, slots=True)
class Outcome:
    """How a push of the folder at this `generation` ended; `error` is "" where all went well."""

    generation: int
    commit: str = ""
    error: str = ""


class _Errand(threading.Thread):
    """One push, under way or done."""

    def __init__(self, branch: Branch, generation: int, now: datetime) -> None:
        super().__init__(name="mirror", daemon=True)
        self.outcome = Outcome(generation, error="pushing was not done")
        self._branch = branch
        self._now = now

    def run(self) -> None:
        generation = self.outcome.generation
        try:
            self.outcome = Outcome(generation, self._branch.push(self._now).commit)
        except PublishError as error:
            self.outcome = Outcome(generation, error=error.coded)
        except Exception as error:
            log.exception("unexpected")
            self.outcome = Outcome(generation, error=coded(f"unexpected: {error}", UNEXPECTED))

    def give_up(self) -> None:
        self._branch.stop()


def after(state: MirrorState, outcome: Outcome, now: datetime, every: timedelta) -> MirrorState:
    """Return *state* after a push that ended at *now*. Pure.

    After a success the next one waits for *every*; each failure in a row doubles that, up to an
    hour, and it is never given up.
    """
    if not outcome.error:
        return MirrorState(
            state.target, outcome.generation, outcome.commit, now, next_at=now + every
        )
    failures = state.failures + 1
    wait = min(every * 2 ** min(failures, _MOST_DOUBLINGS), max(_LONGEST_WAIT, every))
    return replace(
        state,
        failures=failures,
        error=outcome.error,
        failing_since=state.failing_since or now,
        next_at=now + wait,
    )


def state_of_mirror(settings: Settings, store: Reader) -> MirrorState | None:
    """Return how pushing goes; None where nothing is pushed, or nothing was yet."""
    mirror = settings.publish.git
    state = _state(mirror, store) if mirror else MirrorState()
    return state if state.next_at else None


def _state(mirror: Mirror, store: Reader) -> MirrorState:
    """Return what is remembered of this branch; nothing where it was another one."""
    state, target = unpacked(store.meta(KEY)), _target(mirror)
    return state if state.target == target else MirrorState(target)


def _target(mirror: Mirror) -> str:
    return fingerprint(mirror.remote, mirror.branch, mirror.folder)


def _log(mirror: Mirror, state: MirrorState) -> None:
    if state.error:
        log.error("%s; again at %s", state.error, state.next_at)
    else:
        log.info("pushed remote=%s branch=%s commit=%s", mirror.remote, mirror.branch, state.commit)


def place_beside(store: Path) -> Path:
    """Return where git keeps what it needs: beside the store, and not among what is published."""
    return store.with_name(f"{store.name}.git")
