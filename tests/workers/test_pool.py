from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from aggregator.errors import FetchError, ParseError, TruncatedError
from aggregator.workers import Limits, Workers, apart, apart_each, employed
from tests.workers import tasks

LARGE = 100_000


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    made = Workers(2, Limits(seconds=1.0, memory=600_000_000))
    yield made
    made.close()


def test_large_work_is_done_in_another_process(workers: Workers) -> None:
    assert workers.run(tasks.pid) != os.getpid()


def test_a_task_that_never_ends_is_stopped(workers: Workers) -> None:
    begun = time.monotonic()
    with pytest.raises(ParseError, match="takes longer than 1 s to read"):
        workers.run(tasks.never_end)
    assert time.monotonic() - begun < 3
    assert workers.run(tasks.take, 1) == 1


def test_a_task_that_takes_too_much_memory_fails_alone(workers: Workers) -> None:
    with pytest.raises(ParseError, match="more memory"):
        workers.run(tasks.take, 5_000_000_000)
    assert workers.run(tasks.take, 1) == 1


@pytest.mark.parametrize("task", [tasks.crash, tasks.leave])
def test_a_task_that_ends_its_process_fails_alone(
    workers: Workers, task: Callable[[], None]
) -> None:
    with pytest.raises(ParseError, match="ends the process"):
        workers.run(task)
    assert workers.run(tasks.take, 1) == 1


def test_the_time_waited_for_a_worker_does_not_count(workers: Workers) -> None:
    answers: list[int] = []

    def work(number: int) -> None:
        answers.append(workers.run(tasks.sleep_then, 0.6, number))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [0, 1, 2, 3]


def test_a_fault_comes_back_whole(workers: Workers) -> None:
    with pytest.raises(TruncatedError) as truncated:
        workers.run(tasks.truncated)
    assert truncated.value.feed is not None
    assert truncated.value.feed.title == "what came"
    with pytest.raises(FetchError) as refused:
        workers.run(tasks.refused)
    assert refused.value.status == 503


def test_a_worker_reaches_nobody(workers: Workers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        with pytest.raises(PermissionError):
            workers.run(tasks.connect, listening.getsockname()[1])
        with pytest.raises(TimeoutError):
            listening.accept()


@pytest.mark.parametrize("task", [tasks.resolve, tasks.start_a_program, tasks.fork])
def test_a_worker_may_only_compute(workers: Workers, task: Callable[[], None]) -> None:
    with pytest.raises(PermissionError):
        workers.run(task)


def test_a_worker_writes_nothing(workers: Workers, tmp_path: Path) -> None:
    file = tmp_path / "file"
    with pytest.raises(PermissionError):
        workers.run(tasks.write, str(file))
    assert not file.exists()


def test_what_is_small_is_done_here(workers: Workers) -> None:
    here = Workers(1)
    with employed(here):
        assert apart(10, tasks.pid) == os.getpid()
        assert apart(LARGE, tasks.pid) != os.getpid()
    assert apart(LARGE, tasks.pid) == os.getpid()


def test_portions_come_back_in_their_order_each_with_its_own_time(workers: Workers) -> None:
    workers.run_each(tasks.same, range(9))  # both processes have begun
    begun = time.monotonic()
    naps = [0.5, 0.1, 0.4, 0.1, 0.4]  # 1.5 s, where one task may take one second
    assert workers.run_each(tasks.sleep_then, naps, 7) == [7] * 5
    assert time.monotonic() - begun < 1.4, "two at a time"
    pairs = iter(range(9))
    assert workers.run_each(tasks.same, pairs) == list(range(9))


def test_one_bad_portion_ends_the_work_on_the_others(workers: Workers) -> None:
    begun = time.monotonic()
    with pytest.raises(ParseError, match="ends the process"):
        workers.run_each(tasks.leave_at, range(1000), 3)
    assert time.monotonic() - begun < 5
    assert workers.run_each(tasks.same, [1, 2]) == [1, 2]


def test_small_portions_are_done_here(workers: Workers) -> None:
    with employed(Workers(1)):
        assert apart_each(10, tasks.pid_for, [1, 2]) == [os.getpid()] * 2
        assert os.getpid() not in apart_each(LARGE, tasks.pid_for, [1, 2])


def test_workers_go_when_there_is_nothing_to_do() -> None:
    made = Workers(1, idle=0.1)
    first = made.run(tasks.pid)
    made.rest()
    assert alive(first), "not at once"
    time.sleep(0.2)
    made.rest()
    until(lambda: not alive(first))
    assert made.run(tasks.pid) != first
    made.close()


def test_workers_that_are_killed_while_they_rest_are_replaced() -> None:
    made = Workers(2)
    pids = []
    for _ in range(3):
        pids.append(made.run(tasks.pid))
        os.kill(pids[-1], signal.SIGKILL)
        until(lambda: not alive(pids[-1]))
    assert made.run_each(tasks.same, [1, 2, 3]) == [1, 2, 3]
    assert len(set(pids)) == 3
    made.close()


NO_WORKERS = """
import os
from concurrent.futures import ThreadPoolExecutor
from aggregator.errors import ParseError
from aggregator.workers import Workers

if __name__ != "__main__":
    os._exit(3)  # so each worker ends before it begins

def ask(_):
    try:
        return workers.run(len, bytes(1_000_000))  # more than a pipe holds
    except ParseError as error:
        return f"{error.code} {error}"

workers = Workers(1)
with ThreadPoolExecutor(4) as pool:
    print(*pool.map(ask, range(8)), sep="\\n")
workers.close()
"""


def test_it_is_said_when_no_worker_can_be_started(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(NO_WORKERS, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, tmp_path / "script.py"],
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.stdout.splitlines() == ["E314 no process could be started to read it"] * 8, ran


def test_closing_ends_what_is_under_way() -> None:
    made = Workers(1)
    pid = made.run(tasks.pid)
    failed: list[Any] = []

    def work() -> None:
        try:
            made.run(tasks.sleep_then, 30, 1)
        except ParseError as error:
            failed.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.3)
    made.close()
    thread.join(timeout=5)
    assert len(failed) == 1
    until(lambda: not alive(pid))
    with pytest.raises(ParseError, match="the program ends"):
        made.run(tasks.pid)


def alive(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)
