"""article hide, show, takedown, log: what is published no more, since when, and who said so."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import typer

from aggregator.cli.composition import Invocation, load
from aggregator.cli.delegating import have_done
from aggregator.cli.explaining import act_json, names_of
from aggregator.cli.speech import say
from aggregator.cli.terminal import (
    print_error_line,
    print_json,
    print_line,
    print_steps,
    print_table,
    printable,
)
from aggregator.config.settings import Settings
from aggregator.errors import RemovalError
from aggregator.pipeline.tasks import Answer, Task
from aggregator.record import record
from aggregator.schedule.mailbox import own_name
from aggregator.store.backup import Backups
from aggregator.store.history import Historian, History

_DONE = {"hide": "hidden", "show": "shown again", "takedown": "taken down"}
_ALREADY = {"hide": "hidden already", "show": "not hidden", "takedown": "taken down already"}


@record(frozen=True, slots=True)
class Wish:
    """What is to be done (`hide`, `show`, `takedown`) to which articles, and why.

    `told`: readers are to know the reason. `ask`: on a terminal, before what cannot be undone.
    """

    action: str
    subjects: tuple[str, ...]
    reason: str = ""
    told: bool = False
    ask: bool = False


class _Left(NamedTuple):
    """What stays after a takedown: other sources' articles at its address, and daily backups."""

    copies: Sequence[History] = ()
    backups: Sequence[Path] = ()


def act(invocation: Invocation, wish: Wish, *, as_json: bool) -> int:
    """Hide articles, show them again or take them down; return the exit status.

    Raises AggregatorError where one of them is not known, or not by that name alone: then nothing
    is done. With JSON: `{"action", "articles": [{"id", "public_id", "source", "title", "changed"}],
    "copies": [{"id", "source"}], "backups": [paths], "published": [paths]}`; `changed` is false
    where that was so before. What stays after a takedown: `copies` are other sources' articles at
    the same address, `backups` the daily ones from before.
    """
    settings = load(invocation)
    historian = Historian(settings.store.path)
    found = [only(historian, subject, settings) for subject in wish.subjects]
    if not _is_wanted(wish, found):
        print_line(say("nothing is changed"))
        return 0
    left = _left(historian, found) if wish.action == "takedown" else _Left()
    ids = tuple(dict.fromkeys(history.id for history in found))
    reason = printable(" ".join(wish.reason.split())).encode("utf-8", "replace").decode()
    done = have_done(settings, Task(wish.action, ids, own_name(), reason, wish.told))
    if as_json:
        print_json(_as_json(wish, found, left, done.answer))
    else:
        _print(wish, found, left, done.answer)
        if not invocation.quiet:
            print_steps(*_next(wish, found, left))
    return 1 if done.flawed else 0


def show_log(invocation: Invocation, subject: str, limit: int, *, as_json: bool) -> int:
    """Print what was done to articles (to *subject*, or "" for any), the newest first.

    With JSON: `[{"at", "who", "action", "article", "public_id", "source", "reason"}]`.
    """
    settings = load(invocation)
    historian = Historian(settings.store.path)
    ids = [only(historian, subject, settings).id] if subject else []
    acts = historian.acts(ids, limit)
    if as_json:
        print_json([act_json(one) for one in acts])
    else:
        print_table(
            [say(one) for one in ("when", "who", "what", "article", "source", "reason")],
            [
                (
                    *(f"{one.at.astimezone():%Y-%m-%d %H:%M:%S}", one.who, one.action),
                    *(one.article, one.source, one.reason),
                )
                for one in acts
            ],
        )
    return 0


def only(historian: Historian, subject: str, settings: Settings) -> History:
    """Return the one article that is meant by *subject*; raises RemovalError where none or more."""
    found = historian.find(names_of(subject, settings))
    if len(found) == 1:
        return found[0]
    if not found:
        raise RemovalError(
            f"nothing here is known as {subject!r}; look for its words with `aggregator search`",
            code="E421",
        )
    ids = ", ".join(f"{history.id} ({history.source})" for history in found)
    raise RemovalError(
        f"{len(found)} articles are known as {subject!r}; give the id: {ids}", code="E422"
    )


def _left(historian: Historian, found: Sequence[History]) -> _Left:
    """Return what a takedown of those *found* does not reach."""
    ids = {history.id for history in found}
    addresses = {history.link for history in found}
    addresses |= {history.article.share_link for history in found if history.article}
    known = historian.find(sorted(filter(None, addresses)))
    copies = [history for history in known if history.id not in ids]
    return _Left(copies, Backups(historian.path, 0).all())


def _is_wanted(wish: Wish, found: Sequence[History]) -> bool:
    if not (wish.ask and sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    for history in found:
        print_line(_title(history))
    return typer.confirm(say("take down for good? What it says is wiped"), default=False)


def _title(history: History) -> str:
    title = history.article.title if history.article else ""
    named = say("{id} of {source}", id=history.id, source=history.source)
    return f"{title} ({named})" if title else named


def _print(wish: Wish, found: Sequence[History], left: _Left, answer: Answer) -> None:
    for history in found:
        words = (_DONE if history.id in answer["changed"] else _ALREADY)[wish.action]
        print_line(say("{what}: {title}", what=say(words), title=_title(history)))
    for copy in left.copies:
        print_error_line(say("stays, at the same address: {title}", title=_title(copy)))
    if count := len(left.backups):
        folder = left.backups[0].parent
        words = "{folder} holds {count} backups from before"
        print_error_line(say(words, folder=folder, count=count))
    print_line(say("{count} documents written", count=len(answer["published"])))


def _next(wish: Wish, found: Sequence[History], left: _Left) -> list[str]:
    """Return what an operator may want to do after that."""
    ids = " ".join(history.id for history in found)
    if wish.action == "hide":
        return [say("aggregator article show {ids}    # undoes it", ids=ids)]
    if wish.action == "show":
        return [say("aggregator explain {id}    # where it is listed again", id=found[0].id)]
    copies = " ".join(copy.id for copy in left.copies)
    takedown = "aggregator article takedown {ids} --reason …    # other sources' copies"
    return [
        *([say(takedown, ids=copies)] if copies else []),
        say("aggregator article log    # who did what, when and why"),
    ]


def _as_json(wish: Wish, found: Sequence[History], left: _Left, answer: Answer) -> dict[str, Any]:
    return {
        "action": wish.action,
        "articles": [
            {
                "id": history.id,
                "public_id": history.public_id,
                "source": history.source,
                "title": history.article.title if history.article else "",
                "changed": history.id in answer["changed"],
            }
            for history in found
        ],
        "copies": [{"id": copy.id, "source": copy.source} for copy in left.copies],
        "backups": [str(path) for path in left.backups],
        "published": answer["published"],
    }
