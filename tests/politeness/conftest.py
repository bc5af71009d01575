from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.polling import Polling, polling


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Polling]:
    """Give an aggregator without sources, its server and its clock."""
    with polling(tmp_path) as made:
        yield made
