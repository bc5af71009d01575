"""diff: what an edit of an article changed, word by word."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from aggregator.cli.composition import Invocation, load
from aggregator.cli.removing import only
from aggregator.cli.terminal import print_json, print_line, printable
from aggregator.errors import AggregatorError
from aggregator.model import Article
from aggregator.normalise.markup import plain
from aggregator.store.history import Historian, History
from aggregator.store.notes import Revision

_WIDE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"  # a character is as good as a word
_WORD = re.compile(rf"\s+|[{_WIDE}]|[^\W{_WIDE}]+|[^\w\s]")
_AROUND = 12  # words that are shown on each side of a change
_MANY = 5_000  # words, from which on a rougher comparison has to do
_STYLES = {"added": "green", "removed": "red strike"}
_MARKS = {"added": ("{+", "+}"), "removed": ("[-", "-]")}


class Piece(NamedTuple):
    """A part of a text: `change` is same, removed or added."""

    change: str
    text: str


def diff_article(
    invocation: Invocation, subject: str, versions: Sequence[int], *, as_json: bool
) -> int:
    """Print what changed between two versions of the article *subject*; return the exit status.

    Versions count from 1, as `explain` numbers them, the oldest that is kept first; the last is the
    article as it is. One of *versions* is compared with that; none: the one before it. With JSON
    `{"id", "from", "to", "versions", "fields": {name: [{"change", "text"}]}}`.
    """
    settings = load(invocation)
    history = only(Historian(settings.store.path), subject, settings)
    every = _versions(history)
    old, new = _chosen(history, len(every), versions)
    changes = dict(_changes(every[old - 1], every[new - 1]))
    if as_json:
        print_json(_as_json(history, old, new, len(every), changes))
    else:
        print_line(f"article {history.id}: version {old} → {new} of {len(every)}")
        for name, pieces in changes.items():
            _print(name, pieces)
        if not changes:
            print_line("the same words; only markup, or nothing, has changed")
    return 0


def pieces(old: str, new: str) -> list[Piece]:
    """Return how *new* is made of *old*, a piece for each run of words."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=max(len(before), len(after)) > _MANY)
    found: list[Piece] = []
    for change, i1, i2, j1, j2 in matcher.get_opcodes():
        if change == "equal":
            found.append(Piece("same", "".join(before[i1:i2])))
        else:
            found.append(Piece("removed", "".join(before[i1:i2])))
            found.append(Piece("added", "".join(after[j1:j2])))
    return [piece for piece in found if piece.text]


# ── which ─────────────────────────────────────────────────────────────────────────────────────────


def _versions(history: History) -> list[Revision | Article]:
    if history.article is None:
        raise _missing(f"article {history.id} has left the store: its text is not kept")
    return [*history.revisions, history.article]


def _chosen(history: History, count: int, wanted: Sequence[int]) -> tuple[int, int]:
    """Return the numbers of the two versions that are meant."""
    if count == 1:
        raise _missing(f"article {history.id} has no other version: no edit of it is kept")
    old = wanted[0] if wanted else count - 1
    new = wanted[1] if len(wanted) > 1 else count
    for number in (old, new):
        if not 1 <= number <= count:
            raise _missing(f"article {history.id} has no version {number}; there are 1 to {count}")
    return old, new


def _missing(message: str) -> AggregatorError:
    return AggregatorError(message, code="E423")


def _changes(old: Revision | Article, new: Revision | Article) -> Iterator[tuple[str, list[Piece]]]:
    for name in ("title", "summary", "content"):
        before, after = (_text(getattr(one, name), name) for one in (old, new))
        if before != after:
            yield name, pieces(before, after)


def _text(value: str, name: str) -> str:
    return plain(value) if name == "content" else value


# ── shown ─────────────────────────────────────────────────────────────────────────────────────────


def _as_json(
    history: History, old: int, new: int, versions: int, changes: dict[str, list[Piece]]
) -> dict[str, Any]:
    fields = {name: [piece._asdict() for piece in found] for name, found in changes.items()}
    return {"id": history.id, "from": old, "to": new, "versions": versions, "fields": fields}


def _print(name: str, found: Sequence[Piece]) -> None:
    shown = _near_changes(found)
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.text import Text

        text = Text(f"{name}: ", style="bold")
        for piece in shown:
            text.append(printable(piece.text), style=_STYLES.get(piece.change, "not bold"))
        Console(highlight=False).print(text)
        return
    marked = (f"{_mark(one.change, 0)}{one.text}{_mark(one.change, 1)}" for one in shown)
    print_line(f"{name}: {''.join(marked)}")


def _mark(change: str, end: int) -> str:
    return _MARKS[change][end] if change in _MARKS else ""


def _near_changes(found: Sequence[Piece]) -> list[Piece]:
    """Return *found* with no more of what is the same than a person needs to find the place."""
    last = len(found) - 1
    return [
        Piece("same", _shortened(piece.text, index > 0, index < last))
        if piece.change == "same"
        else piece
        for index, piece in enumerate(found)
    ]


def _shortened(text: str, after: bool, before: bool) -> str:
    """Return of *text* what touches a change: its beginning *after* one, its end *before*."""
    words = _WORD.findall(text)
    if len(words) <= 4 * _AROUND:
        return text
    head = "".join(words[: 2 * _AROUND]) if after else ""
    tail = "".join(words[-2 * _AROUND :]) if before else ""
    return f"{head}…{tail}"
