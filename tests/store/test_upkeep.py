from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.config.selection import Selection
from aggregator.store.reader import EVERYTHING, Record
from aggregator.store.writer import ChannelState, Publication, Store
from tests.articles import NOW, article
from tests.store.test_take_in import take_in, titles
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = new_store(tmp_path / "aggregator.db")
    yield opened
    opened.close()


def plain(html: str) -> str:
    return html.replace("<p>", "").replace("</p>", "")


def clean(store: Store) -> None:
    ids = [found.id for found, _ in store.walk_dirty()]
    with store.transaction():
        channels = dict.fromkeys(store.dirty_channels(NOW), ChannelState())
        store.published(Publication(article_ids=ids, channels=channels))


def test_a_word_is_found_in_title_and_text_and_not_in_markup(store: Store) -> None:
    take_in(store, article(1, title="Storks return"), article(2, content="<p>storks</p>"))
    assert store.search("storks") == []
    store.index_text(plain)
    assert len(store.search("STORKS")) == 2
    assert store.search("<p>") == []


def test_chinese_is_found_by_words_of_any_length(store: Store) -> None:
    take_in(store, article(1, title="努力实现发展与安全良性互动"), article(2, title="别的"))
    store.index_text(plain)
    for query in ("发", "安全", "发展与安全", "安全 互动", "努力实现 互"):
        assert [found.title for found in store.search(query)] == ["努力实现发展与安全良性互动"]
    assert store.search("安全 别的") == []


@pytest.mark.parametrize(
    ("text", "found", "not_found"),
    [
        ("Storks in the Café Müller", ("stork", "CAFE", "cafe\u0301", "muller"), ("tork", "ork")),
        ("a car named Wagenpark", ("wagen",), ("park",)),
        ("C++ and .NET 4.8", ("c++", ".net", "4.8", "net"), ("c++x", "+++")),
        ("हिन्दी में समाचार", ("हिन्दी", "समा"), ("मा", "हद")),
        ("ประเทศไทยวันนี้", ("ไทย", "วันนี้"), ("ทไท",)),
        ("東京タワーとスカイツリー", ("東京", "タワー", "ツリー"), ("京東",)),
        ("第５届ＡＩ大会", ("AI大会", "5届", "第5届"), ("6届",)),
        ("한국어를 배운다", ("한국어", "배운"), ("국어",)),
    ],
)
def test_words_are_found_by_their_beginning_in_any_script(
    store: Store, text: str, found: tuple[str, ...], not_found: tuple[str, ...]
) -> None:
    take_in(store, article(1, title="", content=text), article(2))
    store.index_text(plain)
    assert [query for query in found if len(store.search(query)) != 1] == []
    assert [query for query in not_found if store.search(query)] == []


@pytest.mark.parametrize(
    "query",
    ['"', "a AND", "NEAR(", "%%%", "_", "' OR 1", "*", "", "col:x", "＂x", "x＂y＂", "x\0y"],
)
def test_no_query_is_an_error(store: Store, query: str) -> None:
    take_in(store, article(1))
    store.index_text(plain)
    assert store.search(query) == []


def test_no_more_is_indexed_at_once_than_is_wanted(store: Store) -> None:
    take_in(store, *(article(number, title=f"storks {number}") for number in range(1, 500)))
    store.index_text(plain, 201)
    assert (store.search_count("storks", 999), store.is_indexed()) == (400, False)
    store.index_text(plain, 201)
    assert (store.search_count("storks", 999), store.is_indexed()) == (499, True)


def test_an_edited_article_is_found_by_its_new_words_only(store: Store) -> None:
    take_in(store, article(1, title="before"))
    store.index_text(plain)
    take_in(store, article(1, title="after"))
    store.index_text(plain)
    assert store.search("before") == []
    assert len(store.search("after")) == 1


def test_old_articles_leave_and_never_come_back_as_new(store: Store) -> None:
    take_in(store, *(article(number) for number in range(1, 6)))
    clean(store)
    with store.transaction():
        store.retire(before=NOW + timedelta(days=1), newest=2)
    assert titles(store) == ["Title 1", "Title 2"]
    assert store.dirty_channels(NOW) == {EVERYTHING, "world"}
    unlisted = [found.title for found, listed in store.walk_dirty() if not listed]
    assert sorted(unlisted) == ["Title 3", "Title 4", "Title 5"]
    clean(store)
    with store.transaction():
        store.retire(before=NOW + timedelta(days=1), newest=2)
    assert store.article_total() == 2
    assert take_in(store, article(3)).new == 0
    assert titles(store) == ["Title 1", "Title 2"]


def test_young_articles_stay_however_many(store: Store) -> None:
    take_in(store, *(article(number) for number in range(1, 6)))
    with store.transaction():
        store.retire(before=NOW - timedelta(days=1), newest=1)
    assert len(titles(store)) == 5


def test_a_publication_is_remembered_and_leaves_nothing_dirty(store: Store) -> None:
    take_in(store, article(1))
    record = Record("world/rss.xml", "channel:world", "00ff", NOW)
    expires_at = NOW + timedelta(hours=5)
    with store.transaction():
        channels = {"world": ChannelState(expires_at), EVERYTHING: ChannelState()}
        store.published(Publication([record], [], [article(1).id], channels))
    assert store.record("world/rss.xml") == record
    assert store.records(["channel:world"]) == [record]
    assert list(store.walk_dirty()) == []
    assert store.dirty_channels(NOW) == set()
    assert store.dirty_channels(expires_at) == {"world"}
    with store.transaction():
        store.published(Publication(removed=["world/rss.xml"], channels={"world": None}))
    assert store.record("world/rss.xml") is None
    assert store.channels() == {EVERYTHING}


def test_a_selection_takes_what_all_its_parts_ask_for(store: Store) -> None:
    take_in(store, article(1, tags=("a",)), article(2, tags=("b",), categories=("Sport",)))
    take_in(store, article(3, source="other", title="Three", tags=("a", "b")))

    def chosen(**wanted: object) -> list[str]:
        selection = Selection.model_validate({"id": "x", "title": "X", **wanted})
        return [found.title for found in store.choice(selection).newest(10)]

    assert chosen() == ["Title 1", "Title 2", "Three"]
    assert chosen(categories=["world"]) == ["Title 1", "Three"]
    assert chosen(categories=["Sport"]) == ["Title 2"]
    assert chosen(sources=["other"]) == ["Three"]
    assert chosen(tags=["b"]) == ["Title 2", "Three"]
    assert chosen(tags=["a"], sources=["paper"]) == ["Title 1"]
    assert chosen(match="(?i)three|article 2") == ["Title 2", "Three"]


def test_shelves_are_those_of_channels_that_show_anything(store: Store) -> None:
    take_in(store, article(1), article(2, categories=("Science",)))
    take_in(store, article(3, categories=("Empty",)))
    states = {
        "world": ChannelState(None, NOW - timedelta(hours=1), "<h2>World</h2>"),
        "science": ChannelState(None, NOW, "<h2>Science</h2>"),
        "empty": ChannelState(),
        EVERYTHING: ChannelState(None, NOW, "<h2>All</h2>"),
    }
    with store.transaction():
        store.published(Publication(channels=states))
    assert store.shelves() == {
        "world": (NOW - timedelta(hours=1), "<h2>World</h2>"),
        "science": (NOW, "<h2>Science</h2>"),
        EVERYTHING: (NOW, "<h2>All</h2>"),
    }


def test_what_is_found_comes_in_pages_and_is_counted(store: Store) -> None:
    take_in(store, *(article(number, title=f"Storks {number}") for number in range(1, 6)))
    store.index_text(plain)
    pages = [store.search("storks", 2, offset) for offset in (0, 2, 4, 6)]
    assert [[found.title for found in page] for page in pages] == [
        ["Storks 1", "Storks 2"],
        ["Storks 3", "Storks 4"],
        ["Storks 5"],
        [],
    ]
    assert store.search_count("storks", 100) == 5
    assert store.search_count("storks", 3) == 3
    assert store.search_count("", 3) == 0
