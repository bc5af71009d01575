"""What goes out is read again by another parser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.model import Document
from aggregator.pipeline.output import Output, Owned, Portion
from aggregator.sources import KINDS
from tests.config.desk import settings
from tests.stores import new_store

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WHOLE = {"rss.xml": b"<rss>one</rss>", "feed.json": b"{}", "list.opml": b"<opml/>"}
BROKEN = {
    "rss.xml": [b"<rss>", b"<rss>&x;</rss>", b"<rss>\x01</rss>", b"<rss>\xff</rss>", b""],
    "feed.json": [b"{", b"[" * 100_000, b"\xff", b""],
    "list.opml": [b"<opml/><opml/>"],
}


@pytest.fixture
def output(tmp_path: Path) -> Iterator[Output]:
    wanted = settings(tmp_path, "", KINDS)
    store = new_store(wanted.store.path)
    yield Output(wanted, store)
    store.close()


def write(output: Output, name: str, body: bytes) -> list[str]:
    return output.write(Portion([Owned(f"channel:{name}", (Document(name, body),))]), NOW)


@pytest.mark.parametrize("name", WHOLE)
def test_in_the_place_of_what_cannot_be_read_stays_what_was_there(
    output: Output, tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert write(output, name, WHOLE[name]) == [name]
    for body in BROKEN[name]:
        caplog.clear()
        assert write(output, name, body) == []
        assert f"refused: {name} cannot be read" in caplog.text
        assert (tmp_path / "feeds" / name).read_bytes() == WHOLE[name]
    assert write(output, name, WHOLE[name] + b" ") == [name]
