"""What is hidden can be shown again; what is taken down is wiped and never comes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.errors import RemovalError
from aggregator.model import Article, Gone, Provenance, SourceState
from aggregator.store.asides import Asides
from aggregator.store.audit import Act
from aggregator.store.history import Historian
from aggregator.store.intake import Intake
from aggregator.store.reader import EVERYTHING
from aggregator.store.removals import Deed
from aggregator.store.writer import Store
from tests.articles import NOW, article
from tests.store.test_take_in import take_in, titles
from tests.store.test_upkeep import clean
from tests.stores import new_store

LATER = NOW + timedelta(hours=1)
DEED = Deed("anna", LATER, "names a minor")
SECRET = "Eine Zeichenfolge, die sonst nirgends steht: Krähwinkel ÿþý."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = new_store(tmp_path / "aggregator.db")
    yield opened
    opened.close()


def hide(store: Store, one: Article, deed: Deed = DEED) -> bool:
    with store.transaction():
        return store.removals.hide(one.id, deed)


def show(store: Store, one: Article) -> bool:
    with store.transaction():
        return store.removals.show(one.id, replace(DEED, reason=""))


def take_down(store: Store, one: Article, **changes: object) -> bool:
    with store.transaction():
        return store.removals.take_down(one.id, replace(DEED, **changes))  # type: ignore[arg-type]


def removed(store: Store, slug: str, limit: int) -> list[Article]:
    return Asides(store.path).removed(slug, limit)


def log(store: Store, articles: Sequence[str] = (), limit: int = -1) -> list[Act]:
    return Historian(store.path).acts(articles, limit)


def test_what_is_hidden_leaves_every_channel_and_comes_back_where_it_was(store: Store) -> None:
    take_in(store, article(1), article(2), article(3))
    before = store.newest(EVERYTHING, 10)
    assert hide(store, article(2))
    for slug in (EVERYTHING, "world"):
        assert titles(store, slug) == ["Title 1", "Title 3"]
        (gone,) = removed(store, slug, 10)
        assert (gone.public_id, gone.removal and gone.removal.at) == (article(2).public_id, LATER)
    assert show(store, article(2))
    assert store.newest(EVERYTHING, 10) == before
    assert removed(store, "world", 10) == []


def test_the_channels_and_the_article_are_written_again(store: Store) -> None:
    take_in(store, article(1), article(2, categories=("Sport",)))
    clean(store)
    hide(store, article(2))
    assert store.dirty_channels(LATER) == {EVERYTHING, "sport"}
    ((found, has_documents),) = store.walk_dirty()
    assert has_documents
    assert found.removal
    assert found.removal.kind is Gone.HIDDEN


def test_doing_the_same_again_does_nothing_and_another_reason_is_noted(store: Store) -> None:
    take_in(store, article(1))
    assert hide(store, article(1))
    assert not hide(store, article(1), replace(DEED, at=NOW + timedelta(days=1)))
    assert hide(store, article(1), replace(DEED, at=NOW + timedelta(days=1), reason="wrong"))
    (gone,) = removed(store, EVERYTHING, 10)
    assert gone.removal
    assert (gone.removal.at, gone.removal.reason) == (LATER, "wrong"), "readers know when it went"
    assert show(store, article(1))
    assert not show(store, article(1))
    assert [(act.action, act.reason) for act in log(store)] == [
        ("show", ""),
        ("hide", "wrong"),
        ("hide", "names a minor"),
    ]


def test_the_log_says_who_did_what_to_which_article_when_and_why(store: Store) -> None:
    take_in(store, article(1), article(2))
    hide(store, article(1))
    take_down(store, article(2))
    newest, first = log(store)
    assert (newest.action, newest.article) == ("takedown", article(2).id)
    assert (first.at, first.who, first.action, first.reason) == (
        LATER, "anna", "hide", "names a minor",
    )  # fmt: skip
    assert (first.article, first.public_id, first.source) == (
        article(1).id, article(1).public_id, "paper",
    )  # fmt: skip
    assert log(store, [article(2).id]) == [newest]
    assert log(store, limit=1) == [newest]


def test_a_hidden_article_stays_hidden_whatever_its_source_makes_of_it(store: Store) -> None:
    take_in(store, article(1), article(2))
    hide(store, article(1))
    take_in(store, article(1, title="Edited", fingerprint="g"))
    take_in(store, article(1, title="Moved", fingerprint="h", categories=("Sport",)))
    assert titles(store) == ["Title 2"]
    show(store, article(1))
    assert titles(store) == ["Moved", "Title 2"], "its edits were taken in meanwhile"
    assert titles(store, "sport") == ["Moved"]


def test_what_was_never_out_leaves_nothing_behind_and_is_not_shown(store: Store) -> None:
    with store.transaction():
        store.take_in(Intake(SourceState("paper", last_ok_at=NOW), (article(1), article(2)), 1))
    hide(store, article(2))
    assert removed(store, EVERYTHING, 10) == []
    assert [has for found, has in store.walk_dirty() if found.id == article(2).id] == [False]
    show(store, article(2))
    assert titles(store) == ["Title 1"]


def test_only_what_there_is_can_be_hidden_or_shown(store: Store) -> None:
    take_in(store, article(1))
    take_down(store, article(1))
    with pytest.raises(RemovalError, match="there is no article 'nonsense'"):
        hide(store, article(9, guid="x", id="nonsense"))
    for act in (hide, show):
        with pytest.raises(RemovalError, match=r"was taken down: its text is gone"):
            act(store, article(1))
    with pytest.raises(RemovalError, match="has left the store by age"):
        hide(store, left_by_age(store))


def left_by_age(store: Store) -> Article:
    """Return an article that has left by age."""
    take_in(store, article(7, categories=("Old",)), article(8, categories=("Old",)))
    with store.transaction():
        store.retire(LATER + timedelta(days=1), 1)
    return article(8)


# ── taken down ────────────────────────────────────────────────────────────────────────────────────


def traces(folder: Path, *texts: str) -> list[str]:
    """Return those of *texts* that are found in any byte of the store's files."""
    data = b"".join(path.read_bytes() for path in folder.glob("aggregator.db*") if path.is_file())
    return [text for text in texts if text.encode() in data]


def test_of_what_is_taken_down_no_byte_is_left(store: Store, tmp_path: Path) -> None:
    told = article(1, title=f"1 {SECRET}", content=f"<p>{SECRET}</p>" * 900, summary=SECRET)
    take_in(store, *(article(number) for number in range(2, 30)))
    made = Provenance((("the entry's link", f"https://x.example/{SECRET}"),), ())
    for version in (told, replace(told, title=f"2 {SECRET}", fingerprint="g")):
        with store.transaction():
            store.take_in(
                Intake(
                    SourceState("paper", last_ok_at=NOW),
                    (version,),
                    provenance={version.guid: made},
                )
            )
    store.index_text(lambda html: html)
    assert store.search("Krähwinkel")
    words = (SECRET, "Krähwinkel", "þý")  # the last one as the index has it
    assert traces(tmp_path, *words) == list(words)
    take_down(store, told)
    store.leave_no_trace()
    assert store.search("Krähwinkel") == []
    assert traces(tmp_path, *words) == []
    history = Historian(store.path).find([told.id])[0]
    assert (history.revisions, history.provenance) == ((), None)
    assert store._writer.execute("PRAGMA secure_delete").fetchone()[0] == 1


def test_what_was_taken_down_stays_known_in_the_feeds_by_its_guid(store: Store) -> None:
    take_in(store, article(1, tags=("t",), image="https://x.example/i.png"), article(2))
    take_down(store, article(1), told=True)
    assert titles(store) == ["Title 2"]
    (gone,) = removed(store, "world", 10)
    assert gone.removal
    assert (gone.removal.kind, gone.removal.told) == (Gone.TAKEN_DOWN, True)
    assert (gone.public_id, gone.published) == (article(1).public_id, article(1).published)
    assert (gone.title, gone.content, gone.link, gone.share_link) == ("", "", "", "")
    assert (gone.tags, gone.image, gone.categories) == ((), "", ("World",))


@pytest.mark.parametrize(
    "again",
    [
        article(1),
        article(1, fingerprint="other", title="Edited", content="<p>Other.</p>"),
        article(1, guid="moved", fingerprint="other"),
        article(1, guid="http://www.paper.example/1", link="", share_link=""),
        article(1, source="mirror"),
        article(1, source="archive", guid="2026-11-22-1", share_link=""),
        article(1, source="planet", guid="x", link="", title="Titled otherwise"),
        article(1, source="own", guid="tag:us.example,2026:1", share_link="", link="https://paper.example/1"),
    ],
    ids=lambda again: f"{again.source} {again.guid} {again.title}",
)  # fmt: skip
def test_it_is_never_taken_in_again(store: Store, again: Article) -> None:
    take_in(store, article(1), article(2))
    take_down(store, article(1))
    for _ in range(2):
        counts = take_in(store, again, replace(article(3), source=again.source))
        assert (counts.new, counts.changed) in ((1, 0), (0, 0))
        assert titles(store) == ["Title 2", "Title 3"]
        assert all(found.title != again.title for found, _ in store.walk_dirty())


def test_an_archive_that_has_only_its_text_or_its_id_does_not_bring_it_back(store: Store) -> None:
    text = "<p>" + "The council met on Tuesday and heard from everyone who came. " * 4 + "</p>"
    told = article(1, guid="NW2022", link="", share_link="", content=text)
    take_in(store, told, article(2))
    take_down(store, told)
    alike = {"link": "", "share_link": "", "source": "archive"}
    by_text = article(
        5, title="Title 1", guid="2026-01-01-a", content=f"<div>{text}</div>", **alike
    )
    by_id = article(6, title="Title 1", guid="NW2022", content="<p>Cut.</p>", **alike)
    other = article(
        7, title="Another", guid="NW2023", content=text.replace("Tuesday", "Monday"), **alike
    )
    take_in(store, by_text, by_id, other)
    assert titles(store) == ["Title 2", "Another"]


def test_an_address_that_many_articles_have_bars_none_of_them(store: Store) -> None:
    live = "https://paper.example/live"
    entries = [article(n, guid=f"live-{n}", link=live, share_link=live) for n in (1, 2, 3)]
    take_in(store, *entries)
    take_down(store, entries[0])
    take_in(store, article(4, guid="live-4", link=live, share_link=live))
    assert titles(store) == ["Title 2", "Title 3", "Title 4"]


def test_a_front_page_as_link_bars_nothing(store: Store) -> None:
    front = {"link": "https://paper.example/", "share_link": "https://paper.example"}
    take_in(store, article(1, guid="a", **front), article(2))
    take_down(store, article(1, guid="a"))
    take_in(store, article(3, guid="b", **front))
    assert titles(store) == ["Title 2", "Title 3"]


def test_one_that_has_left_by_age_can_be_kept_out_for_good(store: Store) -> None:
    left = left_by_age(store)
    assert take_down(store, left)
    assert removed(store, EVERYTHING, 10) == []
    assert take_in(store, replace(left, source="mirror")).new == 0


def test_what_is_hidden_can_be_taken_down_but_only_once(store: Store) -> None:
    take_in(store, article(1))
    hide(store, article(1))
    assert take_down(store, article(1))
    assert not take_down(store, article(1))
    assert Historian(store.path).removal_counts() == {Gone.TAKEN_DOWN: 1}
    (gone,) = removed(store, "world", 10)
    assert gone.content == ""


def test_what_was_held_is_not_released_after_it_was_hidden(store: Store) -> None:
    take_in(store, *(article(number) for number in range(1, 11)))
    flood = [
        article(n, guid=f"new-{n}", link=f"https://new.example/{n}", title=f"Report {n} on {n * 7}",
                content=f"<p>{'report on rivers and roads ' * n}</p>")
        for n in range(11, 21)
    ]  # fmt: skip
    assert take_in(store, *flood).held == 10
    hide(store, flood[0])
    with store.transaction():
        assert store.release("paper", drop=False) == 9
    assert flood[0].title not in titles(store)


def test_removed_articles_leave_when_they_have_been_gone_for_long_enough(store: Store) -> None:
    take_in(store, article(1), article(2))
    hide(store, article(1))
    clean(store)
    for before, left in ((LATER, []), (LATER + timedelta(seconds=1), [article(1).id])):
        with store.transaction():
            store.retire(before, 1)
        assert [found.id for found, has in store.walk_dirty() if not has] == left
    clean(store)
    with store.transaction():
        store.retire(LATER + timedelta(seconds=1), 1)
    assert store.article_total() == 1
    assert take_in(store, article(1, fingerprint="g")).new == 0
    assert titles(store) == ["Title 2"]
