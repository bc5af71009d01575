from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.config.settings import Site
from aggregator.model import Enclosure, Entry, Feed, Person, Term
from aggregator.normalise.article import explain, normalise
from aggregator.normalise.place import Place
from tests.normalise.places import NOW, article, entry, place, refusal

TEXT = "<p>The first sentence is here. The second one is a little longer than the first.</p>"


def test_an_entry_becomes_an_article_with_nothing_lost() -> None:
    one = entry(
        id="https://paper.example/1",
        title="A &amp; <i>B</i>",
        link="https://paper.example/1?utm_source=rss",
        published="Fri, 20 Nov 2026 08:30:00 GMT",
        updated="Fri, 20 Nov 2026 09:30:00 GMT",
        summary="A <b>teaser</b>.",
        content=TEXT,
        authors=(Person("Alice Li"),),
        terms=(Term("World &amp; Trade", "https://paper.example/terms"),),
        enclosures=(Enclosure("/a.mp3", "Audio/MPEG", 123, "Listen", 60),),
        image="/cover.jpg",
        base="https://paper.example/1",
        fingerprint="f1",
    )
    feed = Feed(title="The Paper", link="https://paper.example/", language="en-gb")
    made = article(one, place(feed, category="World", tags=("{source}",)))
    assert made.guid == made.public_id == "https://paper.example/1"
    assert made.title == "A & B"
    assert made.link == made.share_link == "https://paper.example/1"
    assert made.published == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert made.updated == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert made.first_seen_at == NOW
    assert made.summary == "A teaser."
    assert made.content == TEXT
    assert made.language == "en-GB"
    assert made.authors == (Person("Alice Li"),)
    assert made.attribution.publisher == "The Paper"
    assert made.categories == ("World",)
    assert made.tags == ("paper",)
    assert made.terms == (Term("World & Trade", "https://paper.example/terms"),)
    assert made.enclosures == (
        Enclosure("https://paper.example/a.mp3", "audio/mpeg", 123, "Listen", 60),
    )
    assert made.image == "https://paper.example/cover.jpg"
    assert made.fingerprint == "f1"


# ── titles ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("title", ['Say "hello"', r"C:\new\table", "It's 100% <fine>", "‘x’"])
def test_a_title_keeps_its_quotes_and_backslashes(title: str) -> None:
    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert article(entry(title=escaped)).title == title


def test_a_long_title_is_shortened_and_an_open_control_taken_out() -> None:
    made = article(entry(title="word \u202e" * 200))
    assert len(made.title) <= 500
    assert made.title.endswith("…")
    assert "\u202e" not in made.title


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"content": "<p>One. Two.</p>"}, "One. Two."),
        ({"summary": "Only a summary"}, "Only a summary"),
        ({"summary": "In short.", "content": "<p>At length.</p>"}, "In short."),
        ({"content": "<p>" + "word " * 100}, "word " * 19 + "word…"),
        ({"content": "这是一句话，说明了一些事情。" * 20}, "这是一句话，说明了一些事情。" * 7),
        ({"content": '<img src="/i.png" alt="A &quot;cat&quot;">'}, 'A "cat"'),
        ({"enclosures": (Enclosure("https://p.example/1.mp3", title="Part 1"),)}, "Part 1"),
        ({"enclosures": (Enclosure("https://p.example/1.mp3"),)}, "https://p.example/1.mp3"),
        ({}, "https://paper.example/1"),
        ({"link": "", "content": '<img src="https://p.example/cat.jpg?s=1">'}, "cat.jpg"),
        ({"link": "", "content": '<video src="https://p.example/clip.mp4">'}, "clip.mp4"),
    ],
)
def test_an_entry_without_a_title_is_named_by_the_best_it_has(
    fields: dict[str, Any], title: str
) -> None:
    assert article(entry(title=" ", **fields)).title == title


def test_an_entry_with_nothing_to_name_it_by_is_refused() -> None:
    assert refusal(Entry(id="1")).startswith("has no title and no text")
    assert refusal(Entry(id="1", content="<script>x</script>")).startswith("has no title")


def test_an_empty_title_is_refused_where_the_source_says_where_its_titles_stand() -> None:
    where = place(kind="json", fields={"title": "title"})
    assert refusal(entry(title="", content=TEXT), where) == "has an empty title"


# ── bodies ────────────────────────────────────────────────────────────────────────────────────────


def test_a_summary_alone_is_the_content() -> None:
    made = article(entry(summary="<p>All <b>there</b> is.</p>"))
    assert (made.content, made.summary) == ("<p>All <b>there</b> is.</p>", "")


def test_content_that_is_nothing_but_a_pixel_gives_way_to_the_summary() -> None:
    made = article(entry(content="<img src=/p.gif width=1 height=1>", summary="A teaser"))
    assert (made.content, made.summary) == ("A teaser", "")


def test_a_summary_that_says_the_same_as_the_content_is_none() -> None:
    made = article(entry(content=TEXT, summary=TEXT.replace("p>", "div>")))
    assert (made.content, made.summary) == (TEXT, "")


def test_a_summary_is_plain_text_and_ends_with_a_sentence() -> None:
    made = article(entry(content=TEXT, summary="<p>A <i>long</i> teaser sentence.</p>" * 60))
    assert made.summary.startswith("A long teaser sentence. A long")
    assert made.summary.endswith("sentence.")
    assert len(made.summary) <= 1000


def test_relative_addresses_are_relative_to_the_base_the_link_or_the_site() -> None:
    picture = "<img src=i.png>"
    feed = Feed(link="https://site.example/blog/")
    for one, expected in (
        (entry(content=picture, base="https://base.example/x/"), "https://base.example/x/i.png"),
        (entry(content=picture), "https://paper.example/i.png"),
        (entry(content=picture, link=""), "https://site.example/blog/i.png"),
    ):
        assert f'src="{expected}"' in article(one, place(feed)).content


def test_a_link_to_a_note_leads_to_the_articles_page_and_not_to_the_feed() -> None:
    one = entry(
        content="<a class=fn href='#n1'>1</a><a href='b'>b</a>",
        link="https://paper.example/1?a=1&b=2#top",
        base="https://paper.example/feed.xml",
    )
    content = article(one).content
    assert 'href="https://paper.example/1?a=1&amp;b=2#n1"' in content
    assert 'href="https://paper.example/b"' in content


# ── dates ─────────────────────────────────────────────────────────────────────────────────────────

EARLY, LATE = "2026-11-20T08:30:00.9Z", "2026-11-21T08:30:00Z"


@pytest.mark.parametrize(
    ("published", "updated", "expected"),
    [
        (EARLY, LATE, ("2026-11-20 08:30:00", "2026-11-21 08:30:00")),
        (LATE, EARLY, ("2026-11-21 08:30:00", "2026-11-21 08:30:00")),
        (EARLY, "", ("2026-11-20 08:30:00", "2026-11-20 08:30:00")),
        ("", LATE, ("2026-11-21 08:30:00", "2026-11-21 08:30:00")),
        ("", "", ("2026-11-22 12:00:00", "2026-11-22 12:00:00")),
        ("2030-01-01", "2031-01-01", ("2026-11-22 12:00:00", "2026-11-22 12:00:00")),
        ("Mon, 01 Jan 0001 00:00:00 +0000", "", ("2026-11-22 12:00:00", "2026-11-22 12:00:00")),
        (EARLY, "2030-01-01", ("2026-11-20 08:30:00", "2026-11-20 08:30:00")),
        ("soon", "1970-01-01", ("2026-11-22 12:00:00", "2026-11-22 12:00:00")),
    ],
)
def test_an_article_is_never_published_after_it_was_updated_or_seen(
    published: str, updated: str, expected: tuple[str, str]
) -> None:
    made = article(entry(published=published, updated=updated))
    assert (str(made.published)[:19], str(made.updated)[:19]) == expected
    assert made.published <= made.updated <= made.first_seen_at


def test_an_undated_article_was_published_at_the_moment_it_was_first_seen() -> None:
    now = NOW.replace(microsecond=123456)
    made = normalise(entry(updated="2031-01-01"), place(), now)
    assert made is not None
    assert made.published == made.updated == made.first_seen_at == now


def test_times_without_a_zone_are_in_the_sources_zone_else_the_sites() -> None:
    one = entry(published="2026-11-20 08:30:00")
    site = Site.model_validate({"timezone": "Asia/Shanghai"})
    where = place()
    in_shanghai = normalise(one, Place(where.feed, where.source, site), NOW)
    assert in_shanghai is not None
    assert in_shanghai.published == datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
    in_berlin = article(one, place(timezone="Europe/Berlin"))
    assert in_berlin.published == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


def test_the_year_of_a_minted_id_is_the_articles() -> None:
    made = article(entry(id="NW1", published="2022-01-17T07:42:38Z"))
    assert made.public_id == f"tag:news.example.org,2022:{made.id}"


# ── names, files ──────────────────────────────────────────────────────────────────────────────────


def test_an_article_is_at_home_in_its_sources_category() -> None:
    assert article().categories == ("paper",)
    one = entry(fields={"desk": "City\n Desk "})
    assert article(one, place(category="{desk}")).categories == ("City Desk",)


def test_templates_name_the_rows_values_and_the_entrys_own() -> None:
    one = entry(
        title="A &amp; B", publisher="南昌日报", authors=(Person("Li"),), fields={"id": "7"}
    )
    where = place(tags=("{publisher}新闻", "{title}", "{author}", "{id}", "{source}", "x{no?}"))
    assert article(one, where).tags == ("南昌日报新闻", "A & B", "Li", "7", "paper", "x")


def test_a_publisher_that_only_the_feed_names_can_be_named_in_templates() -> None:
    where = place(Feed(title="The &quot;Paper&quot;"), category="{publisher}")
    assert article(entry(), where).categories == ('The "Paper"',)


def test_a_missing_field_of_a_template_is_an_error_that_names_it() -> None:
    assert "'desk'" in refusal(entry(), place(category="{desk}"))
    assert "'desk'" in refusal(entry(), place(tags=("{desk}",)))


def test_a_category_of_nothing_but_spaces_is_refused() -> None:
    assert "empty category" in refusal(entry(fields={"desk": " \u3000"}), place(category="{desk}"))


def test_terms_are_plain_text_without_repetitions() -> None:
    terms = (Term("A &amp; B"), Term(" A & B "), Term(""), Term("<b>C</b>"), Term("C", "s"))
    assert article(entry(terms=terms)).terms == (Term("A & B"), Term("C"), Term("C", "s"))


def test_enclosures_are_files_of_the_web_once_each() -> None:
    made = article(
        entry(
            enclosures=(
                Enclosure("https://p.example/ä.mp3", "audio/mpeg; codecs=mp3", -1, "", -5),
                Enclosure("https://p.example/%C3%A4.mp3", "audio/ogg"),
                Enclosure("magnet:?xt=1"),
                Enclosure("javascript:alert(1)"),
                Enclosure(""),
            )
        )
    )
    assert made.enclosures == (Enclosure("https://p.example/%C3%A4.mp3"),)


@pytest.mark.parametrize(
    ("claims", "language"),
    [
        (("zh_cn", "en", "de"), "zh-CN"),
        (("", "en", "de"), "en"),
        (("", "", "de-at"), "de-AT"),
        (("junk!", "", "deutsch"), ""),
    ],
)
def test_the_language_is_the_entrys_then_the_sources_then_the_feeds(
    claims: tuple[str, str, str], language: str
) -> None:
    of_entry, of_source, of_feed = claims
    where = place(Feed(language=of_feed), language=of_source)
    assert article(entry(language=of_entry), where).language == language


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple):
        for part in value:
            yield from texts(part)
    elif isinstance(value, str):
        yield value


def test_every_text_of_an_article_can_stand_in_xml() -> None:
    bad = "a\x00\x0b\ud800\uffff"
    made = article(
        entry(
            title=bad,
            summary=bad + "s",
            content=f"<p title='{bad}'>{bad}</p>",
            publisher=bad,
            rights=bad,
            authors=(Person(bad),),
            terms=(Term(bad),),
            enclosures=(Enclosure("https://p.example/1", title=bad),),
            language=bad,
            fields={"desk": bad},
        ),
        place(category="{desk}", tags=("{desk}",)),
    )
    assert "".join(texts(asdict(made))).isprintable()
    assert made.title == made.categories[0] == made.attribution.publisher == "a"


# ── the whole ─────────────────────────────────────────────────────────────────────────────────────


def test_how_an_article_came_about_can_be_told() -> None:
    explanation = explain(entry(permalink="https://paper.example/?p=1"), place(), NOW)
    assert explanation.article == article(entry(permalink="https://paper.example/?p=1"))
    assert explanation.candidates == (
        ("the entry's link", "https://paper.example/1"),
        ("the entry's guid, a permalink", "https://paper.example/?p=1"),
    )
    assert explanation.steps == ()


def test_the_same_entry_gives_the_same_article() -> None:
    assert article() == article()
    assert article().id == normalise(entry(), place(), NOW + timedelta(days=1)).id  # type: ignore[union-attr]
