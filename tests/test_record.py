"""A record is compared and hashed by its fields, copied and sent to other processes."""

from __future__ import annotations

import pickle
from dataclasses import fields, replace

from aggregator.model import Hints, SourceState


def test_a_record_is_a_dataclass_of_its_fields() -> None:
    state = SourceState("paper", etag="x", hints=Hints(fresh=60))
    assert state == SourceState("paper", etag="x", hints=Hints(fresh=60))
    assert len({state, replace(state), replace(state, etag="y")}) == 2
    assert pickle.loads(pickle.dumps(state)) == state
    assert [one.name for one in fields(state)][:2] == ["id", "etag"]
    assert not hasattr(state, "__dict__")
