from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.config.caveats import caveats
from aggregator.config.document import read
from tests.config.desk import SOURCE, WITHOUT_FILES, settings


def warned(folder: Path, text: str, rights: dict[str, list[str]] | None = None) -> list[int]:
    """Return the lines of what is warned of."""
    loaded = settings(folder, text)
    document = read(folder / "config.toml")
    found = caveats(document, loaded, WITHOUT_FILES, lambda source: (rights or {}).get(source, []))
    return [warning.line for warning in found]


@pytest.mark.parametrize(
    "keys",
    ['licence = "CC BY 4.0"', 'licence = "own"', 'content = "excerpt"', 'content = "link"'],
)
def test_full_text_is_warned_of_where_no_licence_allows_it(tmp_path: Path, keys: str) -> None:
    text = f"{SOURCE}{keys}\n{SOURCE.replace('bbc', 'other')}"
    assert warned(tmp_path, text) == [5]


@pytest.mark.parametrize("keys", ['content = "full"', 'licence = "All rights reserved"'])
def test_to_want_it_in_full_is_no_licence(tmp_path: Path, keys: str) -> None:
    assert warned(tmp_path, SOURCE + keys) == [1]


def test_what_the_defaults_say_counts(tmp_path: Path) -> None:
    assert warned(tmp_path, f'[defaults]\ncontent = "excerpt"\n{SOURCE}') == []


def test_what_the_table_of_licences_says_counts(tmp_path: Path) -> None:
    assert warned(tmp_path, f'[publish.licences]\nnone = "excerpt"\n{SOURCE}') == []
    assert warned(tmp_path, f'[publish.licences]\nnone = "full"\n{SOURCE}') == [3]


def test_what_the_articles_themselves_say_counts(tmp_path: Path) -> None:
    assert warned(tmp_path, SOURCE, {"bbc": ["CC BY-SA 4.0"]}) == []
    assert warned(tmp_path, SOURCE, {"bbc": ["CC BY-SA 4.0", "© 2026 BBC"]}) == [1]


def test_a_table_that_makes_several_sources_is_warned_of_once(tmp_path: Path) -> None:
    text = '[[source]]\nid = "m-{m}"\nfor = { m = [1, 2] }\nurl = "https://example.org/{m}"\n'
    loaded = settings(tmp_path, text)
    (warning,) = caveats(read(tmp_path / "config.toml"), loaded, WITHOUT_FILES, lambda _: [])
    assert warning.message == (
        'source "m-{m}": re-publishes full text, and no licence is known that allows it;'
        ' name one with licence = "…", or write content = "excerpt"'
    )


def test_corrections_are_warned_of_where_no_edit_counts(tmp_path: Path) -> None:
    own = SOURCE + 'licence = "own"\n'
    wanted = '[publish]\ncorrections = "new-entry"\n'
    assert warned(tmp_path, wanted + own) == [2]
    assert warned(tmp_path, wanted + own + 'edits = "significant"\n') == []
