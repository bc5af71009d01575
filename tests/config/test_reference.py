"""docs/config.md says what the code says, and its examples load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aggregator.config.reference import reference
from aggregator.config.settings import Settings
from aggregator.config.table import Table
from aggregator.parse.named import FIELDS
from aggregator.publish.formats import FORMATS
from aggregator.sources import KINDS
from tests.config.desk import settings

REFERENCE = reference(KINDS, FORMATS)
EXAMPLES = re.findall(r"```toml\n(.*?)```", REFERENCE, re.DOTALL)
TABLES = [table for table in Table.__subclasses__() if table is not Settings]


def test_the_file_is_up_to_date() -> None:
    file = Path(__file__).parents[2] / "docs" / "config.md"
    assert file.read_text(encoding="utf-8") == REFERENCE, "run `make docs`"


NESTED = ("git", "jekyll", "without")  # tables with a section of their own


OF_KINDS = {key for kind in KINDS.values() for key in (*kind.needs, *kind.takes)}
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)


@every_table
def test_every_table_has_its_section(table: type[Table]) -> None:
    assert f"\n{table.__doc__}\n\n| key | value | default | meaning |" in REFERENCE
    keys = [field.alias or name for name, field in table.model_fields.items()]
    assert all(f"| `{key}` | " in REFERENCE for key in keys if key not in NESTED)


@every_table
def test_every_key_stands_in_an_example(table: type[Table]) -> None:
    for key in (field.alias or name for name, field in table.model_fields.items()):
        used = rf"^(?:# )?{key} =|[{{,] ?{key} =|\[{key}\]|[.\[]{key}[.\]]"
        assert any(re.search(used, example, re.MULTILINE) for example in EXAMPLES), key


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_section_with_the_keys_of_its_own(kind: str) -> None:
    assert f"| [`{kind}`](#kind-{kind}) | {KINDS[kind].summary} | " in REFERENCE
    section = REFERENCE.split(f"\n### Kind {kind}\n")[1].split("\n### ")[0]
    keys = re.findall(r"^\| `(\w+)` \| .* \| (.*) \| .* \|$", section, re.MULTILINE)
    assert {key for key, _ in keys} == KINDS[kind].needs | KINDS[kind].takes
    assert {key for key, default in keys if default == "*required*"} == KINDS[kind].needs
    assert f'kind = "{kind}"' in section or kind == "feed", "an example"


def test_keys_of_kinds_stand_with_their_kinds_alone() -> None:
    common = REFERENCE.split("\n## [[source]]\n")[1].split("\n### ")[0]
    assert not [key for key in OF_KINDS if f"\n| `{key}` | " in common]


def test_the_names_of_fields_are_those_that_an_entry_has() -> None:
    section = REFERENCE.split("\n### [source.fields]\n")[1].split("\n### ")[0]
    rows = re.findall(r"^\| (`.*`) \| ", section, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == FIELDS


def test_every_format_is_named() -> None:
    for name in FORMATS:
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
