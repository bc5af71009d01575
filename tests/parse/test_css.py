from __future__ import annotations

import pytest

from aggregator.parse import css

ROW = css.page(
    '<li data-id="7"><h2> It <i>rained</i><script>x()</script></h2><a href="/1">one</a>'
    '<a href="/2">two</a><img src="/wet.jpg"><div>a &lt; b <b>c</b><div>d</div></div></li>'
)
LI = css.nodes(ROW, "li")[0]


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("h2", ["It rained"]),
        ("a", ["one", "two"]),
        ("a@href", ["/1", "/2"]),
        ("h2, a @href", ["/1", "/2"]),
        ("a::attr(href)", ["/1", "/2"]),
        ("a::text", ["one", "two"]),
        (":scope > a:last-of-type", ["two"]),
        ("@data-id", ["7"]),
        ("@DATA-ID", ["7"]),
        (":scope@data-id", ["7"]),
        ("li@data-id", ["7"]),
        ("a@title", []),
        ("p", []),
        ('a[href="/2"]', ["two"]),
    ],
)
def test_a_selector_finds_texts_and_attributes(selector: str, found: list[str]) -> None:
    assert css.fault(selector) is None
    assert list(css.values(LI, selector)) == found


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("a", ["/1", "/2"]),
        ("img", ["/wet.jpg"]),
        ("a@href", ["/1", "/2"]),
        ("h2", []),
        ("a::text", ["one", "two"]),
    ],
)
def test_an_element_leads_where_its_address_says(selector: str, found: list[str]) -> None:
    assert list(css.addresses(LI, selector)) == found


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("a", '<a href="/1">one</a><a href="/2">two</a>'),
        ("div", "a &lt; b <b>c</b><div>d</div>"),
        ("i", "rained"),
        ("@data-id", "7"),
        ("p", ""),
    ],
)
def test_markup_is_what_stands_in_an_element_or_several_whole_ones(
    selector: str, found: str
) -> None:
    assert css.markup(LI, selector) == found


@pytest.mark.parametrize("selector", ["", "p[", "p:no-such-thing", "a::b", "a@href, b@href", "> a"])
def test_a_wrong_selector_is_named(selector: str) -> None:
    fault = css.fault(selector) or ""
    assert fault.startswith("is not a CSS selector: ")
    assert fault.isprintable()


@pytest.mark.parametrize(
    "text", ["", "\0", "<", "<a" * 20_000, "<div>" * 20_000, "<!--" * 20_000, '{"a": 1}']
)
def test_any_text_is_a_page(text: str) -> None:
    page = css.page(text)
    assert list(css.values(page, "a@href")) == []
    assert css.markup(page, "nothing") == ""
