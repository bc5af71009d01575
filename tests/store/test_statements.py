"""How values get into SQL."""

from __future__ import annotations

import re
from pathlib import Path

STORE = Path(__file__).parents[2] / "aggregator" / "store"


def test_values_are_counted_or_named_but_have_no_numbers() -> None:
    """CPython 3.14 takes `?1` for a name and refuses a list for it; 3.11 says nothing."""
    for path in STORE.rglob("*.py"):
        numbered = re.findall(r"^.*\?\d.*$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert not numbered, f"{path.name}: {numbered[0].strip()}; write :name and give a mapping"
