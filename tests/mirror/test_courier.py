"""When the folder is pushed, and what is remembered of it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.config.settings import Settings
from aggregator.mirror.courier import Courier, Outcome, after, state_of_mirror
from aggregator.store.mirror import MirrorState, packed, unpacked
from aggregator.store.writer import Store
from tests.articles import NAMING
from tests.mirror.desk import NOW, Desk

MINUTE = timedelta(minutes=1)


# ── what is decided ───────────────────────────────────────────────────────────────────────────────


def test_after_a_push_the_next_one_waits() -> None:
    failing = MirrorState("t", 3, "old", NOW, failures=2, error="no", failing_since=NOW)
    state = after(failing, Outcome(4, "new"), NOW + MINUTE, every=MINUTE)
    assert state == MirrorState("t", 4, "new", NOW + MINUTE, next_at=NOW + 2 * MINUTE)


def test_each_failure_doubles_the_wait_up_to_an_hour_and_it_is_never_given_up() -> None:
    state, now = MirrorState("t", 3, "old", NOW), NOW
    waits = []
    for _ in range(100):
        state = after(state, Outcome(4, error="no way"), now, every=MINUTE)
        assert state.next_at is not None
        waits.append(state.next_at - now)
        now = state.next_at
    assert waits[:6] == [2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 16 * MINUTE, 32 * MINUTE, 60 * MINUTE]
    assert set(waits[6:]) == {timedelta(hours=1)}
    assert (state.failing_since, state.failures, state.error) == (NOW, 100, "no way")
    assert (state.commit, state.pushed_at, state.generation) == ("old", NOW, 3)


def test_a_rare_push_is_not_made_more_often_by_failing() -> None:
    state = after(MirrorState("t"), Outcome(1, error="no"), NOW, every=timedelta(hours=6))
    assert state.next_at == NOW + timedelta(hours=6)


def test_the_state_is_read_back_as_it_was_written() -> None:
    for state in (
        MirrorState(),
        MirrorState("t", 7, "c", NOW, 2, "nö", NOW - MINUTE, NOW + MINUTE),
    ):
        assert unpacked(packed(state)) == state
    assert unpacked("") == MirrorState()


# ── what is done ──────────────────────────────────────────────────────────────────────────────────


class Office:
    """A courier and a clock."""

    def __init__(self, desk: Desk, **keys: Any) -> None:
        self.desk = desk
        self.now: datetime = NOW
        self.store = Store(desk.root / "store.db", NAMING)
        git = {"remote": str(desk.remote), "every": "1m", **keys}
        publish = {"directory": desk.folder, "git": git}
        self.settings = Settings.model_validate(
            {"publish": publish, "store": {"path": self.store.path}}
        )
        self.courier = Courier(self.settings, self.store, lambda: self.now)

    def tick(self) -> None:
        """Tick until what is begun has ended."""
        self.courier.work()
        end = time.monotonic() + 20
        while self.courier.busy:
            assert time.monotonic() < end
            time.sleep(0.01)
            self.courier.work()

    @property
    def state(self) -> MirrorState:
        state = state_of_mirror(self.settings, self.store)
        assert state is not None
        return state


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    return Desk(tmp_path)


@pytest.fixture
def office(desk: Desk) -> Iterator[Office]:
    made = Office(desk)
    yield made
    made.courier.close()
    made.store.close()


def test_nothing_is_pushed_before_anything_is_published(office: Office) -> None:
    office.tick()
    assert state_of_mirror(office.settings, office.store) is None
    assert not office.desk.remote_has_branch()


def test_pushes_keep_their_distance_and_nothing_is_pushed_twice(office: Office) -> None:
    office.desk.publish(a="1")
    office.tick()
    assert office.desk.files() == {"a": "1"}
    office.desk.publish(a="2")
    office.now += timedelta(seconds=59)
    office.tick()
    assert office.desk.files() == {"a": "1"}
    office.now += timedelta(seconds=1)
    office.tick()
    assert office.desk.files() == {"a": "2"}
    assert office.state.commit == office.desk.log("%H")[0]
    office.now += timedelta(hours=1)
    office.tick()
    assert len(office.desk.log()) == 2


def test_a_failure_is_remembered_and_tried_again_in_time(office: Office) -> None:
    office.desk.publish(a="1")
    away = office.desk.remote.rename(office.desk.root / "away.git")
    office.tick()
    assert office.state.failures == 1
    assert "site.git" in office.state.error
    assert office.state.next_at == NOW + timedelta(minutes=2)
    away.rename(office.desk.remote)
    office.now += timedelta(minutes=1, seconds=59)
    office.tick()
    assert office.state.failures == 1
    office.now += timedelta(seconds=1)
    office.tick()
    assert (office.state.failures, office.state.error) == (0, "")
    assert office.desk.files() == {"a": "1"}


def test_a_restart_pushes_what_was_not_and_no_more(office: Office) -> None:
    office.desk.publish(a="1")
    office.tick()
    again = Courier(office.settings, office.store, lambda: office.now)
    office.now += timedelta(hours=1)
    again.work()
    assert not again.busy
    office.desk.publish(a="2")
    office.courier = again
    office.tick()
    assert office.desk.files() == {"a": "2"}


def test_another_branch_is_another_beginning(office: Office) -> None:
    office.desk.publish(a="1")
    office.tick()
    other = Office(office.desk, branch="main")
    assert state_of_mirror(other.settings, other.store) is None
    other.tick()
    assert office.desk.files("main") == {"a": "1"}
    other.store.close()


def test_a_command_pushes_at_once_and_says_how_it_went(office: Office) -> None:
    assert office.courier.deliver() is None
    office.desk.publish(a="1")
    state = office.courier.deliver()
    assert state is not None
    assert (state.error, state.commit) == ("", office.desk.log("%H")[0])
    assert office.courier.deliver() is None
    office.desk.publish(a="2")
    shutil.rmtree(office.desk.remote)
    for failures in (1, 2):
        state = office.courier.deliver()
        assert state is not None
        assert state.failures == failures


def test_what_is_unexpected_ends_no_thread_and_is_an_error(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.desk.publish(a="1")
    monkeypatch.setattr("aggregator.mirror.branch.Branch.push", lambda *_: 1 / 0)
    office.tick()
    assert office.state.error == "unexpected: division by zero [E900]"
