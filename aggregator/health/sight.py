"""What is known of all sources at one moment: what status, metrics and pages are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime

from aggregator.health.condition import Health
from aggregator.health.incident import Incident
from aggregator.model import SourceState, Tally
from aggregator.record import record


@record(frozen=True, slots=True)
class Vitals:
    """How a source is: its health (without what is usual of it), and what else is known of it.

    `usual_rate` is in articles a day, `delay` the median from asking to publication in seconds.
    """

    health: Health = field(default_factory=Health)
    usual_rate: float | None = None
    certificate_until: datetime | None = None
    delay: int | None = None


@record(frozen=True, slots=True)
class Room:
    """How many bytes are used, and free beside that; for how many days that is enough, if known."""

    used: int
    free: int
    days: int | None = None


@record(frozen=True, slots=True)
class Sight:
    """Everything by the id of a source; who is missing was never asked, or has nothing of it.

    `lately` counts the articles published in the last seven days, `held` those that wait for the
    operator's word, `weeks` what was counted on each of these days.
    """

    states: Mapping[str, SourceState] = field(default_factory=dict)
    articles: Mapping[str, int] = field(default_factory=dict)
    weeks: Mapping[str, Mapping[date, Tally]] = field(default_factory=dict)
    vitals: Mapping[str, Vitals] = field(default_factory=dict)
    lately: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    incidents: Mapping[str, Incident] = field(default_factory=dict)
    room: Room | None = None
