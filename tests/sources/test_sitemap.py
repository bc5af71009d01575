"""Addresses that a site names to search engines, and their pages."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.config.settings import Source
from aggregator.errors import FetchError, ParseError
from aggregator.fetch.exchange import Fetched, NotModified, Request
from aggregator.model import SourceState
from aggregator.sources import KINDS, Harvest
from tests.sources.desk import LIST, Answers, collect, knows, sitemap, source

SITE = "https://rain.example"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
KNOWN = SourceState("rain", etag='"1"', last_ok_at=NOW)
PAGE = b"""<!doctype html><html lang=en><head><title>It rained | Rain Daily</title>
<meta property="og:title" content="It rained &amp; rained"><meta name=description content="Wet.">
<meta property="og:image" content="/wet.jpg">
<meta property="article:published_time" content="2026-11-19T08:00:00+01:00"></head>
<body><article><p>All day.</p></article></body></html>"""


def plain(**addresses: str) -> bytes:
    """Return a sitemap of these paths, each with its date ("" is none)."""
    urls = "".join(
        f"<url><loc>{SITE}/{path}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for path, day in addresses.items()
    )
    return f"<urlset>{urls}</urlset>".encode()


def index(**children: str) -> bytes:
    """Return an index of the sitemaps at these paths, each with its date ("" is none)."""
    named = "".join(
        f"<sitemap><loc>{SITE}/{path}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>"
        for path, day in children.items()
    )
    return f"<sitemapindex>{named}</sitemapindex>".encode()


def pages(*paths: str) -> dict[str, Any]:
    return {f"{SITE}/{path}": PAGE for path in paths}


def mapped(**keys: Any) -> Source:
    return source("sitemap", **{"first": "all"} | keys)


def links(harvest: Harvest) -> list[str]:
    return [entry.link.removeprefix(f"{SITE}/") for entry in harvest.feed.entries]


def versions(harvest: Harvest) -> dict[str, str]:
    return {entry.guid: entry.fingerprint for entry in harvest.feed.entries}


def test_what_the_sitemap_does_not_say_is_read_from_the_page() -> None:
    answers = Answers({LIST: plain(a="2026-11-20")} | pages("a"))
    (entry,) = collect(mapped(), answers).feed.entries
    assert (entry.link, entry.updated) == (f"{SITE}/a", "2026-11-20")
    assert entry.title == "It rained &amp; rained"
    assert (entry.summary, entry.image) == ("Wet.", f"{SITE}/wet.jpg")
    assert (entry.published, entry.language) == ("2026-11-19T08:00:00+01:00", "en")
    assert [request.page for request in answers.asked] == [False, True]


def test_news_of_which_the_sitemap_says_enough_need_no_page() -> None:
    answers = Answers({LIST: sitemap(SITE, "rain")})
    (entry,) = collect(mapped(), answers).feed.entries
    assert entry.title == "rain"
    assert answers.urls == [LIST]


@pytest.mark.parametrize("prefix", ["", "detail."])
def test_fields_are_read_from_the_page(prefix: str) -> None:
    answers = Answers({LIST: sitemap(SITE, "rain")} | pages("rain.html"))
    (entry,) = collect(mapped(fields={"content": f"{prefix}article"}), answers).feed.entries
    assert (entry.title, entry.content) == ("rain", "<p>All day.</p>")


def test_a_page_may_stand_elsewhere() -> None:
    body = "<urlset><url><loc>https://rain.example/a</loc><priority>0.5</priority></url></urlset>"
    answers = Answers({LIST: body.encode(), f"{SITE}/amp?of=https%3A%2F%2Frain.example%2Fa": PAGE})
    assert links(collect(mapped(detail="/amp?of={link}"), answers)) == ["a"]


def test_each_page_is_fetched_once_and_again_when_its_date_changes() -> None:
    first = collect(
        mapped(), Answers({LIST: plain(a="2026-11-20", b="2026-11-19")} | pages("a", "b"))
    )
    answers = Answers(
        {LIST: plain(a="2026-11-20", b="2026-11-21", c="2026-11-21")} | pages("a", "b", "c")
    )
    collect(mapped(), answers, state=KNOWN, known=knows(versions(first)))
    assert answers.urls == [LIST, f"{SITE}/b", f"{SITE}/c"]


def test_one_date_on_everything_is_the_sitemaps_own() -> None:
    names = [f"p{number}" for number in range(12)]
    yesterday = dict.fromkeys(names, "2026-11-21T00:00:00Z")
    today = dict.fromkeys(names, "2026-11-22T00:00:00Z")
    first = collect(mapped(), Answers({LIST: plain(**yesterday)} | pages(*names)))
    answers = Answers({LIST: plain(**today)})
    collect(mapped(), answers, state=KNOWN, known=knows(versions(first)))
    assert answers.urls == [LIST]


def test_the_newest_come_first_and_the_undated_last() -> None:
    listed = plain(undated="", old="2025-01-01", new="2026-11-20T10:00:00Z", other="")
    answers = Answers({LIST: listed} | pages("undated", "old", "new", "other"))
    assert links(collect(mapped(), answers)) == ["new", "old", "undated", "other"]


def test_of_a_new_source_only_the_first_pages_are_asked_for() -> None:
    listed = plain(a="2026-11-20", b="2026-11-22", c="2026-11-21")
    answers = Answers({LIST: listed} | pages("a", "b", "c"))
    harvest = collect(mapped(first=2), answers)
    assert answers.urls == [LIST, f"{SITE}/b", f"{SITE}/c"]
    assert list(harvest.passed_over) == [f"{SITE}/a"]


def test_only_addresses_that_match_are_taken() -> None:
    answers = Answers({LIST: plain(news_1="", about="", news_2="")} | pages("news_1", "news_2"))
    assert links(collect(mapped(match="/news_"), answers)) == ["news_1", "news_2"]


def test_a_pattern_that_takes_for_ever_costs_only_its_address() -> None:
    answers = Answers({LIST: plain(**{"a" * 60 + "!": "", "b": ""})} | pages("b"))
    feed = collect(mapped(match="/(?:(a|aa)+$|b)"), answers).feed
    assert [entry.link for entry in feed.entries] == [f"{SITE}/b"]
    assert "make it simpler" in feed.bad[0].reason


def test_a_gzipped_and_a_text_sitemap_are_read_too() -> None:
    for body in (gzip.compress(plain(a="")), f"{SITE}/a\r\n".encode()):
        assert links(collect(mapped(), Answers({LIST: body} | pages("a")))) == ["a"]


# ── an index ──────────────────────────────────────────────────────────────────────────────────────


def test_the_sitemaps_of_an_index_are_read_newest_first() -> None:
    answers = Answers(
        {
            LIST: index(one="2026-11-01", two="2026-11-20", three=""),
            f"{SITE}/one": plain(a="2026-11-01"),
            f"{SITE}/two": plain(b="2026-11-20"),
            f"{SITE}/three": plain(c=""),
        }
        | pages("a", "b", "c")
    )
    assert links(collect(mapped(), answers)) == ["b", "a", "c"]
    assert answers.urls[:4] == [LIST, f"{SITE}/two", f"{SITE}/one", f"{SITE}/three"]


def test_sitemaps_that_have_not_changed_since_are_not_read_again() -> None:
    listed = index(old="2026-11-01", day_before="2026-11-21", undated="")
    children = {f"{SITE}/{name}": plain() for name in ("old", "day_before", "undated")}
    answers = Answers({LIST: listed} | children)
    collect(mapped(), answers, state=KNOWN)
    assert answers.urls == [LIST, f"{SITE}/day_before", f"{SITE}/undated"]
    again = Answers({LIST: listed} | children)
    collect(mapped(), again, state=SourceState("rain", last_ok_at=NOW))  # it was not complete
    assert len(again.urls) == 4


def test_an_index_that_does_not_say_what_has_changed_is_read_every_time() -> None:
    children = {f"{SITE}/one": plain()}
    dated = collect(mapped(), Answers({LIST: index(one="2026-11-01")} | children, etag='"1"'))
    assert dated.answer.etag == '"1"'
    undated = collect(mapped(), Answers({LIST: index(one="")} | children, etag='"1"'))
    assert (undated.answer.etag, undated.answer.body_hash) == ("", "")


def test_at_most_fifty_sitemaps_of_an_index_are_read() -> None:
    names = {f"s{number}": "" for number in range(60)}
    answers = Answers({LIST: index(**names)} | {f"{SITE}/{name}": plain() for name in names})
    collect(mapped(), answers)
    assert len(answers.urls) == 1 + 50


def test_a_sitemap_that_is_gone_costs_only_itself() -> None:
    answers = Answers({LIST: index(one="", two=""), f"{SITE}/two": plain(a="")} | pages("a"))
    harvest = collect(mapped(), answers)
    assert links(harvest) == ["a"]
    assert [bad.entry for bad in harvest.feed.bad] == [f"{SITE}/one"]
    assert harvest.complete


def test_a_sitemap_that_fails_is_asked_for_again() -> None:
    answers = Broken({LIST: index(one="", two=""), f"{SITE}/two": plain(a="")} | pages("a"))
    with pytest.raises(FetchError, match="one: answered 503"):
        collect(mapped(), answers)
    harvest = collect(mapped(), answers, state=KNOWN)
    assert links(harvest) == ["a"]
    assert not harvest.complete


@pytest.mark.parametrize(
    "body",
    [
        plain(a="", b="")[:-30],
        gzip.compress(plain(a=""), mtime=0)[:-9],
        b"<!doctype html><title>Just a moment...</title>",
    ],
    ids=["cut", "cut gzip", "a check for people"],
)
def test_a_sitemap_that_did_not_come_whole_is_asked_for_again(body: bytes) -> None:
    answers = Answers({LIST: index(one="", two=""), f"{SITE}/one": body, f"{SITE}/two": plain()})
    assert not collect(mapped(), answers, state=KNOWN).complete


def test_after_three_failures_in_a_row_the_other_sitemaps_wait() -> None:
    answers = Broken({LIST: index(**{f"s{number}": "" for number in range(9)})})
    harvest = collect(mapped(), answers, state=KNOWN)
    assert len(answers.urls) == 1 + 3
    assert not harvest.complete


def test_an_index_of_indexes_is_read_to_the_bottom_each_one_once() -> None:
    answers = Answers(
        {
            LIST: index(years="2026-11-20", loop="2026-11-01"),
            f"{SITE}/years": index(y2025="2025-12-31", y2026="2026-11-20"),
            f"{SITE}/y2026": plain(b="2026-11-20"),
            f"{SITE}/y2025": plain(a="2025-12-31"),
            f"{SITE}/loop": index(years="", loop="", list=""),
        }
        | pages("a", "b")
    )
    assert links(collect(mapped(), answers)) == ["b", "a"]
    below = [f"{SITE}/{name}" for name in ("years", "y2026", "y2025", "loop")]
    assert answers.urls[:6] == [LIST, *below, f"{SITE}/b"]


def test_an_index_too_far_below_is_named_and_not_followed() -> None:
    levels = {f"{SITE}/l{number}": index(**{f"l{number + 1}": ""}) for number in range(1, 9)}
    answers = Answers({LIST: index(l1="")} | levels)
    harvest = collect(mapped(), answers)
    assert answers.urls == [LIST, *(f"{SITE}/l{number}" for number in (1, 2, 3))]
    (bad,) = harvest.feed.bad
    assert "is an index 3 levels below the first" in bad.reason


def test_sitemaps_are_counted_across_all_indexes() -> None:
    many = {f"{SITE}/i{n}": index(**{f"s{n}_{m}": "" for m in range(30)}) for n in range(3)}
    answers = Answers({LIST: index(i0="", i1="", i2="")} | many)
    collect(mapped(), answers)
    assert len(answers.urls) == 1 + 50


class Broken(Answers):
    """Answers whose unknown addresses fail for now."""

    def get(self, request: Request) -> Fetched | NotModified:
        try:
            return super().get(request)
        except FetchError as error:
            raise FetchError("answered 503", status=503) from error


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is empty; expected a sitemap"),
        (b"<!doctype html><title>Rain</title>", 'is an HTML page ("Rain"); expected a sitemap'),
        (b"<rss><channel/></rss>", "an XML document of another kind"),
        (plain(a="", b="")[:-30], "ends in the middle: </urlset> is missing"),
        (gzip.compress(plain(a=""), mtime=0)[:-10], "is only the first part of a gzip file"),
        (b"\x1f\x8bnonsense", "is broken gzip"),
        (gzip.compress(b"\0" * 11_000_000, mtime=0), "unfolds to more than 10000000 bytes"),
    ],
)
def test_what_is_no_sitemap_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(ParseError) as refused:
        collect(mapped(), Answers({LIST: body}))
    assert words in str(refused.value)


@pytest.mark.parametrize(("max_size", "fits"), [("4kB", False), ("5kB", True)])
def test_what_is_gzipped_may_be_as_large_as_any_body_of_the_source(
    max_size: str, fits: bool
) -> None:
    body = plain(a="") + b" " * 4_500

    class Limited(Answers):
        def get(self, request: Request) -> Fetched | NotModified:
            answer = super().get(request)
            assert isinstance(answer, Fetched)
            return replace(answer, limit=request.max_size)

    answers = Limited({LIST: gzip.compress(body, mtime=0)} | pages("a"))
    if fits:
        assert links(collect(mapped(max_size=max_size), answers)) == ["a"]
    else:
        with pytest.raises(ParseError, match="raise the source's max_size"):
            collect(mapped(max_size=max_size), answers)


@pytest.mark.parametrize(
    ("fields", "fault"), [({}, None), ({"content": "p["}, "content"), ({"a": "detail.p["}, "a")]
)
def test_selectors_are_judged_before_anything_is_fetched(
    fields: Mapping[str, str], fault: str | None
) -> None:
    found = [keys for keys, _ in KINDS["sitemap"].check(mapped(fields=fields))]
    assert found == ([("fields", fault)] if fault else [])
