from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.model import Attribution, Person, Report, Term
from aggregator.publish import wording
from tests.publish.desk import CHINESE, NOW, article, chinese, press

MAIL = Report(Attribution("Mail"), "https://mail.example/1", "No ferry", NOW)
COURIER = Attribution("The Island Courier", "https://courier.example/")


def names(*people: Person, publisher: str = "Example News") -> list[str]:
    by = article(authors=people, attribution=Attribution(publisher))
    return [name for name, _ in wording.bylines(by)]


def test_authors_are_named_with_the_publisher() -> None:
    assert names(Person("Alice Li"), Person("Bob")) == [
        "Alice Li via Example News",
        "Bob via Example News",
    ]


def test_without_an_author_the_publisher_is_one() -> None:
    assert names() == ["Example News"]
    assert names(Person(email="desk@example.org")) == ["Example News"]


def test_a_publisher_is_not_named_via_itself() -> None:
    assert names(Person("example news")) == ["example news"]


def test_what_readers_cut_names_at_is_left_out_of_them() -> None:
    assert names(Person("Li, Alice (Reuters); <a@b.example>"), publisher="Example, Inc.") == [
        "Li Alice Reuters a b.example via Example Inc."
    ]
    assert names(publisher="<@>") == ["courier"]


def test_only_web_addresses_of_authors_are_shown() -> None:
    people = (Person("A", uri="javascript:alert(1)"), Person("B", uri="https://b.example/"))
    assert [uri for _, uri in wording.bylines(article(authors=people))] == [
        "",
        "https://b.example/",
    ]


@pytest.mark.parametrize(
    ("site", "credit", "line"),
    [
        ({}, None, "Source: The Island Courier"),
        (CHINESE, None, "（文章来源：The Island Courier）"),
        ({}, "{title} – {author?} – {share_link}", "Ferry 1 stops for the winter – Alice Li – https://courier.example/1"),
        ({}, "", ""),
    ],
)  # fmt: skip
def test_the_credit_line_is_the_operators_or_that_of_the_language(
    site: dict[str, str], credit: str | None, line: str
) -> None:
    assert wording.credit(press(site, credit=credit), article()) == line


def test_a_credit_that_needs_what_is_missing_gives_way_to_the_plain_one() -> None:
    assert wording.credit(press(credit="By {author}"), article(authors=())) == (
        "Source: The Island Courier"
    )


def test_the_body_ends_with_the_credit_as_a_link_to_the_original() -> None:
    body = wording.body(
        press(credit="© <{publisher}>"), article(share_link="https://c.example/?a=1&b=2")
    )
    assert body == (
        "<p>The harbour was <em>quiet</em> on day 1.</p>"
        '<p class="credit"><a href="https://c.example/?a=1&amp;b=2">'
        "© &lt;The Island Courier&gt;</a></p>"
    )


def test_a_credit_without_an_original_is_no_link() -> None:
    body = wording.body(press(), article(share_link="", link=""))
    assert body.endswith('<p class="credit">Source: The Island Courier</p>')


def test_an_empty_credit_leaves_the_text_as_it_is() -> None:
    assert wording.body(press(credit=""), article(content="<p>a</p>")) == "<p>a</p>"


def test_an_article_without_text_has_its_summary_or_title_for_one() -> None:
    silent = press(credit="")
    assert wording.body(silent, article(content=" ", summary="1 < 2")) == "<p>1 &lt; 2</p>"
    assert wording.body(silent, article(content="", summary="", title="T")) == "<p>T</p>"


def test_an_article_without_title_is_headed_by_its_text() -> None:
    assert (
        wording.headline(article(title="", summary="", content="<p>a<b>b</b></p><p>c</p>"))
        == "ab c"
    )
    assert wording.headline(article(title="", summary="1 <2 or 3> 2")) == "1 <2 or 3> 2"
    assert wording.headline(article(title="", summary="", content="<img src=a>")) == "abcdefgh01"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>上海<b>证券</b>报</p>\n<p>二</p>", "上海证券报 二"),
        ('<p title="a > b">x</p>', "x"),
        ("a &lt; b &amp;&#1; c", "a < b & c"),
        ("<!-- no -->yes", "yes"),
        ("abcdefghij klm", "abcdefghi…"),
        ("<p>One. Two three.</p>", "One."),
        (f"<img src='data:{'x' * 500}'>abc", "abc"),
        ("<p>abc</p><p>" + "<a href='" + "x" * 500, "abc"),
    ],
)
def test_an_excerpt_is_the_beginning_of_the_text_without_markup(markup: str, text: str) -> None:
    assert wording.beginning_of(markup, 10) == text


def test_labels_are_categories_tags_and_terms_each_once_without_commas() -> None:
    one = chinese(tags=("a, b", "World"), terms=(Term("World"), Term("x")))
    assert wording.labels(press(CHINESE), one) == ["南昌日报", "a b", "World", "x"]


def test_a_name_that_is_given_twice_keeps_the_scheme_of_one() -> None:
    one = article(tags=("Ships",), terms=(Term("Ships", "https://c.example/"), Term("Ships", "x")))
    assert wording.terms(press(), one)[1:] == [Term("Ships", "https://c.example/")]


def test_each_publisher_that_also_reports_is_named_once_and_the_own_one_never() -> None:
    own = replace(MAIL, attribution=Attribution("the island courier"))
    again = replace(MAIL, attribution=Attribution("MAIL"), title="Later")
    echo = replace(MAIL, attribution=Attribution("Echo"))
    assert wording.also(article(also=(own, MAIL, again, echo))) == [MAIL, echo]


def test_where_nobody_else_reports_nothing_is_said_of_it() -> None:
    own = replace(MAIL, attribution=Attribution("The Island Courier"))
    for alone in (article(), article(also=(own,))):
        assert wording.body(press(), alone) == wording.credited(press(), alone)
        assert wording.also_line(press().texts, alone) == ""


def test_the_names_of_others_are_no_markup() -> None:
    sly = Report(Attribution("<b>{x}</b>"), 'https://a.example/?"><script>', "", NOW)
    assert wording.body(press(), article(also=(sly,))).endswith(
        '<p class="also">Also reported by <a href="https://a.example/?&quot;&gt;&lt;script&gt;">'
        "&lt;b&gt;{x}&lt;/b&gt;</a></p>"
    )
