"""Each measurement still runs, at a size at which its figures mean nothing."""

from __future__ import annotations

import pytest

from bench.__main__ import BENCHMARKS

TINY = 0.001


@pytest.mark.long
@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_measurement_yields_rows(name: str) -> None:
    rows = list(BENCHMARKS[name].rows(TINY))
    assert rows
    assert all(row.work for row in rows)
