"""A record is compared and hashed by its fields, copied and sent to other processes."""

from __future__ import annotations

import pickle
from dataclasses import field, fields, replace

from aggregator.model import BadEntry, Hints, SourceState
from aggregator.record import record


@record(frozen=True, slots=True)
class Mixed:
    """Shown in part, compared in part."""

    name: str
    secret: str = field(default="", repr=False)
    said: tuple[str, ...] = field(default=(), compare=False)


@record(frozen=True, slots=True)
class Single:
    """Of one field, whose value is a tuple."""

    values: tuple[str, ...]


@record(frozen=True, slots=True)
class Empty:
    """Of no field."""


@record(frozen=True, slots=True)
class Discreet:
    """Says itself how it is shown and what it equals."""

    name: str
    secret: str

    def __repr__(self) -> str:
        return f"Discreet({self.name})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Discreet) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


def test_a_record_is_a_dataclass_of_its_fields() -> None:
    state = SourceState("paper", etag="x", hints=Hints(fresh=60))
    assert state == SourceState("paper", etag="x", hints=Hints(fresh=60))
    assert len({state, replace(state), replace(state, etag="y")}) == 2
    assert pickle.loads(pickle.dumps(state)) == state
    assert [one.name for one in fields(state)][:2] == ["id", "etag"]
    assert not hasattr(state, "__dict__")


def test_records_of_two_classes_are_never_equal() -> None:
    others: list[object] = [("a",), Empty(), Single(("b",))]
    assert Single(("a",)) not in others
    assert Empty() in others


def test_a_field_may_stand_out_of_what_is_compared_and_of_what_is_shown() -> None:
    assert Mixed("a", "x", ("said",)) == Mixed("a", "x")
    assert hash(Mixed("a", "x", ("said",))) == hash(Mixed("a", "x"))
    assert Mixed("a", "x") != Mixed("a", "y")
    assert repr(Mixed("a", "x")) == "Mixed(name='a', said=())"


def test_what_a_class_says_for_itself_holds() -> None:
    assert repr(Discreet("a", "x")) == "Discreet(a)"
    assert Discreet("a", "x") == Discreet("a", "y")
    assert len({Discreet("a", "x"), Discreet("a", "y")}) == 1


def test_a_record_is_shown_as_a_dataclass_shows_itself() -> None:
    """Stores know entries by a hash of it."""
    assert repr(BadEntry("a", "100 %")) == "BadEntry(entry='a', reason='100 %', code='')"
    assert repr(Single(("a", "b"))) == "Single(values=('a', 'b'))"
    assert repr(Empty()) == "Empty()"
