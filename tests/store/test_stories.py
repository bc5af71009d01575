"""The same story from several sources: one entry, everybody credited, an id that stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.config.selection import Selection
from aggregator.model import Article, Attribution, SourceState
from aggregator.normalise.stories import WINDOW, same_story, signatures, tokens
from aggregator.store.intake import Intake
from aggregator.store.reader import EVERYTHING
from aggregator.store.stories import Merging
from aggregator.store.writer import ChannelState, Publication
from tests.articles import NOW, article
from tests.stores import new_store
from tests.tellings import BRIDGE, BRIDGE_LATER, BRIDGE_REWRITTEN, METRO, Telling

ENTRY = ["The Mail", "The Echo"]


class Stand:
    """A store that several papers bring their articles to."""

    def __init__(self, folder: Path, *keep: str) -> None:
        self.keep = set(keep)
        merging = Merging(
            signatures, tokens, same_story, WINDOW, lambda slug: slug not in self.keep
        )
        self.store = new_store(folder / "aggregator.db", merging)

    def brings(self, *articles: Article, first: int | None = None) -> None:
        state = SourceState(articles[0].source, last_ok_at=NOW)
        with self.store.transaction():
            self.store.take_in(Intake(state, articles, first))

    def clean(self) -> None:
        """Have everything published."""
        with self.store.transaction():
            ids = [found.id for found, _ in self.store.walk_listed()]
            channels = dict.fromkeys(self.store.channels(), ChannelState())
            self.store.published(Publication(article_ids=ids, channels=channels))

    def shown(self, slug: str = "world") -> dict[str, list[str]]:
        """Return source → who else is named, of the entries at *slug*."""
        return {
            found.source: [report.attribution.publisher for report in found.also]
            for found in self.store.newest(slug, 100)
        }

    def dirty(self) -> set[str]:
        return {found.source for found, _ in self.store.walk_dirty()}


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    made = Stand(tmp_path)
    yield made
    made.store.close()


def tells(source: str, telling: Telling = BRIDGE, hours: float = 1, **changes: Any) -> Article:
    """Return what the paper of *source* has to say, published some hours ago."""
    values: dict[str, Any] = {
        "source": source,
        "guid": f"https://{source}.example/{telling.title}",
        "title": telling.title,
        "content": telling.text,
        "share_link": f"https://{source}.example/1",
        "attribution": Attribution(f"The {source.title()}"),
        "published": NOW - timedelta(hours=hours),
        "first_seen_at": NOW + timedelta(minutes=["paper", "mail", "echo"].index(source)),
        **changes,
    }
    return article(1, **{"updated": values["published"], "public_id": values["guid"], **values})


def test_a_story_of_three_sources_is_one_entry_that_names_all(stand: Stand) -> None:
    stand.brings(tells("paper"))
    alone = stand.store.newest("world", 10)
    stand.brings(tells("mail", BRIDGE_REWRITTEN))
    stand.brings(tells("echo", share_link="https://paper.example/1"))
    for slug in ("world", EVERYTHING):
        assert stand.shown(slug) == {"paper": ENTRY}
    (entry,) = stand.store.newest("world", 10)
    assert replace(entry, also=()) == alone[0], "who joins changes nothing of the entry's own"
    assert [report.share_link for report in entry.also] == [
        "https://mail.example/1",
        "https://paper.example/1",
    ]
    assert stand.store.article_total() == 3


def test_who_joins_has_the_entry_and_its_channels_written_again(stand: Stand) -> None:
    stand.brings(tells("paper", categories=("World", "Bridges")))
    stand.clean()
    assert stand.dirty() == set()
    stand.brings(tells("mail"))
    assert "paper" in stand.dirty()
    assert stand.store.dirty_channels(NOW) == {"world", "bridges", EVERYTHING}
    documents = {found.source: listed for found, listed in stand.store.walk_dirty()}
    assert documents == {"paper": True, "mail": False}, "who is told through another has no page"


def test_who_comes_later_joins_by_what_a_member_tells(stand: Stand) -> None:
    stand.brings(tells("paper", share_link="https://a.example/1"))
    stand.brings(tells("mail", BRIDGE_LATER, share_link="https://a.example/1"))
    stand.brings(tells("echo", BRIDGE_LATER))
    assert stand.shown() == {"paper": ENTRY}


def test_the_reports_stand_in_the_order_they_were_first_seen(stand: Stand) -> None:
    stand.brings(tells("paper"))
    stand.brings(tells("mail", first_seen_at=NOW + timedelta(hours=2)))
    stand.brings(tells("echo", first_seen_at=NOW + timedelta(hours=1)))
    assert stand.shown() == {"paper": ["The Echo", "The Mail"]}


def test_where_stories_are_kept_apart_each_has_its_entry(tmp_path: Path) -> None:
    stand = Stand(tmp_path, "world", EVERYTHING)
    for source in ("paper", "mail", "echo"):
        stand.brings(tells(source))
    assert stand.shown() == {"paper": [], "mail": [], "echo": []}
    stand.store.close()


def test_articles_of_one_source_never_share_an_entry(stand: Stand) -> None:
    stand.brings(tells("paper"), tells("paper", guid="2"), tells("paper", guid="3"))
    assert len(stand.store.newest("world", 10)) == 3
    stand.brings(*(tells("mail", guid=guid) for guid in "abcd"))
    stand.brings(tells("mail", guid="e"))
    entries = [(one.source, len(one.also)) for one in stand.store.newest("world", 10)]
    assert sorted(entries) == [("mail", 0)] * 2 + [("paper", 1)] * 3


def test_only_what_is_near_in_time_is_one_story(stand: Stand) -> None:
    stand.brings(tells("paper", hours=80), tells("paper", guid="2", hours=300))
    stand.brings(tells("mail", hours=1), tells("mail", guid="2", hours=372))
    near = {found.guid: len(found.also) for found in stand.store.newest("world", 10)}
    assert near == {tells("paper").guid: 0, "2": 1, tells("mail").guid: 0}


def test_in_another_category_it_is_an_entry_and_in_a_shared_one_it_is_none(stand: Stand) -> None:
    stand.brings(tells("paper", categories=("Paper", "Bridges")))
    stand.brings(tells("mail", categories=("Mail", "Bridges")))
    assert stand.shown("bridges") == {"paper": ["The Mail"]}
    assert stand.shown("mail") == {"mail": []}
    assert stand.shown(EVERYTHING) == {"paper": ["The Mail"]}
    stand.brings(tells("echo", categories=("Mail",)))
    assert stand.shown("mail") == {"mail": ["The Echo"]}
    assert set(stand.shown(EVERYTHING)) == {"paper"}


def test_where_all_is_kept_apart_only_the_category_merges(tmp_path: Path) -> None:
    stand = Stand(tmp_path, EVERYTHING)
    stand.brings(tells("paper"))
    stand.brings(tells("mail"))
    assert stand.shown() == {"paper": ["The Mail"]}
    assert stand.shown(EVERYTHING) == {"paper": ["The Mail"], "mail": []}
    stand.keep = {"world", EVERYTHING}
    with stand.store.transaction():
        stand.store.part_stories()
    assert stand.shown() == stand.shown(EVERYTHING) == {"paper": [], "mail": []}
    stand.store.close()


def test_a_source_joins_several_stories_but_each_of_them_once(stand: Stand) -> None:
    stand.brings(tells("paper"), tells("paper", METRO))
    stand.brings(tells("mail"), tells("mail", METRO), tells("mail", BRIDGE_REWRITTEN))
    for slug in ("world", EVERYTHING):
        entries = stand.store.newest(slug, 10)
        assert sorted((one.source, len(one.also)) for one in entries) == [
            ("mail", 0),
            ("paper", 1),
            ("paper", 1),
        ]


def test_together_with_every_category_a_source_joins_a_story_once_too(stand: Stand) -> None:
    stand.brings(tells("paper", categories=("World", "Bridges")))
    stand.brings(tells("mail"), tells("mail", guid="2", categories=("Bridges",)))
    assert stand.shown("world") == stand.shown("bridges") == {"paper": ["The Mail"] * 2}
    assert {one.source for one in stand.store.newest(EVERYTHING, 10)} == {"mail", "paper"}


def test_articles_of_different_categories_are_different_entries(stand: Stand) -> None:
    stand.brings(tells("paper", categories=("Paper",)))
    stand.brings(tells("mail", categories=("Mail",)))
    assert stand.shown(EVERYTHING) == {"paper": [], "mail": []}


def test_what_first_contact_does_not_publish_joins_nothing_and_leads_nothing(stand: Stand) -> None:
    stand.brings(tells("paper", BRIDGE_LATER), tells("paper", hours=2), first=1)
    stand.brings(tells("mail"))
    assert stand.shown() == {"paper": [], "mail": []}
    stand.brings(tells("echo", BRIDGE_LATER), tells("echo", hours=3), first=1)
    assert stand.shown() == {"paper": ["The Echo"], "mail": []}


# ── what changes later ────────────────────────────────────────────────────────────────────────────


def test_an_edit_keeps_an_article_in_its_story_and_its_credit_up_to_date(stand: Stand) -> None:
    stand.brings(tells("paper"))
    stand.brings(tells("mail"))
    stand.clean()
    edited = replace(tells("mail"), content=BRIDGE_LATER.text, fingerprint="2")
    stand.brings(replace(edited, attribution=Attribution("The New Mail")))
    assert stand.shown() == {"paper": ["The New Mail"]}
    assert "paper" in stand.dirty()
    assert "world" in stand.store.dirty_channels(NOW)


def test_an_edit_of_the_entry_keeps_those_who_joined(stand: Stand) -> None:
    stand.brings(tells("paper"))
    stand.brings(tells("mail"))
    stand.brings(replace(tells("paper"), content=BRIDGE_LATER.text, fingerprint="2"))
    assert stand.shown() == {"paper": ["The Mail"]}


def test_what_is_compared_is_the_text_as_it_is_now(stand: Stand) -> None:
    stand.brings(tells("paper"))
    stand.brings(
        replace(
            tells("paper"), title=BRIDGE_LATER.title, content=BRIDGE_LATER.text, fingerprint="2"
        )
    )
    stand.brings(tells("mail", BRIDGE_LATER))
    assert stand.shown() == {"paper": ["The Mail"]}


def test_where_the_leader_leaves_a_category_the_first_who_joined_leads(stand: Stand) -> None:
    stand.brings(tells("paper"))
    stand.brings(tells("mail"))
    stand.brings(tells("echo"))
    stand.brings(replace(tells("paper"), categories=("Sport",), fingerprint="2"))
    assert stand.shown("world") == {"mail": ["The Echo"]}
    assert stand.shown("sport") == {"paper": ENTRY}, "everywhere together it still names them"
    assert stand.shown(EVERYTHING) == {"paper": ENTRY}
    listed = {found.source: listed for found, listed in stand.store.walk_dirty()}
    assert listed == {"paper": True, "mail": True, "echo": False}


def test_who_moves_away_from_the_story_becomes_an_entry_there(stand: Stand) -> None:
    stand.brings(tells("paper"))
    stand.brings(tells("mail"))
    stand.brings(replace(tells("mail"), categories=("Sport",), fingerprint="2"))
    assert stand.shown("sport") == {"mail": []}
    assert stand.shown(EVERYTHING) == {"paper": ["The Mail"]}


def test_where_stories_are_kept_apart_from_now_on_everybody_gets_an_entry(stand: Stand) -> None:
    stand.brings(tells("paper"))
    stand.brings(tells("mail"))
    stand.clean()
    with stand.store.transaction():
        stand.store.part_stories()
    assert stand.dirty() == set(), "where nothing has changed, nothing is touched"
    stand.keep = {"world"}
    with stand.store.transaction():
        stand.store.part_stories()
    assert stand.shown() == stand.shown(EVERYTHING) == {"paper": [], "mail": []}
    assert stand.store.dirty_channels(NOW) == {"world", EVERYTHING}
    assert stand.dirty() == {"paper", "mail"}


def test_what_was_held_back_joins_when_it_is_released(stand: Stand) -> None:
    stand.brings(tells("paper", hours=30, share_link="https://paper.example/bridge"))
    stand.brings(*(article(n, source="mail", guid=f"known {n}") for n in range(1, 11)))
    strange = [article(n, source="mail", guid=f"strange {n}", link="") for n in range(20, 29)]
    stand.brings(tells("mail", hours=30), *strange)
    assert stand.shown()["paper"] == []
    with stand.store.transaction():
        assert stand.store.release("mail") == 10
    assert stand.shown()["paper"] == ["The Mail"]
    assert stand.store.article_total() == 21
    assert len(stand.store.newest("world", 100)) == 20


# ── leaving ───────────────────────────────────────────────────────────────────────────────────────


def retire(stand: Stand, before: datetime, newest: int = 0) -> None:
    for _ in range(2):
        with stand.store.transaction():
            stand.store.retire(before, newest)
        stand.clean()


def test_a_story_leaves_the_store_as_a_whole_and_not_before(stand: Stand) -> None:
    stand.brings(tells("paper"), tells("paper", BRIDGE_LATER))
    stand.brings(tells("mail", first_seen_at=NOW + timedelta(hours=40)))
    retire(stand, NOW + timedelta(hours=39))
    assert stand.shown() == {"paper": ["The Mail"]}
    assert stand.store.article_total() == 2, "the other story has left"
    retire(stand, NOW + timedelta(hours=41))
    assert stand.shown() == {}
    assert stand.store.article_total() == 0


def test_who_joined_stays_while_the_entry_is_among_the_newest(stand: Stand) -> None:
    stand.brings(tells("paper"))
    stand.brings(tells("mail"))
    retire(stand, NOW + timedelta(days=100), newest=1)
    assert stand.shown() == {"paper": ["The Mail"]}
    retire(stand, NOW + timedelta(days=100))
    assert stand.store.article_total() == 0
    stand.brings(tells("echo"))
    assert stand.shown() == {"echo": []}, "nobody joins what has left"


# ── selections ────────────────────────────────────────────────────────────────────────────────────


def selected(stand: Stand, **wanted: object) -> list[str]:
    selection = Selection.model_validate({"id": "x", "title": "X", **wanted})
    return [found.source for found in stand.store.choice(selection).newest(10)]


def test_a_feed_of_one_source_shows_the_entry_it_is_told_through(stand: Stand) -> None:
    stand.brings(tells("paper"))
    stand.brings(tells("mail"), tells("mail", BRIDGE_LATER, hours=2))
    assert selected(stand, sources=["mail"]) == ["paper", "mail"]
    assert selected(stand, sources=["echo"]) == []


def test_a_selection_has_a_story_once(stand: Stand) -> None:
    stand.brings(tells("paper", categories=("Paper", "Bridges")))
    stand.brings(tells("mail", categories=("Mail", "Bridges")))
    assert selected(stand) == ["paper"]
    assert selected(stand, categories=["Mail"]) == ["mail"]


def test_who_is_told_through_an_entry_that_is_left_out_stands_alone(stand: Stand) -> None:
    stand.brings(tells("paper", categories=("Paper", "Bridges")))
    stand.brings(tells("mail", categories=("Mail", "Bridges")))
    assert selected(stand, without={"sources": ["paper"]}) == ["mail"]
    assert selected(stand, categories=["Bridges"], without={"sources": ["paper"]}) == ["mail"]
    assert selected(stand, categories=["Bridges"]) == ["paper"]
