"""The status pages: of all sources, the worst first, and of one in depth. Made when asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from aggregator.errors import Problem
from aggregator.health.incident import STATES, Incident
from aggregator.health.sight import Room
from aggregator.model import Attempt, Document
from aggregator.publish import addresses, charts, dates
from aggregator.publish.charts import Bar
from aggregator.publish.frame import page
from aggregator.publish.press import Press
from aggregator.publish.standing import MARKS, Standing, public

SHOWN = 200  # sources on the page, and all in trouble, unless every one is asked for
_SOON = 14  # days in which a certificate ends that is worth a word

_DRAWN = {
    "width": 7 * charts.STEP - (charts.STEP - charts.WIDE),
    "height": charts.TALL + charts.DEEP + 2,
    "line": charts.TALL,
    "bar": charts.WIDE,
}


class Row(NamedTuple):
    """A source as the pages show it; a text that has nothing to say is ""."""

    standing: Standing
    mark: str
    word: str
    reason: str
    since: str
    page: str
    last_ok: str
    next_due: str
    bars: list[Bar]
    week: str
    rates: str
    answers: str
    certificate: str
    soon: bool


class Try(NamedTuple):
    """An attempt as the page of its source shows it."""

    at: str
    attempt: Attempt
    result: str
    error: str


class Case(NamedTuple):
    """An incident as pages show it."""

    incident: Incident
    mark: str
    word: str
    began: str
    ended: str
    why: str


def status_page(
    press: Press,
    found: Sequence[Standing],
    now: datetime,
    room: Room | None = None,
    *,
    everything: bool = False,
    problems: Sequence[Problem] = (),
) -> Document:
    """Render how the sources in *found* are doing at *now* (aware).

    Of those that are well only so many are shown unless *everything* is asked for. *problems* of a
    configuration that is not in force are named by line and code: the rest is nobody's business.
    """
    words = press.texts
    counts = Counter(standing.word for standing in found)
    ill = sum(counts[word] for word in STATES if word not in ("ok", "new"))
    shown = found if everything else found[: max(SHOWN, ill)]
    rest = len(found) - len(shown)
    values = {
        "now": _moment(press, now),
        "iso": press.local(now).isoformat(timespec="seconds"),
        "problems": [(one.line, one.code) for one in problems],
        "verdict": _verdict(press, counts),
        "pieces": charts.pieces([(word, counts[word]) for word in reversed(STATES)]),
        "tiles": [
            ("ok", MARKS["ok"], words.states["ok"], counts["ok"]),
            (
                "failing",
                MARKS["failing"],
                words.states["failing"],
                counts["failing"] + counts["gone"],
            ),
            ("degraded", MARKS["degraded"], words.amiss, _odd(counts)),
            ("new", MARKS["new"], words.states["new"], counts["new"]),
        ],
        "articles": f"{sum(standing.articles for standing in found):,}",
        "news": f"{sum(standing.whole_week.new for standing in found):,}",
        "disk_days": room.days if room else None,
        "rows": [_row(press, standing, now) for standing in shown],
        "rest": words.show_all[rest != 1].format(n=rest) if rest else "",
        "incidents": addresses.INCIDENTS,
        **_DRAWN,
    }
    return page(press, addresses.STATUS, "status.html.jinja", values)


def source_page(
    press: Press,
    standing: Standing,
    attempts: Sequence[Attempt],
    incidents: Sequence[Incident],
    now: datetime,
) -> Document:
    """Render how one source is doing; *attempts* and *incidents* are the newest first."""
    named = [(_moment(press, attempt.at), attempt) for attempt in reversed(attempts)]
    values = {
        "now": _moment(press, now),
        "iso": press.local(now).isoformat(timespec="seconds"),
        "row": _row(press, standing, now),
        "times": charts.times(named, press.texts) if named else None,
        "tries": [
            Try(
                at,
                attempt,
                press.texts.results[attempt.status],
                public(attempt.error, standing.supplier),
            )
            for at, attempt in reversed(named)
        ],
        "cases": [case_of(press, standing, incident) for incident in incidents],
        **_DRAWN,
    }
    path = addresses.status_of(standing.state.id)
    return page(press, path, "status_source.html.jinja", values)


def case_of(press: Press, standing: Standing, incident: Incident) -> Case:
    """Return an incident of a source, as anybody may read it."""
    words, over = press.texts, incident.ended_at
    return Case(
        incident,
        MARKS["ok" if over else incident.word],
        words.states[incident.word],
        _moment(press, incident.began_at),
        _moment(press, over) if over else words.lasts,
        public(incident.why, standing.supplier),
    )


def _verdict(press: Press, counts: Counter[str]) -> str:
    """Say in one sentence how everything is; "" where nothing is to be told."""
    total, well = counts.total(), counts["ok"] + counts["new"]
    if not total:
        return ""
    words = press.texts
    if well == total:
        return words.all_well.format(n=total)
    return words.some_well.format(n=well, all=total)


def _odd(counts: Counter[str]) -> int:
    return counts["held"] + counts["degraded"] + counts["quiet"]


def _row(press: Press, standing: Standing, now: datetime) -> Row:
    words, state = press.texts, standing.state
    since, days = standing.since, standing.certificate_days(now)
    named = [(dates.short_day(day, words), tally) for day, tally in standing.week]
    return Row(
        standing,
        mark=MARKS[standing.word],
        word=words.states[standing.word],
        reason=standing.reason,
        since=words.since.format(when=_moment(press, since)) if since else "",
        page=addresses.status_of(state.id),
        last_ok=_moment(press, state.last_ok_at) if state.last_ok_at else words.never,
        next_due=_moment(press, state.next_due_at) if state.next_due_at else "",
        bars=charts.bars(named, words),
        week=charts.counted(standing.whole_week, words),
        rates=_rates(press, standing),
        answers=_answers(press, standing),
        certificate="" if days is None else words.certificate.format(n=days),
        soon=days is not None and days < _SOON,
    )


def _rates(press: Press, standing: Standing) -> str:
    """Say how much came, and how much is expected or usual; "" where that is not known."""
    usual = standing.expected_rate
    if usual is None:
        return ""
    unit, days = next((one for one in (("d", 1), ("w", 7)) if usual * one[1] >= 1), ("mo", 30))
    words = press.texts.expected if standing.expected else press.texts.usual
    return words[unit].format(seen=_short(standing.seen_rate * days), usual=_short(usual * days))


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")


def _answers(press: Press, standing: Standing) -> str:
    """Say how many answers had nothing new, and how soon what was new was out."""
    words, share, delay = press.texts, standing.same_share, standing.vitals.delay
    said = [] if share is None else [words.unchanged.format(share=f"{share:.0%}")]
    said += [] if delay is None else [words.out_after.format(n=delay)]
    return ", ".join(said)


def _moment(press: Press, moment: datetime) -> str:
    local = press.local(moment)
    return f"{dates.short_day(local.date(), press.texts)} {dates.clock(local)}"
