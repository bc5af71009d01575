"""How each form of attribution is written, whole: byte for byte as in `golden/`.

Where a change is meant, `make golden` writes the files anew; what has changed is then to be read.
"""

from __future__ import annotations

import pytest

from tests.publish.forms import GOLDEN, golden

TEXTS = dict(golden())


@pytest.mark.parametrize("name", TEXTS)
def test_attribution_is_written_as_it_was_agreed(name: str) -> None:
    assert TEXTS[name] == (GOLDEN / name).read_text(encoding="utf-8")


def test_every_agreed_file_belongs_to_a_form() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(TEXTS)
