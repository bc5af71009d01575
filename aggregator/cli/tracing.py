"""One source in depth: how it is and why, its last attempts, its incidents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from aggregator.cli import drawing
from aggregator.cli.retelling import retold
from aggregator.cli.speech import say
from aggregator.cli.terminal import padded, print_line, print_table
from aggregator.cli.whole import local
from aggregator.health.incident import Incident
from aggregator.model import Attempt, Status
from aggregator.publish.standing import MARKS, Standing, attempt_facts, incident_facts

_DRAWN = 50  # attempts
_LABEL = 12  # columns
_ATTEMPTS = ("asked", "", "status", "ms", "added", "changed", "published after", "error")
_INCIDENTS = ("incident", "began", "ended", "", "why")


def print_source(
    standing: Standing,
    note: str,
    attempts: Sequence[Attempt],
    incidents: Sequence[Incident],
    now: datetime,
) -> None:
    """Print everything about one source; *note* is what the operator has to know of it."""
    state = standing.state
    word = f"{MARKS[standing.word]} {say(standing.word)}"
    print_line(f"{word}  {state.id}  ({standing.supplier.name})")
    for name, said in _said(standing, note, now):
        if said:
            print_line(f"  {padded(say(name), _LABEL)} {said}")
    if attempts:
        times = [attempt.ms for attempt in reversed(attempts[:_DRAWN])]
        middle = sorted(times)[len(times) // 2]
        words = say("median {middle} ms, at most {most} ms", middle=middle, most=max(times))
        label = padded(say("answers"), _LABEL)
        print_line(f"  {label} {drawing.sparkline(times)}  {words}")
        print_line("")
        print_table(
            [say(word) if word else "" for word in _ATTEMPTS],
            [_attempt(attempt) for attempt in attempts],
        )
    if incidents:
        print_line("")
        print_table(
            [say(word) if word else "" for word in _INCIDENTS],
            [
                (
                    str(one.number),
                    local(one.began_at),
                    _ended(one.ended_at),
                    say(one.word),
                    retold(one.why),
                )
                for one in incidents
            ],
        )


def _said(standing: Standing, note: str, now: datetime) -> Iterator[tuple[str, str]]:
    state, whole = standing.state, standing.whole_week
    since = standing.since
    yield "why", note or retold(standing.reason)
    yield "since", f"{local(since)} ({drawing.ago(since, now)})" if since else ""
    yield "last success", local(state.last_ok_at)
    why = retold(state.why)
    yield "next", f"{local(state.next_due_at)}: {why}" if state.next_due_at else why
    if standing.week:
        bars = drawing.week(tally for _, tally in standing.week)
        words = "{ok} ok, {failed} failed, {new} new"
        counted = say(words, ok=whole.ok, failed=whole.failed, new=whole.new)
        share = standing.same_share
        same = ""
        if share is not None:
            same = say(", {share:.0%} of the answers unchanged", share=share)
        yield "seven days", f"{bars}  {counted}{same}"
    usual = standing.expected_rate
    habit = say("{rate} usual", rate=drawing.rate(usual))
    if standing.expected:
        habit = say("{rate} expected", rate=standing.expected)
    seen = drawing.rate(standing.seen_rate)
    yield "new articles", say("{rate} in seven days; {habit}", rate=seen, habit=habit)
    delay = standing.vitals.delay
    after = say("{delay} s after it was asked (median)", delay=delay)
    yield "published", after if delay is not None else ""
    days = standing.certificate_days(now)
    yield "certificate", say("ends in {days} days", days=days) if days is not None else ""
    yield "articles", str(standing.articles)


def _attempt(attempt: Attempt) -> tuple[str, ...]:
    mark = {Status.FAILED: "✗", Status.NOT_MODIFIED: "="}.get(attempt.status, "✓")
    return (
        f"{attempt.at.astimezone():%m-%d %H:%M:%S}",
        mark,
        str(attempt.answered or "–"),
        str(attempt.ms),
        str(attempt.new),
        str(attempt.changed),
        "" if attempt.delay is None else f"{attempt.delay} s",
        attempt.error,
    )


def _ended(moment: datetime | None) -> str:
    return say("lasts") if moment is None else local(moment)


def source_json(
    row: dict[str, object], attempts: Sequence[Attempt], incidents: Sequence[Incident]
) -> dict[str, object]:
    """Return the same for programs."""
    return {
        **row,
        "attempts": [attempt_facts(attempt) for attempt in attempts],
        "incidents": [incident_facts(incident) for incident in incidents],
    }
