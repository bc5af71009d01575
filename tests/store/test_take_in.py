from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.errors import StoreError
from aggregator.model import Article, Attribution, Enclosure, Person, SourceState, Term
from aggregator.store.intake import Counts, Intake
from aggregator.store.reader import EVERYTHING, Reader
from aggregator.store.writer import Store
from tests.articles import NAMING, NOW, article
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = new_store(tmp_path / "aggregator.db")
    yield opened
    opened.close()


def take_in(store: Store, *articles: Article, first: int | None = None) -> Counts:
    source = articles[0].source if articles else "paper"
    with store.transaction():
        return store.take_in(Intake(SourceState(source, last_ok_at=NOW), articles, first))


def titles(store: Store, slug: str = EVERYTHING) -> list[str]:
    return [found.title for found in store.newest(slug, 100)]


def test_an_article_comes_back_as_it_went_in(store: Store) -> None:
    whole = article(
        authors=(Person("Alice Li", "alice@paper.example", "https://paper.example/alice"),),
        attribution=Attribution("南昌日报", "https://a.example/", "https://a.example/f", "i", "©"),
        categories=("World", "南昌日报"),
        tags=("南昌日报新闻", 'a "quoted" tag'),
        terms=(Term("politics", "https://paper.example/terms"),),
        enclosures=(Enclosure("https://paper.example/a.mp3", "audio/mpeg", 10, "Sound", 60),),
        image="https://paper.example/a.png",
        summary="A summary",
        updated=NOW,
    )
    take_in(store, whole)
    assert store.newest(EVERYTHING, 10) == [whole]


def test_articles_come_newest_first_and_a_tie_is_broken_by_id(store: Store) -> None:
    tied = [article(number, published=NOW) for number in (7, 8, 9)]
    take_in(store, article(2), article(1), *tied)
    ids = [found.id for found in store.newest("world", 10)]
    assert ids == [*sorted(found.id for found in tied), article(1).id, article(2).id]


def test_the_same_article_again_changes_nothing(store: Store) -> None:
    take_in(store, article(1))
    assert take_in(store, article(1)) == Counts(new=0, changed=0, unchanged=1)
    assert titles(store) == ["Title 1"]


def test_an_edited_article_keeps_its_ids_its_date_and_its_place_in_time(store: Store) -> None:
    take_in(store, article(1))
    later = NOW + timedelta(days=1)
    edited = article(
        1,
        title="Corrected",
        published=later,
        updated=later,
        first_seen_at=later + timedelta(hours=1),
        public_id="x:y",
    )
    assert take_in(store, edited) == Counts(changed=1)
    assert store.newest(EVERYTHING, 10) == [
        replace(article(1), title="Corrected", updated=later),
    ]


def test_updated_never_goes_back(store: Store) -> None:
    take_in(store, article(1, updated=NOW))
    take_in(store, article(1, title="Corrected"))
    assert store.newest(EVERYTHING, 1)[0].updated == NOW


def test_an_article_without_a_date_is_not_updated_by_being_looked_at(store: Store) -> None:
    take_in(store, article(1, published=NOW, updated=NOW))
    later = NOW + timedelta(days=1)
    seen = {"published": later, "updated": later, "first_seen_at": later}
    assert take_in(store, article(1, **seen)) == Counts(unchanged=1)
    assert take_in(store, article(1, title="Corrected", **seen)) == Counts(changed=1)
    assert store.newest(EVERYTHING, 1)[0].updated == NOW


def test_an_article_that_moves_to_another_category_leaves_the_old_one(store: Store) -> None:
    take_in(store, article(1))
    take_in(store, article(1, categories=("Science",)))
    assert titles(store, "world") == []
    assert titles(store, "science") == ["Title 1"]
    assert store.dirty_channels(NOW) == {"world", "science", EVERYTHING}


def test_of_a_new_source_only_the_newest_are_published_and_all_are_kept(store: Store) -> None:
    take_in(store, *(article(number) for number in range(1, 31)), first=20)
    assert len(titles(store)) == 20
    assert titles(store)[0] == "Title 1"
    assert store.article_total() == 30


def test_what_a_known_source_brings_later_is_published_whatever_its_age(store: Store) -> None:
    take_in(store, article(1), first=1)
    take_in(store, *(article(number) for number in range(2, 10)), first=1)
    assert len(titles(store)) == 9


def test_a_source_that_came_up_empty_first_has_been_met(store: Store) -> None:
    take_in(store)
    take_in(store, article(1), article(2), first=1)
    assert len(titles(store)) == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"guid": "http://paper.example/a"}, {"guid": "https://paper.example/a"}),
        ({"guid": "http://paper.example/a"}, {"guid": "http://www.paper.example/a"}),
        (
            {"guid": "a1", "link": "http://x.example/a"},
            {"guid": "b7", "link": "https://x.example/a"},
        ),
        (
            {"guid": "1", "link": "https://x.example/old", "content": "<p>Long text</p>"},
            {"guid": "2", "link": "https://x.example/new", "content": "<p>Long text</p>"},
        ),
        (
            {"guid": "1", "link": "https://x.example/a", "title": "Old title"},
            {"guid": "2", "link": "https://x.example/a", "title": "New title"},
        ),
    ],
    ids=["https", "other host", "new guid, same link and title", "same text", "same link and date"],
)
def test_an_article_whose_guid_changes_is_known_again(
    store: Store, old: dict[str, str], new: dict[str, str]
) -> None:
    take_in(store, article(1, **old))
    assert take_in(store, article(1, **new)).new == 0
    assert len(titles(store)) == 1
    assert take_in(store, article(1, **new)) == Counts(unchanged=1)


def test_200_articles_that_all_change_their_guids_bring_nothing_new(store: Store) -> None:
    def document(scheme: str) -> list[Article]:
        return [article(n, guid=f"{scheme}://paper.example/{n}") for n in range(200)]

    take_in(store, *document("http"))
    before = [found.public_id for found in store.newest(EVERYTHING, 300)]
    assert take_in(store, *document("https")).new == 0
    assert [found.public_id for found in store.newest(EVERYTHING, 300)] == before


def test_two_articles_of_one_document_are_two_whatever_they_share(store: Store) -> None:
    same = {"link": "https://paper.example/live", "title": "Live", "published": NOW}
    assert take_in(store, article(1, guid="a", **same), article(2, guid="b", **same)).new == 2
    # The link and the title now belong to two articles, so they name neither of them.
    assert take_in(store, article(3, guid="c", **same)).new == 1


def test_two_articles_with_one_link_and_other_titles_and_dates_are_two(store: Store) -> None:
    take_in(store, article(1, guid="a", link="https://paper.example/live"))
    assert take_in(store, article(2, guid="b", link="https://paper.example/live")).new == 1


def test_an_alias_of_another_source_is_no_alias(store: Store) -> None:
    take_in(store, article(1, guid="http://paper.example/a"))
    other = article(1, guid="https://paper.example/a", source="copy", public_id="urn:x")
    assert take_in(store, other).new == 1


def test_a_public_id_that_another_source_uses_is_replaced_by_one_of_our_own(store: Store) -> None:
    take_in(store, article(1, guid="https://shared.example/1"))
    take_in(store, article(1, guid="https://shared.example/1", source="copy"))
    ids = {found.source: found.public_id for found in store.newest(EVERYTHING, 10)}
    assert ids["paper"] == "https://shared.example/1"
    assert ids["copy"].startswith("tag:example.org,2026:")


def test_an_article_id_that_is_taken_is_salted(store: Store) -> None:
    take_in(store, article(1))
    take_in(store, article(2, id=article(1).id))
    ids = [found.id for found in store.newest(EVERYTHING, 10)]
    assert ids == [article(1).id, NAMING.article_id("paper", "https://paper.example/2", 1)]


def test_two_new_entries_with_one_guid_are_two_and_the_later_one_keeps_it(store: Store) -> None:
    assert take_in(store, article(1, guid="a"), article(2, guid="a"), article(3)).new == 3
    assert titles(store) == ["Title 1", "Title 2", "Title 3"]
    assert len({found.public_id for found in store.newest(EVERYTHING, 10)}) == 3
    assert take_in(store, article(2, guid="a", title="Title 2, edited")).changed == 1
    assert titles(store) == ["Title 1", "Title 2, edited", "Title 3"]


def test_two_new_entries_with_one_public_id_get_one_each(store: Store) -> None:
    assert take_in(store, article(1), article(2, public_id=article(1).public_id)).new == 2
    first, second = store.newest(EVERYTHING, 10)
    assert first.public_id == article(1).public_id
    assert second.public_id == NAMING.own_public_id(article(2).id, NOW)


def test_two_new_entries_with_one_id_get_one_each(store: Store) -> None:
    assert take_in(store, article(1), article(2, id=article(1).id), article(3)).new == 3
    ids = [found.id for found in store.newest(EVERYTHING, 10)]
    salted = NAMING.article_id("paper", "https://paper.example/2", 1)
    assert ids == [article(1).id, salted, article(3).id]


@pytest.mark.parametrize("other", [99, 100, 250])  # the last of a hundred, the first, a later one
def test_what_is_alike_in_a_large_document_stays_apart(store: Store, other: int) -> None:
    many = [article(number) for number in range(300)]
    same = article(other, id=many[0].id, public_id=many[0].public_id)
    heard: list[int] = []
    with store.transaction():
        many[other] = same
        intake = Intake(SourceState("paper", last_ok_at=NOW), tuple(many))
        assert store.take_in(intake, heard.append).new == 300
    assert heard == [0, 100, 200]
    found = {one.title: one for one in store.newest(EVERYTHING, 300)}
    own = NAMING.article_id("paper", same.guid, 1)
    assert found["Title 0"].id == many[0].id
    assert (found[same.title].id, found[same.title].public_id) == (
        own,
        NAMING.own_public_id(own, same.published),
    )


def test_news_among_what_is_known_and_changed_is_counted_apart(store: Store) -> None:
    take_in(store, article(2), article(4))
    edited = article(4, title="Edited", fingerprint="another")
    assert take_in(store, article(1), article(2), article(3), edited) == Counts(2, 1, 1)
    assert titles(store) == ["Title 1", "Title 2", "Title 3", "Edited"]


def test_a_category_cannot_take_the_address_of_an_own_feed(store: Store) -> None:
    with store.transaction():
        store.reserve(["world"])
    take_in(store, article(1))
    assert store.categories()["World"].slug == "world-2"


def test_an_own_feed_cannot_take_the_address_of_a_category(store: Store) -> None:
    take_in(store, article(1))
    with store.transaction():
        store.reserve(["world", "rates"])
    take_in(store, article(2, categories=("Rates",)))
    assert {one.slug for one in store.categories().values()} == {"world", "rates-2"}


def test_a_failure_in_a_transaction_leaves_nothing_behind(store: Store) -> None:
    with suppress(ZeroDivisionError), store.transaction():
        store.take_in(Intake(SourceState("paper", etag='"1"'), (article(1),)))
        raise ZeroDivisionError
    assert store.state("paper") == SourceState("paper")
    assert store.article_total() == 0
    take_in(store, article(1))
    assert titles(store, "world") == ["Title 1"]


def test_the_state_of_a_source_comes_back_as_it_went_in(store: Store) -> None:
    state = SourceState(
        "paper",
        etag='W/"x"',
        last_modified="Sun, 22 Nov 2026 10:00:00 GMT",
        body_hash="hash",
        next_due_at=NOW,
        why="because",
        last_attempt_at=NOW,
        last_ok_at=NOW,
        failures=3,
        error="answered 404",
        error_since=NOW,
        bad=2,
    )
    with store.transaction():
        store.take_in(Intake(state))
    assert store.states() == {"paper": state}


def test_a_reader_in_another_thread_sees_what_is_committed(store: Store) -> None:
    reader = Reader(store.path)
    take_in(store, article(1))
    assert reader.fingerprints("paper", ["https://paper.example/1", "other"]) == {
        "https://paper.example/1": "f1"
    }
    reader.close()


def test_reading_where_there_is_no_store_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="run `aggregator refresh` first"):
        Reader(tmp_path / "none.db").states()


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "aggregator.db"
    path.write_text("this is not SQLite " * 100)
    with pytest.raises(StoreError, match="damaged or no SQLite store"):
        Store(path, NAMING)
