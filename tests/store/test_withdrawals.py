"""What a source has no more goes where that is wanted, and comes back when it is there again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model import Article, Gone, Listing, SourceState
from aggregator.store.asides import Asides
from aggregator.store.flood import is_emptied
from aggregator.store.history import Historian, Standing
from aggregator.store.intake import Counts, Intake
from aggregator.store.reader import EVERYTHING
from aggregator.store.removals import Deed
from tests.articles import NOW, article
from tests.stores import new_store


class Paper:
    """One source that says what it has no more; each document comes an hour after the last."""

    def __init__(self, folder: Path) -> None:
        self.store = new_store(folder / "aggregator.db")
        self.now = NOW

    def brings(
        self, *articles: Article, lists_all: bool = False, deleted: tuple[str, ...] = ()
    ) -> Counts:
        self.now += timedelta(hours=1)
        known = self.store.fingerprints("paper", [one.guid for one in articles])
        unchanged = {one.guid for one in articles if known.get(one.guid) == one.fingerprint}
        fresh = [
            replace(one, first_seen_at=self.now) for one in articles if one.guid not in unchanged
        ]
        present = frozenset(one.guid for one in articles)
        listing = Listing(frozenset(deleted), present if lists_all else None)
        intake = Intake(
            SourceState("paper", last_ok_at=self.now),
            tuple(fresh),
            unchanged=frozenset(unchanged),
            listing=listing,
        )
        with self.store.transaction():
            return self.store.take_in(intake)

    def titles(self) -> list[str]:
        return [found.title for found in self.store.newest(EVERYTHING, 100)]

    def release(self, *, drop: bool = False) -> int:
        with self.store.transaction():
            return self.store.let_go("paper", self.now, drop=drop)

    def leaving(self) -> int:
        return Historian(self.store.path).leaving_counts().get("paper", 0)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    made = Paper(tmp_path)
    yield made
    made.store.close()


def several(*numbers: int) -> list[Article]:
    return [article(number) for number in numbers]


def test_what_is_declared_deleted_is_hidden_until_it_is_brought_again(paper: Paper) -> None:
    paper.brings(*several(1, 2, 3))
    counts = paper.brings(*several(1), deleted=(article(2).guid, "unknown"))
    assert (counts.withdrawn, counts.leaving) == (1, 0)
    assert paper.titles() == ["Title 1", "Title 3"], "absence alone says nothing"
    (gone,) = Asides(paper.store.path).removed("world", 10)
    assert gone.removal
    assert (gone.id, gone.removal.kind, gone.removal.at) == (
        article(2).id, Gone.WITHDRAWN, paper.now,
    )  # fmt: skip
    counts = paper.brings(*several(1, 2))
    assert (counts.changed, counts.withdrawn) == (1, 0)
    assert paper.titles() == ["Title 1", "Title 2", "Title 3"]
    (history,) = Historian(paper.store.path).find([article(2).id])
    assert [(act.action, act.who) for act in history.acts] == [
        ("withdraw", "its source"),
        ("bring back", "its source"),
    ]


def test_what_is_not_in_a_whole_listing_is_hidden_also_when_all_else_is_known(paper: Paper) -> None:
    paper.brings(*several(1, 2, 3))
    assert paper.brings(*several(1, 3), lists_all=True).withdrawn == 1
    assert paper.titles() == ["Title 1", "Title 3"]
    assert paper.brings(*several(1, 3), lists_all=True).withdrawn == 0
    assert paper.brings(*several(1, 2, 3), lists_all=True).changed == 1
    assert paper.titles() == ["Title 1", "Title 2", "Title 3"]


def test_it_comes_back_as_it_is_now(paper: Paper) -> None:
    paper.brings(*several(1, 2))
    paper.brings(*several(1), lists_all=True)
    paper.brings(article(2, title="Put right", fingerprint="g"))
    assert paper.titles() == ["Title 1", "Put right"]


def test_one_that_has_another_guid_now_is_not_missing(paper: Paper) -> None:
    paper.brings(article(1, guid="http://paper.example/1"), article(2))
    moved = article(1, guid="https://paper.example/1", fingerprint="g")
    assert paper.brings(moved, article(2), lists_all=True).withdrawn == 0
    assert paper.titles() == ["Title 1", "Title 2"]


def test_a_source_that_empties_its_listing_empties_nothing_of_ours(paper: Paper) -> None:
    paper.brings(*several(*range(1, 11)))
    for _ in range(2):
        counts = paper.brings(*several(1, 2, 3), lists_all=True)
        assert (counts.withdrawn, counts.leaving) == (0, 7)
    assert len(paper.titles()) == 10
    assert paper.leaving() == 7
    (history,) = Historian(paper.store.path).find([article(9).id])
    assert (history.leaving, history.standing) == (True, Standing.PUBLISHED)
    assert paper.brings(*several(*range(1, 8)), lists_all=True).withdrawn == 3
    assert (len(paper.titles()), paper.leaving()) == (7, 0), "it had been an accident"


@pytest.mark.parametrize("number", [1, 3])
def test_a_listing_of_nothing_is_an_accident_however_little_there_was(
    paper: Paper, number: int
) -> None:
    paper.brings(*several(*range(1, number + 1)))
    assert paper.brings(lists_all=True).leaving == number
    assert len(paper.titles()) == number


def test_too_many_declared_deleted_are_held_too(paper: Paper) -> None:
    paper.brings(*several(*range(1, 11)))
    guids = tuple(one.guid for one in several(*range(1, 7)))
    assert paper.brings(*several(10), deleted=guids).leaving == 6
    assert len(paper.titles()) == 10


def test_the_operator_says_whether_they_go(paper: Paper) -> None:
    paper.brings(*several(*range(1, 11)))
    paper.brings(*several(1, 2), lists_all=True)
    assert paper.release() == 8
    assert paper.titles() == ["Title 1", "Title 2"]
    assert (paper.leaving(), paper.release()) == (0, 0)
    paper.brings(*several(1, 2, 3), lists_all=True)
    assert paper.titles() == ["Title 1", "Title 2", "Title 3"]


def test_or_stay_whatever_the_source_says_from_then_on(paper: Paper) -> None:
    paper.brings(*several(*range(1, 11)))
    paper.brings(*several(1, 2), lists_all=True)
    assert paper.release(drop=True) == 8
    for _ in range(2):
        counts = paper.brings(*several(1, 2), lists_all=True)
        assert (counts.withdrawn, counts.leaving) == (0, 0)
    assert len(paper.titles()) == 10
    assert paper.brings(*several(1), lists_all=True).withdrawn == 1


def test_what_the_operator_shows_again_stays_and_what_he_hides_does_too(paper: Paper) -> None:
    paper.brings(*several(1, 2, 3))
    paper.brings(*several(1), lists_all=True)
    with paper.store.transaction():
        paper.store.removals.show(article(2).id, Deed("anna", paper.now))
        paper.store.removals.hide(article(3).id, Deed("anna", paper.now, "wrong"))
    paper.brings(*several(1), lists_all=True)
    assert paper.titles() == ["Title 1", "Title 2"]
    paper.brings(*several(1, 2, 3), lists_all=True)
    assert paper.titles() == ["Title 1", "Title 2"]


def test_where_the_operator_does_not_want_it_nothing_goes(paper: Paper) -> None:
    paper.brings(*several(1, 2))
    state = SourceState("paper", last_ok_at=NOW)
    with paper.store.transaction():
        paper.store.take_in(Intake(state, (), unchanged=frozenset({article(1).guid})))
    assert paper.titles() == ["Title 1", "Title 2"]


def test_what_was_never_out_or_is_held_or_taken_down_is_left_alone(paper: Paper) -> None:
    state = SourceState("paper", last_ok_at=NOW)
    with paper.store.transaction():
        paper.store.take_in(Intake(state, tuple(several(1, 2, 3)), first=2))
        paper.store.removals.take_down(article(2).id, Deed("anna", NOW, "x"))
    assert paper.brings(*several(1), lists_all=True).withdrawn == 0
    paper.brings(*several(1, 2, 3), lists_all=True)
    assert paper.titles() == ["Title 1"]


def test_how_much_at_once_is_too_much() -> None:
    some = frozenset({"a"})
    assert not is_emptied(5, 6, some)
    assert is_emptied(6, 11, some)
    assert not is_emptied(6, 12, some)
    assert is_emptied(6, 11, None)
    assert is_emptied(1, 100, frozenset())
    assert not is_emptied(0, 0, frozenset())
