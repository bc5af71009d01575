from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.config.settings import Settings
from aggregator.edition import marks
from aggregator.model import Article, SourceState
from aggregator.pipeline.publication import Publisher
from aggregator.pipeline.upkeep import keep_house
from aggregator.publish import manifest
from aggregator.store.editions import Editions
from aggregator.store.intake import Intake
from aggregator.store.writer import Store
from tests.articles import NOW, article
from tests.command import files
from tests.stores import new_store


class Press:
    """A store and a folder, and a clock that can be moved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOW
        self.store = new_store(folder / "aggregator.db")
        self.settings = self.configured()

    def configured(self, **tables: Any) -> Settings:
        publish = {"directory": self.folder / "feeds", **tables.pop("publish", {})}
        return Settings.model_validate({"publish": publish, **tables})

    def take_in(self, *articles: Article) -> None:
        for found in articles:
            with self.store.transaction():
                self.store.take_in(Intake(SourceState(found.source, last_ok_at=NOW), (found,)))

    def publish(self, *, everything: bool = False) -> set[str]:
        publisher = Publisher(self.settings, self.store, clock=lambda: self.now)
        return set(publisher.publish(everything=everything))

    def titles(self, slug: str) -> list[str]:
        feed = json.loads((self.folder / "feeds" / slug / "feed.json").read_bytes())
        return [item["title"] for item in feed["items"]]

    def paths(self) -> set[str]:
        return set(files(self.folder / "feeds"))


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    made = Press(tmp_path)
    yield made
    made.store.close()


def page(found: Article) -> str:
    return f"world/{found.published:%Y/%m/%d}/{found.id}.html"


def test_everything_is_written_once_and_then_nothing(press: Press) -> None:
    press.take_in(article(1), article(2))
    written = press.publish()
    assert {"world/rss.xml", "all/atom.xml", "index.html", page(article(1))} <= written
    assert written | {"manifest.json"} == press.paths()
    before = files(press.folder / "feeds")
    assert press.publish() == set()
    assert files(press.folder / "feeds") == before


def test_the_manifest_names_every_file_with_its_hash(press: Press) -> None:
    press.take_in(article(1))
    press.publish()
    manifest = json.loads((press.folder / "feeds" / "manifest.json").read_bytes())
    assert set(manifest["documents"]) == press.paths() - {"manifest.json"}
    recorded = {record.path: record.sha256 for record in press.store.records()}
    assert manifest["documents"] == recorded


def test_one_new_article_touches_its_category_everything_and_home(press: Press) -> None:
    press.take_in(article(1), article(2, categories=("Science",)))
    press.publish()
    press.take_in(article(3))
    folders = {path.split("/")[0] for path in press.publish()}
    assert folders == {"world", "all", "_posts", "index.html"}


def test_an_edited_article_is_rendered_again_under_the_same_addresses(press: Press) -> None:
    press.take_in(article(1))
    press.publish()
    before = press.paths()
    press.take_in(article(1, title="Corrected"))
    assert page(article(1)) in press.publish()
    assert press.paths() == before
    assert press.titles("world") == ["Corrected"]


def test_an_article_that_moves_takes_its_page_along(press: Press) -> None:
    press.take_in(article(1))
    press.publish()
    press.take_in(article(1, categories=("Science",)))
    changed = press.publish()
    assert page(article(1)) in changed
    assert page(article(1)) not in press.paths()
    assert page(article(1)).replace("world/", "science/") in press.paths()
    assert press.titles("world") == []


def test_articles_leave_the_feeds_with_the_window_and_their_posts_move(press: Press) -> None:
    press.settings = press.configured(publish={"window": "1d"})
    press.take_in(article(1, guid="young"), article(23, guid="old"))
    press.publish()
    assert press.titles("world") == ["Title 1", "Title 23"]
    press.now = NOW + timedelta(hours=2)
    changed = press.publish()
    assert press.titles("world") == ["Title 1"]
    assert {"old_post/2026-11-21-old.md", "_posts/2026-11-21-old.md"} <= changed
    assert "_posts/2026-11-21-old.md" not in press.paths()
    assert "_posts/2026-11-22-young.md" in press.paths()
    assert page(article(23, guid="old")) in press.paths(), "its page keeps its address"
    assert press.publish() == set()


def test_an_own_feed_selects_and_is_written_with_the_formats_it_asks_for(press: Press) -> None:
    feed = {"id": "birds", "title": "Birds", "match": "(?i)stork", "formats": ["json"]}
    press.settings = press.configured(feed=[feed])
    press.take_in(article(1), article(2, title="Storks return"))
    press.publish()
    assert press.titles("birds") == ["Storks return"]
    assert {path for path in press.paths() if path.startswith("birds/")} == {"birds/feed.json"}
    press.settings = press.configured()
    press.publish()
    assert not any(path.startswith("birds/") for path in press.paths())


def test_the_list_of_feeds_names_those_that_exist_in_the_operators_groups(press: Press) -> None:
    feed = {"id": "birds", "title": "Birds", "match": "Stork", "formats": ["json"], "group": "新闻"}
    science = {"science": {"group": "新闻"}}
    press.settings = press.configured(feed=[feed], category=science)
    press.take_in(article(1), article(2, title="Storks return", categories=("Science",)))
    press.publish()
    feeds = press.folder / "feeds"
    listed = re.findall(
        r'xmlUrl="http://127.0.0.1:8080/([^"]+)"', (feeds / "feeds.opml").read_text()
    )
    assert listed == ["all/atom.xml", "world/atom.xml", "birds/feed.json", "science/atom.xml"]
    assert all((feeds / path).is_file() for path in listed)
    assert b"science" in (feeds / "feeds-xinwen.opml").read_bytes()
    assert (feeds / ".well-known/feeds").read_bytes() == (feeds / "feeds.opml").read_bytes()


def test_an_article_that_stands_nowhere_else_is_in_the_sitemap(press: Press) -> None:
    own = article(1, link="", share_link="")
    press.take_in(own, article(2))
    press.publish()
    sitemap = press.folder / "feeds" / "sitemap.xml"
    assert sitemap.read_text().count("<url>") == 7, "the site's three, all's two, world, and one"
    assert page(own) in sitemap.read_text()
    press.take_in(article(1))
    press.publish()
    assert page(own) not in sitemap.read_text()


def test_posts_of_two_sources_with_one_name_are_two_posts(press: Press) -> None:
    press.take_in(article(1, guid="NW1"), article(1, guid="NW1", source="other"))
    press.publish()
    posts = sorted(path for path in press.paths() if path.startswith("_posts/"))
    other = article(1, guid="NW1", source="other")
    assert posts == [f"_posts/2026-11-22-NW1-{other.id}.md", "_posts/2026-11-22-NW1.md"]
    assert press.publish(everything=True) == set()


def test_another_credit_line_renders_everything_again(press: Press) -> None:
    press.take_in(article(1))
    press.publish()
    press.settings = press.configured(publish={"credit": "Thanks to {publisher}"})
    assert page(article(1)) in press.publish()
    assert "Thanks to The Paper" in (press.folder / "feeds/world/rss.xml").read_text()


def test_what_may_be_published_of_a_source_is_a_matter_of_the_next_publication(
    press: Press,
) -> None:
    text = "<p>" + "One sentence of many. " * 30 + "</p>"
    paper = {"id": "paper", "url": "https://paper.example/rss"}
    press.settings = press.configured(source=[paper])
    press.take_in(article(1, content=text), article(2, source="other", content=text))
    press.publish()
    before = files(press.folder / "feeds")
    press.settings = press.configured(source=[{**paper, "content": "link"}])
    assert page(article(1)) in press.publish()
    assert "One sentence" not in (press.folder / "feeds" / page(article(1))).read_text()
    assert press.publish() == set()
    press.settings = press.configured(source=[paper])
    press.publish()
    after = files(press.folder / "feeds")
    del before["manifest.json"], after["manifest.json"]
    assert {path: body for path, (_, body) in after.items()} == {
        path: body for path, (_, body) in before.items()
    }


def test_a_source_without_articles_renders_only_the_page_of_sources_again(press: Press) -> None:
    press.take_in(article(1))
    press.publish()
    new = {"id": "new", "url": "https://new.example/rss", "content": "excerpt"}
    press.settings = press.configured(source=[new])
    assert not Publisher(press.settings, press.store)._terms_changed()
    assert press.publish() == {"sources.html"}
    assert press.publish() == set()


def test_what_went_missing_is_put_back_at_the_start(press: Press) -> None:
    press.take_in(article(1))
    press.publish()
    before = {path: body for path, (_, body) in files(press.folder / "feeds").items()}
    (press.folder / "feeds" / page(article(1))).unlink()
    (press.folder / "feeds" / "world" / "rss.xml").unlink()
    Publisher(press.settings, press.store, clock=lambda: press.now).repair()
    assert press.publish() == {page(article(1)), "world/rss.xml"}
    after = {path: body for path, (_, body) in files(press.folder / "feeds").items()}
    assert {**after, "manifest.json": b""} == {**before, "manifest.json": b""}


@pytest.mark.parametrize("body", [b"x", b"", None])
def test_everything_that_is_not_as_it_was_written_is_written_again(
    press: Press, body: bytes | None
) -> None:
    press.take_in(article(1))
    press.publish()
    before = files(press.folder / "feeds")
    for path, (_, written) in before.items():
        file = press.folder / "feeds" / path
        file.write_bytes(bytes(len(written)) if body is None else body)
    publisher = Publisher(press.settings, press.store, clock=lambda: press.now)
    assert set(publisher.publish(everything=True)) == before.keys() - {"manifest.json"}
    after = files(press.folder / "feeds")
    del before["manifest.json"]
    assert {path: after[path][1] for path in before} == {
        path: written for path, (_, written) in before.items()
    }
    assert manifest.read(after["manifest.json"][1]).keys() == before.keys()


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"{")])
def test_a_manifest_that_is_lost_is_written_again_at_the_start(
    press: Press, damage: Callable[[Path], object]
) -> None:
    press.take_in(article(1))
    press.publish()
    path = press.folder / "feeds" / "manifest.json"
    before = manifest.read(path.read_bytes())
    damage(path)
    Publisher(press.settings, press.store, clock=lambda: press.now).repair()
    assert manifest.read(path.read_bytes()) == before


def test_a_crash_between_the_files_and_their_record_only_repeats_the_same_bytes(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.take_in(article(1))
    with monkeypatch.context() as patch:
        patch.setattr(Store, "published", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            press.publish()
    halfway = files(press.folder / "feeds")
    assert halfway
    press.publish()
    after = files(press.folder / "feeds")
    del halfway["manifest.json"]  # it counts how often anything was written
    assert {path: after[path][1] for path in halfway} == {
        path: body for path, (_, body) in halfway.items()
    }


def test_the_same_articles_on_another_machine_give_the_same_bytes(
    press: Press, tmp_path_factory: pytest.TempPathFactory
) -> None:
    articles = [article(number) for number in range(1, 6)]
    press.take_in(*articles)
    press.publish()
    other = Press(tmp_path_factory.mktemp("other"))
    other.take_in(*reversed(articles))
    other.publish()
    other.store.close()
    here = {path: body for path, (_, body) in files(press.folder / "feeds").items()}
    there = {path: body for path, (_, body) in files(other.folder / "feeds").items()}
    del here["manifest.json"], there["manifest.json"]
    assert there == here


def test_old_articles_leave_store_and_folder_but_a_quiet_category_keeps_its_own(
    press: Press,
) -> None:
    press.settings = press.configured(publish={"entries": 2}, store={"keep": "30d"})
    quiet = article(50, source="quiet", categories=("Quiet",))
    press.take_in(*(article(number) for number in range(1, 6)), quiet)
    press.publish()
    later = NOW + timedelta(days=31)
    keep_house(press.settings, press.store, later)
    press.publish()
    keep_house(press.settings, press.store, later + timedelta(days=1))
    assert press.store.article_total() == 3
    assert page(article(5)) not in press.paths()
    assert press.titles("quiet") == ["Title 50"]
    assert press.titles("world") == ["Title 1", "Title 2"]


def test_a_store_that_keeps_an_hour_lets_go_within_the_hour(press: Press) -> None:
    press.settings = press.configured(publish={"entries": 1}, store={"keep": "1h"})
    press.take_in(article(1), article(2))
    keep_house(press.settings, press.store, NOW)
    for minutes in (65, 80):
        press.publish()
        keep_house(press.settings, press.store, NOW + timedelta(minutes=minutes))
    assert press.store.article_total() == 1


def test_no_time_but_the_articles_own_is_in_a_document(press: Press) -> None:
    press.take_in(article(1))
    press.publish()
    before = files(press.folder / "feeds")
    press.now = datetime(2031, 1, 1, tzinfo=NOW.tzinfo)
    press.publish(everything=True)
    assert files(press.folder / "feeds") == before


def test_a_changed_template_has_every_page_written_again(press: Press) -> None:
    press.take_in(article(1), article(2))
    press.publish()
    (press.folder / "own").mkdir()
    press.settings = press.configured(publish={"templates": press.folder / "own"})
    assert press.publish() == set()  # nothing stands in it yet
    (press.folder / "own" / "article.html.jinja").write_text("{{ row.title }}", encoding="utf-8")
    assert press.publish() == {page(article(1)), page(article(2))}
    assert press.publish() == set()
    assert (press.folder / "feeds" / page(article(1))).read_bytes() == b"Title 1"


def test_a_category_that_has_another_name_is_no_channel_any_more(press: Press) -> None:
    press.take_in(article(1))
    press.publish()
    press.settings = press.configured(category={"news": {"formerly": ["world"]}})
    press.take_in(article(2, categories=("News",)))
    press.publish()
    assert {"news/rss.xml", page(article(1))} <= press.paths()
    assert not {"world/rss.xml", "world/index.html"} & press.paths()
    assert b"world/rss.xml" not in (press.folder / "feeds/feeds.opml").read_bytes()
    press.settings = press.configured()
    press.publish()
    assert "world/rss.xml" in press.paths()


def test_what_each_edition_of_a_feed_held_is_remembered(press: Press) -> None:
    press.take_in(article(1))
    press.publish()
    first = press.store.record("world/atom.xml")
    press.take_in(article(2))
    press.publish()
    editions = Editions(press.store.path)
    assert first is not None
    earlier = editions.held("world/atom.xml", [first.sha256])
    body = (press.folder / "feeds/world/atom.xml").read_bytes()
    assert earlier is not None
    assert earlier[1] < set(marks(body))
    assert len(earlier[1]) == 1
    assert editions.held("world/index.html", [first.sha256]) is None
    editions.close()
