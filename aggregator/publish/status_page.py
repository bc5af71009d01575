"""The status page: tiles, and a table of the sources, the worst first. Rendered when asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from aggregator.model import Document, Tally
from aggregator.publish import addresses, dates
from aggregator.publish.frame import page
from aggregator.publish.press import Press
from aggregator.publish.standing import Standing, Week

_MARKS = {"ok": "✓", "failing": "!", "gone": "✗", "new": "·"}
_STEP, _WIDE, _TALL, _DEEP = 12, 9, 16, 8  # of a bar, in units of its drawing


class Bar(NamedTuple):
    """One day, drawn: what went well stands on the line, what failed hangs from it."""

    x: int
    up: float
    down: float
    title: str


class Row(NamedTuple):
    """A source as the table shows it."""

    standing: Standing
    mark: str
    word: str
    last_ok: str
    next_due: str
    bars: list[Bar]
    week: str


def status_page(press: Press, found: Sequence[Standing], now: datetime) -> Document:
    """Render how the sources in *found* are doing at *now* (aware)."""
    words = Counter(standing.word for standing in found)
    values = {
        "now": _moment(press, now),
        "iso": press.local(now).isoformat(timespec="seconds"),
        "tiles": [
            ("ok", _MARKS["ok"], words["ok"]),
            ("failing", _MARKS["failing"], words["failing"] + words["gone"]),
            ("new", _MARKS["new"], words["new"]),
        ],
        "articles": sum(standing.articles for standing in found),
        "news": sum(standing.whole_week.new for standing in found),
        "rows": [_row(press, standing) for standing in found],
        "width": 7 * _STEP,
        "height": _TALL + _DEEP + 2,
        "line": _TALL,
        "bar": _WIDE,
    }
    return page(press, addresses.STATUS, "status.html.jinja", values)


def _row(press: Press, standing: Standing) -> Row:
    words, state = press.texts, standing.state
    whole = standing.whole_week
    return Row(
        standing,
        mark=_MARKS[standing.word],
        word=words.states[standing.word],
        last_ok=_moment(press, state.last_ok_at) if state.last_ok_at else words.never,
        next_due=_moment(press, state.next_due_at) if state.next_due_at else "",
        bars=_bars(press, standing.week),
        week=words.counted.format(ok=whole.ok, failed=whole.failed, new=whole.new),
    )


def _bars(press: Press, week: Week) -> list[Bar]:
    return [
        _bar(index, tally, f"{dates.short_day(day, press.texts)}: {_counted(press, tally)}")
        for index, (day, tally) in enumerate(week)
    ]


def _bar(index: int, tally: Tally, title: str) -> Bar:
    asked = tally.ok + tally.failed
    up = _TALL * tally.ok / asked if asked else 0
    down = _DEEP * tally.failed / asked if asked else 0
    return Bar(index * _STEP, round(up, 1), round(down, 1), title)


def _counted(press: Press, tally: Tally) -> str:
    return press.texts.counted.format(ok=tally.ok, failed=tally.failed, new=tally.new)


def _moment(press: Press, moment: datetime) -> str:
    local = press.local(moment)
    return f"{dates.short_day(local.date(), press.texts)} {dates.clock(local)}"
