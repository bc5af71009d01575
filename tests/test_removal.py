"""An article is taken back while the daemon runs: in its feeds, at its page, for good."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from aggregator.pipeline.tasks import Task
from aggregator.schedule.mailbox import Mailbox
from tests.cli.inside import aggregator
from tests.test_daemon import Site, running, until
from tests.web import document, rss, serving


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    made.answers["/feed"] = document(rss("one", "two", "three"))
    with serving(made.answers) as port:
        made.configure(port)
        yield made


def get(site: Site, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{site.port}/{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def test_it_is_live_while_the_daemon_runs_and_stays_so(site: Site) -> None:
    with running(site):
        until(lambda: site.titles() == ["three", "two", "one"])
        told = aggregator(site.folder, "explain", "https://paper.example/two", "--json").json()
        page = next(path for path in told["documents"] if path.endswith(".html"))
        assert get(site, page)[0] == 200
        begun = time.monotonic()
        done = aggregator(site.folder, "article", "hide", told["id"], "--reason", "wrong", "--json")
        assert done.status == 0, done.err
        assert "paper/rss.xml" in done.json()["published"]
        status, gone = get(site, page)
        assert time.monotonic() - begun < 60
        assert (status, "This article was taken down" in gone) == (410, True)
        assert "two" not in get(site, "paper/rss.xml")[1].replace("https://paper.example/two", "")
        assert site.titles() == ["three", "one"]
        assert 'ref="https://paper.example/two"' in get(site, "all/atom.xml")[1]
        assert aggregator(site.folder, "article", "show", told["id"]).status == 0
        assert (get(site, page)[0], site.titles()) == (200, ["three", "two", "one"])
        down = aggregator(site.folder, "article", "takedown", told["id"], "--reason", "order")
        assert down.status == 0, down.err
        site.answers["/feed"] = document(rss("one", "two", "three", "four"))
        until(lambda: len(site.titles()) == 4)
        assert site.titles() == ["four", "three", "This article was taken down", "one"]
        assert get(site, page)[0] == 410
        refused = aggregator(site.folder, "article", "show", told["id"])
        assert (refused.status, "gone for good" in refused.err) == (1, True)
    with running(site):
        assert get(site, page)[0] == 410
        assert len(site.titles()) == 4
    log = aggregator(site.folder, "article", "log", "--json").json()
    assert [one["action"] for one in log] == ["takedown", "show", "hide"]
    assert list((site.folder / "aggregator.db.tasks").iterdir()) == []


def test_what_is_held_is_released_while_the_daemon_runs(site: Site) -> None:
    site.answers["/feed"] = document(rss(*(f"old-{number}" for number in range(12))))
    with running(site):
        until(lambda: len(site.titles()) == 12)
        news = rss(*(f"new-{number}" for number in range(12)), site="https://new.example")
        site.answers["/feed"] = document(news.replace(b"Text of new", b"Text of old"))

        def held() -> int:
            sources = aggregator(site.folder, "status", "--json").json()["sources"]
            return int(sources[0]["held"])

        until(lambda: held() > 0)
        count = held()
        done = aggregator(site.folder, "release", "paper", "--json").json()
        assert done["released"] == count
        assert "paper/rss.xml" in done["published"]
        assert len(site.titles()) == 12 + count
        assert json.loads(get(site, "healthz")[1])["ok"]


def test_what_was_asked_of_a_daemon_that_was_killed_is_done_by_the_next_one(site: Site) -> None:
    with running(site):
        until(lambda: len(site.titles()) == 3)
        told = aggregator(site.folder, "explain", "https://paper.example/two", "--json").json()
    Mailbox(site.folder / "aggregator.db").post(Task("hide", (told["id"],), "", "left behind"))
    with running(site):
        until(lambda: site.titles() == ["three", "one"])
    (act,) = aggregator(site.folder, "article", "log", "--json").json()
    assert (act["action"], act["reason"]) == ("hide", "left behind")
