"""status as the operator sees it: all sources, one in depth, on a terminal and for programs."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.cli import drawing
from aggregator.model import Tally
from tests.cli.inside import aggregator
from tests.command import command, environment
from tests.web import Answer, document, rss, serving

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    answers: dict[str, Answer] = {
        "/good": document(rss("one", "two")),
        "/bad": document(b"", status=500),
    }
    with serving(answers) as port:
        (tmp_path / "config.toml").write_text(
            '[fetch]\nallow_private = ["127.0.0.0/8"]\n'
            + "".join(
                f'[[source]]\nid = "{name}"\nurl = "http://127.0.0.1:{port}/{name}"\n'
                for name in ("good", "bad")
            )
        )
        aggregator(tmp_path, "--quiet", "refresh")
        yield tmp_path


def test_all_sources_are_told_the_worst_first(folder: Path) -> None:
    bad, good, whole = aggregator(folder, "status").out.splitlines()
    assert bad.startswith("✗ failing\tbad\t0\tnever\t")
    assert "answered 500 Internal Server Error" in bad
    assert "failed once (500): asked again after" in bad
    assert bad.split("\t")[7] == "······✗"
    assert good.startswith("✓ ok\tgood\t2\t")
    assert whole == "2 articles from 2 sources: 1 failing, 1 ok"


def test_one_source_is_told_in_depth(folder: Path) -> None:
    aggregator(folder, "--quiet", "refresh", "bad")
    shown = aggregator(folder, "status", "bad").out
    assert shown.startswith("✗ failing  bad")
    assert len(re.findall(r"✗\t500\t", shown)) == 2
    assert "0 ok, 2 failed, 0 new" in shown
    row = aggregator(folder, "status", "bad", "--json").json()
    assert (row["state"], row["condition"], row["failures"]) == ("failing", "failing", 2)
    assert [(one["status"], one["answered"]) for one in row["attempts"]] == [("failed", 500)] * 2
    assert aggregator(folder, "status", "good", "--json").json()["attempts"][0]["new"] == 2
    assert aggregator(folder, "status", "nobody").status == 2


def test_a_terminal_shows_what_is_amiss_under_its_source(folder: Path) -> None:
    ours, theirs = pty.openpty()
    terminal = environment() | {"TERM": "xterm"}
    subprocess.run(command("status"), cwd=folder, env=terminal, stdout=theirs, check=True)
    lines = os.read(ours, 65536).decode().splitlines()
    os.close(ours)
    os.close(theirs)
    texts = [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in lines]
    assert re.match(r"✗ failing +bad +\d+ s +······✗", texts[1])
    assert texts[2].strip().startswith("answered 500 Internal Server Error")


def test_before_the_first_refresh_every_source_is_new(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[[source]]\nid = "x"\nurl = "https://x.example/"\n')
    assert aggregator(tmp_path, "status").out.splitlines()[0].startswith("· new\tx\t0\tnever")
    row = aggregator(tmp_path, "status", "x", "--json").json()
    assert (row["state"], row["attempts"]) == ("new", [])


def test_a_week_is_drawn_by_what_was_new() -> None:
    days = [Tally(), Tally(failed=2), Tally(ok=3), Tally(ok=3, new=4), Tally(ok=1, failed=5, new=8)]
    assert drawing.week(days) == "·✗▁▅█"
    assert drawing.week([]) == ""
    assert drawing.sparkline([1, 50, 100]) == "▁▅█"


@pytest.mark.parametrize(
    ("number", "words"),
    [(None, "–"), (0, "0"), (24.2, "24/d"), (3.5, "3.5/d"), (0.5, "3.5/w"), (0.1, "3/mo")],
)
def test_rates_are_said_in_the_unit_that_suits_them(number: float | None, words: str) -> None:
    assert drawing.rate(number) == words


@pytest.mark.parametrize(
    ("span", "words"), [(40, "40 s"), (300, "5 min"), (3 * 3600, "3 h"), (86_400 * 12, "12 d")]
)
def test_times_are_told_by_how_long_ago_they_are(span: int, words: str) -> None:
    assert drawing.ago(NOW - timedelta(seconds=span), NOW) == words
    assert drawing.ago(None, NOW) == ""
