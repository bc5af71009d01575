"""What is remembered of the copy of the published folder in a git branch."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from aggregator.record import record
from aggregator.store.rows import optional_time, write_optional

KEY = "mirror"  # of the value in which all of it is kept


@record(frozen=True, slots=True)
class MirrorState:
    """How the last push went; None and "" mean «not yet». Times are aware UTC.

    `target` names the branch it is all about, `generation` is that of the manifest that the branch
    has, `failures` are in a row since `failing_since`.
    """

    target: str = ""
    generation: int = 0
    commit: str = ""
    pushed_at: datetime | None = None
    failures: int = 0
    error: str = ""
    failing_since: datetime | None = None
    next_at: datetime | None = None  # not before


def unpacked(text: str) -> MirrorState:
    """Return the state that `packed` wrote; a blank one of ""."""
    values = json.loads(text) if text else {}
    return MirrorState(**values | {name: optional_time(values.get(name)) for name in _TIMES})


def packed(state: MirrorState) -> str:
    """Return *state* as text."""
    times = {name: write_optional(getattr(state, name)) for name in _TIMES}
    return json.dumps(asdict(state) | times, ensure_ascii=False)


_TIMES = ("pushed_at", "failing_since", "next_at")
