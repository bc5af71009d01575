"""Permanent redirects (RFC 9110 §15.4.2, §15.4.9): when an address is believed to have moved. Pure.

A redirect that is called permanent is often a mistake, a captive portal or a domain for sale, so it
is adopted only after it led to the same place on three different days, and only when what stands
there holds entries that we know. The configuration is not touched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from aggregator.model import Move, SourceState
from aggregator.pipeline.recall import without_validators

DAYS = 3


def after_answer(
    state: SourceState, moved_to: str, now: datetime, is_known: Callable[[], bool]
) -> SourceState:
    """Return *state* after an answer; *moved_to* is where permanent redirects led, "" where none.

    *is_known* tells whether what came holds entries that we have; it is asked only when the last
    word is due. An answer without a redirect, or from elsewhere, begins the count anew.
    """
    move = _counted(state.move, moved_to, f"{now.astimezone(UTC):%Y-%m-%d}")
    if move.days >= DAYS and is_known():
        return replace(state, address=move.to, move=Move())
    return state if move == state.move else replace(state, move=move)


def after_failure(state: SourceState) -> SourceState:
    """Return *state* after a failure: where it was at an adopted address, that one is dropped.

    With it go the validators, which are for that place alone (RFC 9110 §8.8).
    """
    if not state.address:
        return state
    return replace(without_validators(state), address="", move=Move())


def _counted(move: Move, to: str, today: str) -> Move:
    if not to:
        return Move()
    if to != move.to:
        return Move(to, 1, today)
    return Move(to, move.days + 1, today) if today > move.on else move
