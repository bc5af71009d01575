"""Articles over time: once each, whatever their source does to ids, links, titles and dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model import Article, Provenance, SourceState
from aggregator.store.history import Historian
from aggregator.store.intake import Counts, Intake
from aggregator.store.writer import Publication
from tests.articles import NOW
from tests.store.papers import Paper, entry, undated

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    made = Paper(tmp_path)
    yield made
    made.store.close()


def test_a_200_item_feed_that_changes_ids_links_and_titles_publishes_nothing(paper: Paper) -> None:
    paper.brings(*(entry(n) for n in range(200)))
    before = paper.store.newest("all", 300)
    rewritten = [
        entry(
            n,
            guid=f"https://new.example/?p={n}",
            link=f"https://new.example/posts/{n}",
            title=f"{entry(n).title}!",
            content=f"<p>A new beginning. {entry(n).content}",
        )
        for n in range(200)
    ]
    assert paper.brings(*rewritten) == Counts(held=200)
    assert paper.store.newest("all", 300) == before
    assert paper.brings(*rewritten) == Counts(unchanged=200)


@pytest.mark.parametrize(
    "changes",
    [
        {"guid": "https://paper.example/{n}"},
        {"guid": "http://other.example/{n}"},
        {"guid": "{n}"},
        {"guid": "{n}", "link": "https://other.example/{n}"},
        {"guid": "https://paper.example/{n}", "link": "https://paper.example/{n}"},
    ],
)
def test_200_articles_whose_guids_change_are_known_again(
    paper: Paper, changes: dict[str, str]
) -> None:
    def document(**formats: str) -> list[Article]:
        return [
            entry(n, **{name: text.format(n=n) for name, text in formats.items()})
            for n in range(200)
        ]

    paper.brings(*document(guid="http://paper.example/{n}", link="http://paper.example/{n}"))
    before = paper.ids()
    counts = paper.brings(*document(**{"link": "http://paper.example/{n}", **changes}))
    assert counts.new == counts.held == 0
    assert paper.ids() == before


def test_news_after_a_day_offline_is_published(paper: Paper) -> None:
    paper.brings(*(entry(n) for n in range(30)))
    news = [
        entry(
            n, guid=f"day-2-{n}", link=f"https://paper.example/day-2/{n}", published=NOW + n * HOUR
        )
        for n in range(1, 31)
    ]
    paper.now = NOW + 2 * DAY
    assert paper.brings(*news).new == 30


def test_a_new_source_is_no_flood(paper: Paper) -> None:
    paper.brings()
    assert paper.brings(*(entry(n) for n in range(30))).new == 30


def test_an_archive_that_is_opened_is_no_flood(paper: Paper) -> None:
    paper.brings(*(entry(n) for n in range(20)))
    assert paper.brings(*(entry(n) for n in range(100))).new == 80


def test_what_is_held_is_published_when_it_is_released_and_never_when_dropped(
    paper: Paper,
) -> None:
    paper.brings(*(entry(n) for n in range(10)))
    strange = [
        entry(n, guid=f"strange-{n}", link=f"https://other.example/?{n}", title=f"Strange {n}")
        for n in range(10)
    ]
    assert paper.brings(*strange).held == 10
    assert paper.store.held_counts() == {"paper": 10}
    with paper.store.transaction():
        assert paper.store.release("paper") == 10
        assert paper.store.release("paper") == 0
    assert paper.store.held_counts() == {}
    assert len(paper.titles()) == 20
    stranger = [replace(one, guid=f"{one.guid}!", link="", title=f"!{one.id}") for one in strange]
    assert paper.brings(*stranger).held == 10
    with paper.store.transaction():
        assert paper.store.release("paper", drop=True) == 10
    assert paper.store.held_counts() == {}
    assert len(paper.titles()) == 20


def test_after_a_flood_is_held_news_goes_on(paper: Paper) -> None:
    paper.brings(*(entry(n) for n in range(1, 11)))
    moved = [
        entry(n, guid=f"m{n}", link=f"https://m.example/{n}", title=f"Moved {n}")
        for n in range(1, 11)
    ]
    paper.brings(*moved)
    news = entry(1, guid="news", link="https://m.example/news", title="News", published=NOW)
    assert paper.brings(news, *moved[:-1]) == Counts(new=1, unchanged=9)
    assert paper.titles()[0] == "News"


@pytest.mark.parametrize("dated", [True, False], ids=["dated", "undated"])
@pytest.mark.parametrize("linked", [True, False], ids=["with links", "without links"])
def test_guids_made_anew_at_each_fetch_bring_nothing_new(
    paper: Paper, dated: bool, linked: bool
) -> None:
    for fetch in range(5):
        document = [
            entry(n, f"{fetch}", guid=f"{fetch}-{n}", **({} if linked else {"link": ""}))
            for n in range(20)
        ]
        counts = paper.brings(*(document if dated else map(undated, document)))
        assert counts == (Counts(new=20) if fetch == 0 else Counts(unchanged=20))
    assert len(paper.titles()) == 20


def test_one_guid_for_whatever_is_newest_is_a_new_article_each_time(paper: Paper) -> None:
    for day in range(4):
        newest = entry(
            day, guid="latest", link=f"https://paper.example/{day}", published=NOW + day * DAY
        )
        paper.now = NOW + day * DAY + HOUR
        assert paper.brings(newest).new == 1
        assert paper.brings(newest) == Counts(unchanged=1)
        edited = replace(newest, title=f"{newest.title} (corrected)", fingerprint="edited")
        assert paper.brings(edited) == Counts(changed=1)
    assert len(paper.titles()) == len(set(paper.titles())) == 4
    assert len({found.public_id for found in paper.store.newest("all", 10)}) == 4


def test_guids_that_number_the_entries_from_one_at_each_fetch(paper: Paper) -> None:
    def document(newest: int) -> list[Article]:
        return [
            entry(100 - n, guid=f"{place}", link=f"https://paper.example/{n}")
            for place, n in enumerate(range(newest, newest - 5, -1), 1)
        ]

    assert paper.brings(*document(10)).new == 5
    before = paper.ids()
    assert paper.brings(*document(11)) == Counts(new=1, unchanged=4)
    assert paper.brings(*document(13)) == Counts(new=2, unchanged=3)
    assert paper.brings(*document(13)) == Counts(unchanged=5)
    assert paper.brings(*document(12)) == Counts(unchanged=5), "one was withdrawn: they move up"
    assert before < paper.ids()
    assert len(paper.titles()) == len(set(paper.titles())) == 8


def test_a_daily_page_with_one_link_and_title_is_an_article_each_day(paper: Paper) -> None:
    for day in range(5):
        paper.now = NOW + day * DAY + HOUR
        briefing = entry(
            0,
            guid=f"briefing-{day}",
            link="https://paper.example/briefing",
            title="Morning briefing",
            content="<p>All you need to know today.</p>",
            published=NOW + day * DAY,
        )
        assert paper.brings(briefing).new == 1
    assert paper.titles() == ["Morning briefing"] * 5


def test_seven_sections_with_one_link_and_title_each_are_new_each_day(paper: Paper) -> None:
    def morning(day: int) -> list[Article]:
        return [
            replace(
                entry(n, guid=f"{day}-{n}", link=f"https://paper.example/section/{n}"),
                published=NOW + day * DAY,
                updated=NOW + day * DAY,
            )
            for n in range(7)
        ]

    for day in range(3):
        paper.now = NOW + day * DAY + HOUR
        assert paper.brings(*morning(day)).new == 7
    assert len(paper.titles()) == 21


def test_a_daily_page_without_dates_is_told_by_its_text(paper: Paper) -> None:
    texts = [
        "Storks return to the valley.",
        "Rates stay where they are.",
        "Heavy rain in the west.",
    ]
    page = {"link": "https://paper.example/briefing", "title": "Morning briefing"}
    for day, text in enumerate(texts):
        briefing = undated(entry(0, guid=f"b{day}", content=f"<p>{text}</p>", **page))
        assert paper.brings(briefing).new == 1


def test_a_live_page_is_one_article_however_it_changes(paper: Paper) -> None:
    page = {"guid": "live", "link": "https://paper.example/live"}
    paper.brings(entry(1, **page, title="Election live"))
    for minute, title in enumerate(["First results", "A surprise", "It is over"], 1):
        now = NOW + minute * HOUR
        live = entry(1, **page, title=title, content=f"<p>{title}.</p>", published=now, updated=now)
        assert paper.brings(live) == Counts(changed=1)
    assert paper.titles() == ["It is over"]


def test_two_articles_of_one_page_that_swap_their_titles_stay_two(paper: Paper) -> None:
    page = {"link": "https://paper.example/live"}
    first, second = entry(1, **page), entry(2, **page)
    paper.brings(first, second)
    swapped = [
        replace(first, title=second.title, fingerprint="x"),
        replace(second, title=first.title, fingerprint="y"),
    ]
    assert paper.brings(*swapped) == Counts(changed=2)
    by_date = [found.title for found in paper.store.newest("all", 10)]
    assert by_date == [second.title, first.title]
    renamed = [replace(one, guid=f"{one.guid}?new", fingerprint=one.id) for one in swapped]
    assert paper.brings(*renamed) == Counts(unchanged=2)
    assert [found.title for found in paper.store.newest("all", 10)] == by_date


def test_an_entry_does_not_take_the_place_of_one_that_is_still_there(paper: Paper) -> None:
    notice = {"link": "https://paper.example/notices", "title": "Notice", "content": ""}
    first = entry(1, guid="a", **notice)
    assert paper.brings(first).new == 1
    second = replace(first, guid="b", fingerprint="b")
    assert paper.brings(second, first) == Counts(new=1, unchanged=1)
    assert paper.brings(second, first) == Counts(unchanged=2)


def test_notices_of_one_day_and_one_page_are_told_apart(paper: Paper) -> None:
    page = {"link": "https://paper.example/notices"}
    for number in range(1, 5):
        notice = entry(number, guid=f"notice-{number}", **page, published=NOW - DAY)
        assert paper.brings(notice).new == 1, "only the latest notice is in the feed"
    assert len(paper.titles()) == 4


def test_blogs_of_one_planet_have_the_same_paths(paper: Paper) -> None:
    def post(number: int, blog: str) -> Article:
        address = f"https://{blog}.example/?p=1"
        return entry(number, guid=address, link=address)

    assert paper.brings(post(1, "alice")).new == 1
    assert paper.brings(post(2, "bob")).new == 1
    assert paper.brings(post(3, "carol")).new == 1


def test_entries_without_links_are_told_apart_by_their_dates(paper: Paper) -> None:
    for day in range(1, 4):
        status = entry(day, guid=f"s{day}", link="", title="Backup", content="<p>All is well.</p>")
        assert paper.brings(status).new == 1


def test_an_article_that_left_by_age_is_known_under_a_new_guid_and_rewritten(
    paper: Paper,
) -> None:
    paper.brings(*(entry(n, guid=f"http://paper.example/{n}") for n in range(1, 4)))
    with paper.store.transaction():
        paper.store.retire(before=paper.now + DAY, newest=0)
        gone = [found.id for found, _ in paper.store.walk_dirty()]
        paper.store.published(Publication(article_ids=gone))
        paper.store.retire(before=paper.now + DAY, newest=0)
    assert paper.store.article_total() == 0
    moved = [entry(n, guid=f"https://paper.example/{n}", title=f"Edited {n}") for n in range(1, 4)]
    assert paper.brings(*moved).new == 0
    assert paper.titles() == []
    younger = entry(
        1, guid="https://paper.example/1", link="https://paper.example/x", published=paper.now
    )
    paper.now += DAY
    assert paper.brings(younger).new == 1, "its guid now names another article"


def test_what_an_article_said_before_is_kept_twenty_times_at_most(paper: Paper) -> None:
    titles = [f"Version {n}" for n in range(30)]
    for title in titles:
        paper.brings(entry(1, title=title))
    (known,) = Historian(paper.store.path).find([entry(1).guid])
    assert [revision.title for revision in known.revisions] == titles[9:29]
    assert known.article is not None
    assert known.article.title == titles[29]


def test_half_a_character_in_what_explains_an_article_stops_nobody(paper: Paper) -> None:
    made = Provenance(
        (("the entry's link", "https://paper.example/\ud800"),), (("r", "e", "\udfff"),)
    )
    intake = Intake(
        SourceState("paper", last_ok_at=NOW), (entry(1),), provenance={entry(1).guid: made}
    )
    with paper.store.transaction():
        paper.store.take_in(intake)
    (known,) = Historian(paper.store.path).find([entry(1).id])
    assert known.provenance == Provenance(
        (("the entry's link", "https://paper.example/?"),), (("r", "e", "?"),)
    )
