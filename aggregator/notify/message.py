"""What is said of incidents: one message for all that happened since the last one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from aggregator.health.incident import Incident
from aggregator.record import record
from aggregator.store.incidents import Event

_LINES = 40  # of each kind; the status page has them all
_MANY = 5  # sources in trouble that may have one cause


@record(frozen=True, slots=True)
class Message:
    """A message: `kind` is failure, success or info."""

    title: str
    body: str
    kind: str


@record(frozen=True, slots=True)
class Place:
    """Who writes: a site's title, the address of its status page or "", its number of sources."""

    title: str
    status: str = ""
    sources: int = 0


def compose(events: Sequence[Event], place: Place, lasting: int) -> Message | None:
    """Return what is to be said of *events*, in their order; None where all of it is over.

    An incident that began and ended among them is not worth a word. *lasting* is how many
    incidents there are now.
    """
    begun = {event.incident.number for event in events if not event.ended}
    ended = {event.incident.number for event in events if event.ended}
    ill = _of(events, begun - ended)
    well = _of(events, ended - begun)
    if not ill and not well:
        return None
    lines = [
        *_shortened([_trouble(one) for one in ill]),
        *_shortened([_recovery(one) for one in well]),
    ]
    if ill and lasting >= _MANY and lasting * 2 > place.sources:
        lines.insert(0, "Over half of all sources are in trouble: is the network of this host up?")
    if place.status:
        lines += ["", place.status]
    kind = "failure" if ill else "success"
    return Message(f"{place.title}: {_title(ill, well)}", "\n".join(lines), kind)


def trial(place: Place) -> Message:
    """Return what is said to see whether it arrives."""
    words = "This is a test: incidents of sources, and recoveries, are told here."
    return Message(f"{place.title}: test", words, "info")


def _of(events: Iterable[Event], numbers: set[int]) -> list[Incident]:
    found = {event.incident.number: event.incident for event in events}
    return [incident for number, incident in found.items() if number in numbers]


def _title(ill: Sequence[Incident], well: Sequence[Incident]) -> str:
    said = []
    if ill:
        said.append(
            f"{ill[0].source} is {ill[0].word}"
            if len(ill) == 1
            else f"{len(ill)} sources in trouble"
        )
    if well:
        said.append(
            f"{well[0].source} is well again" if len(well) == 1 else f"{len(well)} well again"
        )
    return ", ".join(said)


def _trouble(incident: Incident) -> str:
    since = f"{incident.word} since {incident.began_at:%Y-%m-%d %H:%M} UTC"
    return f"✗ {incident.source}: {since}: {incident.why}"


def _recovery(incident: Incident) -> str:
    lasted = (incident.ended_at or incident.changed_at) - incident.began_at
    was = f"it was {incident.word}: {incident.why}"
    return f"✓ {incident.source}: recovered after {_span(lasted)}; {was}"


def _span(length: timedelta) -> str:
    minutes = round(length.total_seconds() / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.0f} h"


def _shortened(lines: list[str]) -> list[str]:
    rest = len(lines) - _LINES
    return [*lines[:_LINES], f"… and {rest} more"] if rest > 0 else lines


# ── when ──────────────────────────────────────────────────────────────────────────────────────────

_AGAIN = timedelta(minutes=1)  # after a failure, doubled with each, up to
_LONGEST = timedelta(hours=6)
_MOST_DOUBLINGS = 12


def is_ripe(events: Sequence[Event], together: timedelta, now: datetime) -> bool:
    """Say whether it is time to tell of *events*: others may be about to happen with the first."""
    return bool(events) and now - events[0].at >= together


def next_try(failures: int, now: datetime) -> datetime:
    """Return when a listener is tried again that could not be reached so many times in a row."""
    doubled: int = 2 ** min(failures - 1, _MOST_DOUBLINGS)
    return now + min(_AGAIN * doubled, _LONGEST)
