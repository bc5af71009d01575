"""Nothing new: nothing is written, nothing changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import aggregator, files
from tests.safety.scale import scaled
from tests.web import document, rss, serving


def configure(folder: Path, port: int) -> None:
    (folder / "config.toml").write_text(
        f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\n'
        f'[[source]]\nid = "paper"\nurl = "http://127.0.0.1:{port}/feed"\n',
        encoding="utf-8",
    )


def test_idle_runs_change_no_byte_and_no_time(tmp_path: Path) -> None:
    with serving({"/feed": document(rss("one", "two", "three"))}) as port:
        configure(tmp_path, port)
        assert aggregator(tmp_path, "refresh").status == 0
        before = files(tmp_path / "feeds")
        for _ in range(scaled("IDLE_RUNS", 2)):
            again = aggregator(tmp_path, "refresh", "--all", "--json")
            assert again.status == 0, again.err
            assert again.json()["published"] == []
        assert files(tmp_path / "feeds") == before


@pytest.mark.long
def test_a_feed_that_changes_every_guid_publishes_nothing_new(tmp_path: Path) -> None:
    titles = [f"News {number} of the day" for number in range(scaled("GUIDS", 200))]
    answers = {"/feed": document(rss(*titles, site="http://paper.example"))}
    with serving(answers) as port:
        configure(tmp_path, port)
        config = tmp_path / "config.toml"
        config.write_text(config.read_text() + 'first = "all"\n')
        assert aggregator(tmp_path, "refresh").status == 0
        before = aggregator(tmp_path, "status", "--json").json()["articles"]
        assert before == len(titles)
        for site in ("https://paper.example", "https://www.paper.example"):
            answers["/feed"] = document(rss(*titles, site=site))
            again = aggregator(tmp_path, "refresh", "--all", "--json").json()["sources"][0]
            assert (again["new"], again["held"]) == (0, 0)
        assert aggregator(tmp_path, "status", "--json").json()["articles"] == before
