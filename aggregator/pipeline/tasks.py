"""What the operator has done to articles: one task, one transaction, one answer.

A task is done by whoever works on the store (the daemon, or the command itself), and it can be done
twice: what is done already is only said to be. Answers hold what JSON can.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from aggregator.config.settings import Settings
from aggregator.pipeline.selections import Selections
from aggregator.record import record
from aggregator.store.removals import Deed, Removals
from aggregator.store.writer import Store

Answer = dict[str, Any]
_Action = Callable[["Task", Settings, Store, datetime], Answer]


@record(frozen=True, slots=True)
class Task:
    """What is to be done, to which articles or sources (by id), and for which user of this machine.

    `told` says whether readers are to know the reason.
    """

    action: str
    subjects: tuple[str, ...]
    who: str
    reason: str = ""
    told: bool = False


def do(task: Task, settings: Settings, store: Store, now: datetime) -> Answer:
    """Do *task*, without publishing; raise AggregatorError where it cannot be done.

    Then nothing of it is.
    """
    return _ACTIONS[task.action](task, settings, store, now)


def is_known(action: str) -> bool:
    """Say whether there is such an *action*."""
    return action in _ACTIONS


def _remove(act: Callable[[Removals, str, Deed], bool]) -> _Action:
    def act_on_all(task: Task, settings: Settings, store: Store, now: datetime) -> Answer:
        with store.transaction():
            deeds = {id_: _deed(task, id_, settings, store, now) for id_ in task.subjects}
            changed = [id_ for id_, deed in deeds.items() if act(store.removals, id_, deed)]
        if task.action == "takedown":
            store.leave_no_trace()
        return {"changed": changed}

    return act_on_all


def _deed(task: Task, id_: str, settings: Settings, store: Store, now: datetime) -> Deed:
    feeds = Selections(settings, store).showing(id_)
    return Deed(task.who, now, task.reason, task.told, feeds)


def _release(drop: bool) -> _Action:
    def release(task: Task, settings: Settings, store: Store, now: datetime) -> Answer:
        with store.transaction():
            held = sum(store.release(source, drop=drop) for source in task.subjects)
            leaving = sum(store.let_go(source, now, drop=drop) for source in task.subjects)
        return {"dropped": held, "kept": leaving} if drop else {"released": held, "hidden": leaving}

    return release


_ACTIONS: Mapping[str, _Action] = {
    "hide": _remove(Removals.hide),
    "show": _remove(Removals.show),
    "takedown": _remove(Removals.take_down),
    "release": _release(drop=False),
    "drop": _release(drop=True),
}
