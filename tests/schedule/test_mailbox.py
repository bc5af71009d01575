"""How a task reaches the process that works on the store, and its answer the command."""

from __future__ import annotations

import getpass
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.errors import RemovalError, StoreError
from aggregator.pipeline.tasks import Answer, Task
from aggregator.schedule.clerk import Clerk
from aggregator.schedule.mailbox import Mailbox, own_name

TASK = Task("hide", ("abc", "def"), own_name(), "as <agreed> ÿ", told=True)


def store(folder: Path) -> Path:
    return folder / "aggregator.db"


def noting(done: list[Task]) -> Callable[[Task], Answer]:
    def do(task: Task) -> Answer:
        done.append(task)
        return {}

    return do


def clerk(folder: Path, do: Callable[[Task], Answer] = lambda task: {"changed": ["abc"]}) -> Clerk:
    return Clerk(Mailbox(store(folder)), do)


def test_a_task_arrives_as_it_was_given_and_in_the_name_of_who_gave_it(tmp_path: Path) -> None:
    box = Mailbox(store(tmp_path))
    assert box.letters() == []
    name = box.post(TASK)
    (letter,) = box.letters()
    assert letter.task == TASK
    assert letter.task.who == getpass.getuser()
    assert box.collect(name) is None
    box.reply(letter, {"changed": ["abc"]})
    assert box.letters() == []
    assert box.collect(name) == {"changed": ["abc"]}
    assert box.collect(name) is None


def test_tasks_come_in_the_order_they_were_given(tmp_path: Path) -> None:
    box = Mailbox(store(tmp_path))
    names = [box.post(Task("show", (str(number),), "")) for number in range(5)]
    assert [letter.name for letter in box.letters()] == names


def test_a_task_is_answered_when_it_is_published_and_done_once(tmp_path: Path) -> None:
    done: list[Task] = []
    box, at_work = Mailbox(store(tmp_path)), clerk(tmp_path, noting(done))
    name = box.post(TASK)
    for _ in range(3):
        at_work.work()
    assert (done, box.collect(name)) == ([TASK], None)
    at_work.report(["all/rss.xml"])
    assert box.collect(name) == {"published": ["all/rss.xml"]}
    at_work.work()
    assert done == [TASK]


def test_who_is_killed_before_the_answer_does_it_again(tmp_path: Path) -> None:
    done: list[Task] = []
    name = Mailbox(store(tmp_path)).post(TASK)
    clerk(tmp_path, noting(done)).work()
    again = clerk(tmp_path, noting(done))
    again.work()
    again.report([])
    assert done == [TASK, TASK]
    assert Mailbox(store(tmp_path)).collect(name) == {"published": []}


def test_a_task_that_was_taken_back_is_not_done(tmp_path: Path) -> None:
    box = Mailbox(store(tmp_path))
    box.withdraw(box.post(TASK))
    box.withdraw("unknown")
    assert box.letters() == []


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (RemovalError("there is no such article"), ("there is no such article", 1, "E420")),
        (StoreError("the disk is full"), ("the disk is full", 3, "E400")),
        (ZeroDivisionError("oh"), ("unexpected fault: ZeroDivisionError: oh", 1, "E900")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_fault_is_the_answer_and_stops_nothing(
    tmp_path: Path, fault: Exception, answer: tuple[str, int, str]
) -> None:
    def do(task: Task) -> Answer:
        if task.action == "hide":
            raise fault
        return {}

    box, at_work = Mailbox(store(tmp_path)), clerk(tmp_path, do)
    names = [box.post(TASK), box.post(Task("show", (), ""))]
    at_work.work()
    at_work.report([])
    faulty, fine = (box.collect(name) for name in names)
    words, status, code = answer
    assert faulty == {"error": words, "status": status, "code": code, "published": []}
    assert fine == {"published": []}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b'{"action": "format", "subjects": [], "reason": "", "told": false}',
        b'{"action": "hide", "subjects": "abc", "reason": "", "told": false}',
        b'{"action": "hide", "subjects": [1], "reason": "", "told": false}',
        b'{"action": "hide", "subjects": [], "reason": 1, "told": false}',
        b'{"action": "hide", "subjects": []}',
        b"[" * 100_000,
        b" " * 1_000_001,
    ],
    ids=lambda body: body[:60].decode(),
)
def test_what_is_no_task_is_answered_and_done_by_nobody(tmp_path: Path, body: bytes) -> None:
    box = Mailbox(store(tmp_path))
    box.withdraw(box.post(TASK))
    (tmp_path / "aggregator.db.tasks" / "0-x.task").write_bytes(body)
    at_work = clerk(tmp_path, lambda task: pytest.fail("done"))
    at_work.work()
    at_work.report([])
    answer = box.collect("0-x")
    assert answer
    assert answer["error"] == "the task cannot be read"
    assert box.letters() == []


def test_neither_a_link_nor_a_pipe_is_followed(tmp_path: Path) -> None:
    box = Mailbox(store(tmp_path))
    box.post(TASK)
    folder = tmp_path / "aggregator.db.tasks"
    (real,) = folder.iterdir()
    real.rename(tmp_path / "elsewhere")
    (folder / "1.task").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(folder / "2.task")
    (folder / "3.task").mkdir()
    assert [letter.task for letter in box.letters()] == [None, None, None]


def test_answers_that_nobody_fetches_are_swept_away(tmp_path: Path) -> None:
    box, at_work = Mailbox(store(tmp_path)), clerk(tmp_path)
    old, young = box.post(TASK), box.post(TASK)
    at_work.work()
    at_work.report([])
    folder = tmp_path / "aggregator.db.tasks"
    os.utime(folder / f"{old}.answer", (time.time() - 3700,) * 2)
    at_work.work()
    assert [path.name for path in folder.iterdir()] == [f"{young}.answer"]


def test_a_mailbox_that_cannot_be_used_is_said_to_the_one_and_logged_by_the_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "aggregator.db.tasks").write_text("")
    with pytest.raises(StoreError, match=r"cannot leave a task for who works on .*aggregator\.db"):
        Mailbox(store(tmp_path)).post(TASK)
    clerk(tmp_path).work()
    assert "cannot read the tasks for" in caplog.text


def test_what_stands_in_a_file_is_plain_json(tmp_path: Path) -> None:
    Mailbox(store(tmp_path)).post(TASK)
    (path,) = (tmp_path / "aggregator.db.tasks").iterdir()
    assert json.loads(path.read_text()) == {
        "action": "hide",
        "subjects": ["abc", "def"],
        "reason": "as <agreed> ÿ",
        "told": True,
    }
