"""Search and status, made when they are asked for, from a real store."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.config.settings import Settings
from aggregator.model import SourceState, Tally
from aggregator.normalise.markup import plain
from aggregator.pipeline.pressing import press_for
from aggregator.publish import templating
from aggregator.serve.app import create_app
from aggregator.serve.pages import Desk
from aggregator.store.intake import Intake
from aggregator.store.watcher import Watcher
from tests.articles import NOW, article
from tests.serve.conftest import Current, Shelf, Site
from tests.stores import new_store

SETTINGS = Settings.model_validate(
    {"source": [{"id": "paper", "url": "https://paper.example/rss", "title": "The Paper"}]}
)


@pytest.fixture
def live(site: Site, current: Current, shelf: Shelf, tmp_path: Path) -> Iterator[Site]:
    path = tmp_path / "aggregator.db"
    store = new_store(path)
    articles = tuple(article(number, title=f"Storks {number}") for number in range(1, 46))
    state = SourceState("paper", last_ok_at=NOW, next_due_at=NOW + timedelta(hours=2))
    with store.transaction():
        store.take_in(Intake(state, articles))
        store.count("paper", NOW.date(), Tally(ok=3, failed=1, new=45))
    store.index_text(plain)
    store.close()
    reader = Watcher(path)
    desk = Desk(
        lambda: press_for(SETTINGS, reader, templating.shipped(), NOW), reader, clock=lambda: NOW
    )
    current.app = create_app(shelf, shelf.directory, desk=desk)
    yield site
    reader.close()


def test_articles_are_found_page_by_page(live: Site) -> None:
    first, last = live.get("/search?q=storks"), live.get("/search?q=storks&page=3")
    assert first.status_code == 200
    assert "45 articles were found" in first.text
    assert first.text.count("<li>") == 20
    assert last.text.count("<li>") == 5
    assert "Nothing was found" in live.get("/search?q=cranes").text


@pytest.mark.parametrize(
    "query",
    ["", "?q=", "?q=+++", "?page=9", "?q=storks&page=0", "?q=a&page=-1", "?q=a&page=999999999",
     "?q=%00", "?q=%FF", "?q=" + "a" * 9000, "?q=" + "a+" * 4000, "?q=storks&page=%D9%A3",
     "?q=" + "%22%27%28%2A" * 20],
    ids=range(13),
)  # fmt: skip
def test_no_query_is_an_error(live: Site, query: str) -> None:
    answer = live.get(f"/search{query}")
    assert answer.status_code == 200
    assert '<form class="search"' in answer.text
    assert "\0" not in answer.text


def test_the_sources_standing_is_shown_and_told_to_programs(live: Site) -> None:
    assert "The Paper" in live.get("/status").text
    facts = live.get("/status.json").json()
    assert facts["articles"] == 45
    assert facts["sources"][0]["days"][-1] == {
        "day": f"{NOW:%Y-%m-%d}", "ok": 3, "failed": 1, "new": 45, "not_modified": 0,
    }  # fmt: skip
    assert len(facts["sources"][0]["days"]) == 7


@pytest.mark.parametrize("path", ["/search", "/status", "/status.json"])
def test_live_pages_are_as_safe_as_documents_and_kept_by_nobody(live: Site, path: str) -> None:
    answer = live.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert live.ask("HEAD", path).status_code == 200
    assert live.ask("POST", path, body=b"x").status_code == 405
    assert live.ask("OPTIONS", path).headers["Allow"] == "GET, HEAD, OPTIONS"


def test_many_searches_do_not_keep_documents_waiting(live: Site) -> None:
    with ThreadPoolExecutor(12) as pool:
        searches = [pool.submit(live.get, "/search?q=st") for _ in range(24)]
        assert live.get("/all/rss.xml").elapsed < timedelta(seconds=2)
        assert {search.result().status_code for search in searches} == {200}


def test_without_a_desk_there_are_no_live_pages(site: Site) -> None:
    for path in ("/search", "/status", "/status.json"):
        assert site.get(path).status_code == 404
