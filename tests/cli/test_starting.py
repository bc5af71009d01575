from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# What takes long to import, and a command that only reads has no use for.
HEAVY = {
    *("apscheduler", "asyncio", "dateparser", "feedgen", "feedparser", "frontmatter", "httpcore"),
    *("httpx", "jinja2", "lxml", "markdown_it", "nh3", "pebble", "prometheus_client", "pypinyin"),
    *("rapidfuzz", "requests", "rich", "slugify", "sqlite_utils", "starlette", "tomlkit"),
    *("trafilatura", "urllib3", "uvicorn", "watchfiles"),
}
CONFIG = """
[site]
url = "https://news.example"
[[source]]
id = "paper"
url = "https://paper.example/rss"
"""
# A command, and then what it has imported.
RUN = """
import sys
from aggregator.cli import main
sys.argv = ["aggregator", *{words}]
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def imported_by(folder: Path, *words: str) -> set[str]:
    code = RUN.format(words=list(words))
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(said.stderr.split())


@pytest.mark.parametrize("room", ["app", "asking", "terminal"])
def test_what_a_quick_command_does_not_need_is_not_imported(room: str) -> None:
    code = f"import sys, aggregator.cli.{room}; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY.intersection(said.stdout.split())


def test_help_imports_nothing_of_what_commands_do(tmp_path: Path) -> None:
    found = imported_by(tmp_path, "--help")
    assert not (HEAVY | {"pydantic", "sqlite3", "aggregator.config"}) & found


def test_status_imports_nothing_that_only_work_needs(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    assert not HEAVY & imported_by(tmp_path, "status")


def test_a_refresh_without_news_imports_nothing_that_reads_or_renders(tmp_path: Path) -> None:
    feed = '<rss version="2.0"><channel><title>x</title><item><guid>1</guid></item></channel></rss>'
    (tmp_path / "feed.xml").write_text(feed, encoding="utf-8")
    (tmp_path / "config.toml").write_text(CONFIG.replace("https://paper.example/rss", "feed.xml"))
    refresh = ("refresh", "--all", "--no-publish")
    reading = {"feedparser", "aggregator.parse.feed_xml", "aggregator.normalise.article"}
    assert imported_by(tmp_path, *refresh) >= reading
    needless = (HEAVY | reading) - {"requests", "urllib3"}
    assert not needless & imported_by(tmp_path, *refresh)
