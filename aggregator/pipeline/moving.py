"""Permanent redirects (RFC 9110 §15.4.2, §15.4.9): when an address is believed to have moved. Pure.

A redirect that is called permanent is often a mistake, a captive portal or a domain for sale, so it
is adopted only after it led to the same place on three different days, and only when what stands
there holds entries that we knew before. The configuration is not touched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from aggregator.model import Move, SourceState
from aggregator.pipeline.recall import without_validators

DAYS = 3


def after_answer(
    state: SourceState,
    moved_to: str,
    now: datetime,
    is_known: Callable[[datetime | None], bool | None],
    *,
    first: bool = False,
) -> SourceState:
    """Return *state* after an answer; *moved_to* is where permanent redirects led, "" where none.

    *is_known* tells whether what came holds entries that we had before a time, or at all; it is
    asked only when the last word is due, and None where only a whole document can tell. It is the
    *first* answer where nothing could be known. One without a redirect, or from elsewhere, begins
    the count anew.
    """
    move = _counted(state.move, moved_to, now, first) if moved_to else Move()
    if move.days < DAYS:
        return state if move == state.move else replace(state, move=move)
    known = is_known(move.since)
    if known is None:
        return replace(without_validators(state), move=move)
    if not known:
        return replace(state, move=Move(move.to))
    return replace(state, address=move.to, move=Move())


def after_failure(state: SourceState) -> SourceState:
    """Return *state* after a failure: where it was at an adopted address, that one is dropped.

    With it go the validators, which are for that place alone (RFC 9110 §8.8).
    """
    if not state.address:
        return state
    return replace(without_validators(state), address="", move=Move())


def _counted(move: Move, to: str, now: datetime, first: bool) -> Move:
    today = f"{now.astimezone(UTC):%Y-%m-%d}"
    if to != move.to:
        return Move(to, 1, today, None if first else now)
    if not move.days or today <= move.on:
        return move
    return replace(move, days=move.days + 1, on=today)
