"""docs/politeness.md names a test for everything it says, and says everything that is tested."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

TESTS = Path(__file__).parent
DOCUMENT = TESTS.parent / "docs" / "politeness.md"


def named() -> set[str]:
    return set(re.findall(r"`(test_\w+)`", DOCUMENT.read_text(encoding="utf-8")))


def defined(paths: Iterable[Path]) -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in paths)
    return {name for text in texts for name in re.findall(r"^def (test_\w+)\(", text, re.MULTILINE)}


def test_every_test_that_the_document_names_exists() -> None:
    assert len(named()) > 50
    assert named() - defined(TESTS.rglob("test_*.py")) == set()


def test_the_document_names_every_test_of_politeness() -> None:
    assert defined((TESTS / "politeness").glob("test_*.py")) - named() == set()
