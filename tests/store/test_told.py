"""What a new article is compared with: little of what is told, and never what is told no more."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from aggregator.model import SourceState
from aggregator.normalise.stories import WINDOW, same_story, signatures, tokens
from aggregator.store.intake import Intake
from aggregator.store.rows import write_time
from aggregator.store.stories import Merging
from aggregator.store.told import Row, Told
from aggregator.store.writer import Store
from tests.articles import NAMING, NOW, article
from tests.stores import new_store
from tests.tellings import BRIDGE, BRIDGE_REWRITTEN, METRO

WORDS = [f"{one}{other}" for one in "bcdfghklm" for other in ("anter", "obel", "uris", "ethol")]
SINCE, UNTIL = "2026-11-20T00:00:00Z", "2026-11-22T00:00:00Z"
AT = "2026-11-21T12:00:00Z"


def told(*rows: Row) -> Told:
    return Told(SINCE, tokens, rows)


def row(n: int, title: str, source: str = "mail", link: str = "", at: str = AT) -> Row:
    return Row(n, at, source, link, title)


def test_it_finds_similar_titles_and_the_same_link_of_other_sources_at_that_time() -> None:
    channel = told(
        row(1, "bridge closed storm three days"),
        row(2, "council votes on fishing bill", link="x"),
        row(3, "bridge closed storm three days", source="paper"),
        row(4, "bridge closed storm three days", at="2026-11-22T00:00:01Z"),
        row(5, "pelicans return early", link="y"),
    )
    near = channel.near(row(0, "bridge shut by storm", "paper", "x"), SINCE, UNTIL)
    assert list(near.numbers) == [1]
    assert list(near.linked) == [(2, "mail")]
    assert list(channel.near(row(0, "", "paper"), SINCE, UNTIL).numbers) == []


def test_an_article_that_was_edited_is_found_by_what_it_says_now() -> None:
    channel = told(row(1, "storks return early", link="x"), row(1, "bridge closed", link="y"))
    assert list(channel.near(row(0, "storks return", "paper", "x"), SINCE, UNTIL).numbers) == []
    near = channel.near(row(0, "bridge open", "paper", "y"), SINCE, UNTIL)
    assert (list(near.numbers), list(near.linked)) == ([1], [(1, "mail")])


def test_among_thousands_of_titles_few_are_looked_at_and_the_right_one_is_among_them() -> None:
    chance = Random(4)
    titles = [" ".join(sorted(chance.sample(WORDS, 7))) for _ in range(5000)]
    channel = told(*(row(n, title) for n, title in enumerate(titles)))
    channel.add(row(9999, "bcanter ckobel storks valley"))
    begun = time.thread_time()
    for title in titles[:200]:
        near = channel.near(row(0, f"{title} more", "paper"), SINCE, UNTIL)
        assert len(near.numbers) < 500
    assert time.thread_time() - begun < 0.5
    near = channel.near(row(0, "banter storks valley cobel", "paper"), SINCE, UNTIL)
    assert 9999 in near.numbers


# ── in the store ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def store(tmp_path: Path) -> Store:
    merging = Merging(signatures, tokens, same_story, WINDOW, lambda slug: True)
    return new_store(tmp_path / "aggregator.db", merging)


def take_in(store: Store, source: str, *tellings: tuple[str, str], first: int = 1) -> None:
    articles = tuple(
        article(
            number,
            source=source,
            guid=f"https://{source}.example/{number}",
            public_id=f"https://{source}.example/{number}",
            share_link=f"https://{source}.example/{number}",
            title=title,
            content=text,
            published=NOW,
        )
        for number, (title, text) in enumerate(tellings, first)
    )
    with store.transaction():
        store.take_in(Intake(SourceState(source, last_ok_at=NOW), articles))


def entries(store: Store, slug: str = "world") -> dict[str, int]:
    return {one.source: len(one.also) for one in store.newest(slug, 10)}


def test_what_was_not_committed_leads_nobody(store: Store) -> None:
    take_in(store, "echo", METRO)
    with suppress(ZeroDivisionError), store.transaction():
        take_in_now = Intake(
            SourceState("paper", last_ok_at=NOW),
            (article(1, title=BRIDGE.title, content=BRIDGE.text, published=NOW),),
        )
        store.take_in(take_in_now)
        raise ZeroDivisionError
    take_in(store, "mail", METRO, BRIDGE_REWRITTEN)
    assert entries(store) == {"echo": 1, "mail": 0}
    store.close()


def test_what_has_been_taken_out_since_leads_nobody(store: Store) -> None:
    take_in(store, "paper", BRIDGE)
    take_in(store, "echo", METRO)
    for _ in range(2):
        with store.transaction():
            store.retire(NOW.replace(year=2027), 0)
    take_in(store, "mail", BRIDGE_REWRITTEN)
    assert entries(store) == {"mail": 0}
    store.close()


def test_another_process_may_have_told_it(store: Store, tmp_path: Path) -> None:
    take_in(store, "paper", BRIDGE)
    store.close()
    merging = Merging(signatures, tokens, same_story, WINDOW, lambda slug: True)
    again = Store(tmp_path / "aggregator.db", NAMING, merging)
    take_in(again, "mail", BRIDGE_REWRITTEN)
    assert entries(again) == {"paper": 1}
    again.close()


def test_a_source_with_older_articles_has_older_ones_read(store: Store) -> None:
    old = article(
        1, title=BRIDGE.title, content=BRIDGE.text, published=NOW.replace(month=1), link="x"
    )
    with store.transaction():
        store.take_in(Intake(SourceState("paper", last_ok_at=NOW), (old,)))
    take_in(store, "echo", METRO)
    late = article(
        2,
        source="mail",
        title=BRIDGE_REWRITTEN.title,
        content=BRIDGE_REWRITTEN.text,
        share_link="https://mail.example/2",
        published=NOW.replace(month=1),
    )
    with store.transaction():
        store.take_in(Intake(SourceState("mail", last_ok_at=NOW), (late,)))
    assert entries(store) == {"paper": 1, "echo": 0}
    store.close()


def test_what_is_too_old_to_be_compared_does_not_stay_in_memory(store: Store) -> None:
    for day in range(80):
        at = NOW + timedelta(days=day)
        numbers = range(day * 50, day * 50 + 50)
        articles = tuple(
            article(n, title=f"{WORDS[n % 36]} {n}", published=at, first_seen_at=at)
            for n in numbers
        )
        with store.transaction():
            store.take_in(Intake(SourceState("paper", last_ok_at=at), articles))
    told_now = store._meetings.channel("world", write_time(at - WINDOW))
    assert 150 < len(told_now) < 1_500, "of four thousand"
    store.close()
