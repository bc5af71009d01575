"""docs/config.md says what the code says, and its examples load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aggregator.config.reference import reference
from aggregator.config.settings import Settings
from aggregator.config.table import Table
from aggregator.publish import FORMATS
from aggregator.sources import KINDS
from tests.config.desk import settings

REFERENCE = reference(KINDS, FORMATS)
EXAMPLES = re.findall(r"```toml\n(.*?)```", REFERENCE, re.DOTALL)
TABLES = [table for table in Table.__subclasses__() if table is not Settings]


def test_the_file_is_up_to_date() -> None:
    file = Path(__file__).parents[2] / "docs" / "config.md"
    assert file.read_text(encoding="utf-8") == REFERENCE, "run `make docs`"


NESTED = ("git", "jekyll", "without")  # tables with a section of their own


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_table_has_its_section(table: type[Table]) -> None:
    assert f"\n{table.__doc__}\n\n| key | value | default | meaning |" in REFERENCE
    assert all(f"| `{key}` | " in REFERENCE for key in table.model_fields if key not in NESTED)


def test_every_kind_and_format_is_named() -> None:
    for name in [*KINDS, *FORMATS]:
        assert f"\n| `{name}` | " in REFERENCE


def test_no_place_is_left_unfilled() -> None:
    assert "<!--" not in REFERENCE


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.split("\n")[0])
def test_every_example_loads(tmp_path: Path, example: str) -> None:
    settings(tmp_path, example)


def test_a_default_is_written_as_the_file_would_have_it() -> None:
    for line in (
        '| `keep` | duration, such as `"3d"`, or `"none"` | `"90d"` |',
        '| `window` | duration, such as `"3d"`, or `"none"` | `"none"` |',
        '| `max_size` | size, such as `"10MB"` | `"10MB"` |',
        '| `timezone` | time zone (IANA) | `"UTC"` |',
        '| `content` | `"full"`, `"excerpt"`, `"link"` |  |',
        "| `entries` | number | `100` |",
        "| `id` | name | *required* |",
    ):
        assert line in REFERENCE
