"""An article is rendered once for each feed format, and feeds are the same as if each time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aggregator.model import Article, Attribution, Channel
from aggregator.pipeline.publication import Publisher
from aggregator.publish import atom, json_feed, opml, rss
from aggregator.store.removals import Deed
from aggregator.store.writer import Store
from tests.articles import NOW, article
from tests.command import files
from tests.pipeline.test_publication import Press


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    made = Press(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count what is rendered, by title: one for each format."""
    counted: Counter[str] = Counter()
    for module, name in ((rss, "item"), (atom, "entry"), (json_feed, "item")):
        real = getattr(module, name)

        def counting(press: Any, found: Article, language: str, real: Any = real) -> bytes:
            counted[found.title] += 1
            return bytes(real(press, found, language))

        monkeypatch.setattr(module, name, counting)
    return counted


def kept(store: Store) -> list[str]:
    rows = store._all("SELECT id FROM fragment JOIN identity USING (n) ORDER BY id")
    return [row[0] for row in rows]


def bodies(press: Press) -> dict[str, bytes]:
    found = {path: body for path, (_, body) in files(press.folder / "feeds").items()}
    del found["manifest.json"]
    return found


def test_each_article_is_rendered_once_for_all_feeds(press: Press, rendered: Counter[str]) -> None:
    press.take_in(article(2), article(3))
    press.publish()
    assert rendered == {"Title 2": 3, "Title 3": 3}
    press.take_in(article(1))
    press.publish()
    assert rendered == {"Title 1": 3, "Title 2": 3, "Title 3": 3}


def test_an_article_that_changes_is_rendered_again(press: Press, rendered: Counter[str]) -> None:
    press.take_in(article(1), article(2))
    press.publish()
    rendered.clear()
    press.take_in(article(1, title="Corrected"))
    press.publish()
    assert rendered == {"Corrected": 3}
    assert press.titles("world") == ["Corrected", "Title 2"]


def test_feeds_of_kept_fragments_are_those_that_would_be_rendered(press: Press) -> None:
    for number in range(9, 0, -1):
        press.take_in(article(number, categories=("World", f"C{number % 2}")))
        press.publish()
    press.take_in(article(4, title="Corrected <b>", content="<p>&amp; other</p>"))
    press.publish()
    spliced = bodies(press)
    press.publish(everything=True)
    assert bodies(press) == spliced


def test_another_language_of_a_category_has_fragments_of_its_own(
    press: Press, rendered: Counter[str]
) -> None:
    table = {"world": {"language": "de"}}
    press.settings = press.configured(category=table)
    press.take_in(article(1))
    press.publish()
    assert rendered == {"Title 1": 6}
    assert b"<dc:language>en</dc:language>" in bodies(press)["world/rss.xml"]
    assert b"<dc:language>" not in bodies(press)["all/rss.xml"]


def test_another_credit_line_makes_fragments_anew(press: Press, rendered: Counter[str]) -> None:
    press.take_in(article(1))
    press.publish()
    rendered.clear()
    press.settings = press.configured(publish={"credit": "From {publisher}"})
    press.publish()
    assert rendered == {"Title 1": 3}
    assert b"From The Paper" in bodies(press)["world/rss.xml"]


def test_less_of_an_article_in_an_own_feed_is_not_taken_for_all_of_it(press: Press) -> None:
    feed = {"id": "short", "title": "Short", "content": "link"}
    press.settings = press.configured(feed=[feed])
    press.take_in(article(1))
    press.publish()
    press.take_in(article(2))
    press.publish()
    assert b"Text of article 1." not in bodies(press)["short/rss.xml"]
    assert b"Text of article 1." in bodies(press)["world/rss.xml"]


def test_nothing_is_kept_of_what_is_taken_down(press: Press) -> None:
    press.take_in(article(1), article(2))
    press.publish()
    ids = sorted(one.id for one in (article(1), article(2)))
    assert kept(press.store) == ids
    with press.store.transaction():
        press.store.removals.take_down(article(1).id, Deed("operator", NOW))
    assert kept(press.store) == [article(2).id]
    press.publish()
    assert kept(press.store) == [article(2).id]


def test_nothing_is_kept_of_what_is_to_be_written_again(press: Press) -> None:
    press.take_in(article(1))
    press.publish()
    with press.store.transaction():  # as is done where another one joins its story
        press.store._connection.execute("UPDATE article SET dirty = 1")
    assert kept(press.store) == []


def test_a_killed_publication_leaves_a_manifest_that_the_next_one_completes(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.take_in(article(1), article(2, categories=("Science",)))
    real = Store.published
    with monkeypatch.context() as patch:

        def killed_at_home(store: Store, publication: Any) -> None:
            if "" in publication.channels:
                raise KeyboardInterrupt
            real(store, publication)

        patch.setattr(Store, "published", killed_at_home)
        patch.setattr("aggregator.pipeline.output._OWNERS_AT_ONCE", 1)
        with pytest.raises(KeyboardInterrupt):
            press.publish()
    assert press.publish() != set(), "home was not out"
    manifest = json.loads((press.folder / "feeds" / "manifest.json").read_bytes())
    assert set(manifest["documents"]) == press.paths() - {"manifest.json"}


def test_a_publication_in_many_portions_is_as_one_in_a_single_one(
    press: Press, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [article(number, categories=(f"C{number % 4}",)) for number in range(1, 20)]
    press.take_in(*articles)
    press.publish()
    other = Press(tmp_path_factory.mktemp("other"))
    other.take_in(*articles)
    monkeypatch.setattr("aggregator.pipeline.output._OWNERS_AT_ONCE", 2)
    other.publish()
    other.store.close()
    assert files(other.folder / "feeds").keys() == files(press.folder / "feeds").keys()
    here, there = (files(one.folder / "feeds") for one in (press, other))
    assert {path: body for path, (_, body) in here.items()} == {
        path: body for path, (_, body) in there.items()
    }


def test_the_lists_of_the_site_are_rendered_where_they_change_alone(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    real = opml.documents

    def counting(press: Any, channels: list[Channel]) -> Any:
        made.append(len(channels))
        return real(press, channels)

    monkeypatch.setattr(opml, "documents", counting)
    publisher = Publisher(press.settings, press.store, clock=lambda: press.now)
    press.take_in(article(3))
    publisher.publish()
    press.take_in(article(2))
    publisher.publish()
    assert made == [2], "everything, and one category"
    assert press.paths() >= {"feeds.opml", "sitemap.xml", "about.html"}
    press.take_in(article(1, categories=("Science",)))
    publisher.publish()
    assert made == [2, 3]
    press.take_in(article(0, link="", share_link="", attribution=Attribution("Paper")))
    publisher.publish()
    assert made == [2, 3, 3], "an article that stands nowhere else is in the sitemap"
