from __future__ import annotations

import pytest

from aggregator.config.settings import Extract
from aggregator.errors import EntryError
from aggregator.model import Entry, Person
from aggregator.parse import extract, json_api

CREDIT = (
    '<p>It rained.</p><p class="em_media">（文章来源：上海<span id="bk">'
    '<a href="/r">证券</a></span>报）</p>'
)


def found(content: str, **wanted: Extract) -> Entry:
    return extract.extract(Entry(content=content, base="https://rain.example/1"), wanted)


def test_markup_inside_the_node_is_read_through() -> None:
    wanted = Extract(selector="p.em_media", match="文章来源：(.+?)）")
    assert found(CREDIT, publisher=wanted).publisher == "上海证券报"


def test_the_first_node_that_matches_gives_the_value() -> None:
    wanted = Extract(selector="p", match="来源：(.+?)）")
    assert found(CREDIT, publisher=wanted).publisher == "上海证券报"


def test_without_a_pattern_the_whole_text_is_the_value() -> None:
    assert found("<h1> Rain <i>&amp;</i> snow </h1>", title=Extract(selector="h1")).title == (
        "Rain &amp; snow"
    )


def test_an_attribute_can_be_the_value() -> None:
    wanted = Extract(selector=".em_media a::attr(href)")
    assert found(CREDIT, link=wanted).link == "https://rain.example/r"


def test_a_name_of_the_operators_becomes_a_field() -> None:
    assert found(CREDIT, place=Extract(selector="span")).fields == {"place": "证券"}


def test_an_author_becomes_a_person() -> None:
    assert found("<i>Ada Regen</i>", author=Extract(selector="i")).authors == (Person("Ada Regen"),)


@pytest.mark.parametrize(
    "content", ["", "Rain", "<p>Rain</p>", "<p class=em_media>（来源不详）</p>"]
)
def test_what_is_not_found_stays_as_it_was(content: str) -> None:
    entry = Entry(content=content, publisher="Rain Daily")
    wanted = {"publisher": Extract(selector="p.em_media", match="文章来源：(.+?)）")}
    assert extract.extract(entry, wanted) == entry


def test_the_summary_stands_in_for_content() -> None:
    entry = Entry(summary="<b>Rain Daily</b>")
    assert extract.extract(entry, {"publisher": Extract(selector="b")}).publisher == "Rain Daily"


def test_a_pattern_that_takes_for_ever_is_stopped() -> None:
    wanted = Extract(selector="p", match="(a|aa)+$")
    with pytest.raises(EntryError, match="make it simpler"):
        found(f"<p>{'a' * 60}!</p>", publisher=wanted)


def test_deep_nesting_is_no_fault() -> None:
    assert found("<div>" * 5000 + "<p>Rain</p>", title=Extract(selector="p")) is not None


@pytest.mark.parametrize("expression", ["a", "a.b[0]", "a || detail.b", "[].title"])
def test_a_right_path_has_no_fault(expression: str) -> None:
    assert json_api.fault(expression) is None


@pytest.mark.parametrize("expression", ["", "a.", "a[", "no_such_function("])
def test_a_wrong_path_is_named(expression: str) -> None:
    fault = json_api.fault(expression) or ""
    assert fault.startswith("is not a JMESPath expression: ")
    assert fault.isprintable()
