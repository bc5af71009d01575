"""XPath → CSS: what is translated selects the same, and what cannot be is refused."""

from __future__ import annotations

import pytest
from lxml import html

from aggregator.cli.xpath import to_css
from aggregator.parse import css

PAGE = """<html><body><div><p>lead</p></div><div id="main"><ul class="news big">
<li class="post"><h2>One</h2><a href="/1">more</a><a href="">none</a><span><b>deep</b></span></li>
<li class="post first"><h2>Two</h2><a class="x y" href="/2" data-at="noon">more</a></li>
<li class="ad"><h2>Buy</h2></li></ul></div></body></html>"""

LISTS = {
    "//li": "li",
    "//ul[@class='news big']/li": 'ul[class="news big"] > li',
    '//*[@id="main"]//li[2]': '[id="main"] li:nth-of-type(2)',
    "/html/body/div[2]/ul/li[last()]": (
        "html > body > div:nth-of-type(2) > ul > li:last-of-type"
    ),
    "//li[contains(@class, 'post')]": 'li[class*="post"]',
    "//li[starts-with(@class,'post')]": 'li[class^="post"]',
    "//li[contains(concat(' ', normalize-space(@class), ' '), ' post ')]": 'li[class~="post"]',
    "//li[@class and position()=1]": "li[class]:nth-of-type(1)",
    "descendant::h2": "h2",
    "//h2|//b": "h2, b",
}  # fmt: skip
VALUES = {
    ".//a/@href": "a@href",
    "a[string-length(@href)>0]/@href": ':scope > a[href]:not([href=""])@href',
    "./h2": ":scope > h2",
    "h2/text()": ":scope > h2",
    "normalize-space(.//h2)": "h2",
    "descendant::b": "b",
    ".": ":scope",
    "@class": "@class",
}
REFUSED = (
    "//a/ancestor::li",
    "//li[contains(text(), 'x')]",
    "//li[@a or @b]",
    "//li[not(@class)]",
    "//li[h2]",
    "..",
    "following-sibling::li",
    "//li[@class='a\"b']",
    '"Anonymous"',
    "concat(//h2, 'x')",
    "//li | //a/..",
    "//li[",
    "",
)


@pytest.mark.parametrize("expression", LISTS)
def test_rows_are_selected_as_the_expression_does(expression: str) -> None:
    selector = to_css(expression)
    assert selector == LISTS[expression]
    wanted = [node.text_content() for node in html.fromstring(PAGE).xpath(expression)]
    found = [node.xpath("string()").get() for node in css.nodes(css.page(PAGE), selector)]
    assert found == wanted
    assert wanted


@pytest.mark.parametrize("expression", VALUES)
def test_fields_are_found_in_the_row(expression: str) -> None:
    selector = to_css(expression)
    assert selector == VALUES[expression]
    assert css.fault(selector) is None
    row, theirs = css.nodes(css.page(PAGE), "li")[0], html.fromstring(PAGE).xpath("//li")[0]
    found = theirs.xpath(expression)
    first = found if isinstance(found, str) else found[0]
    wanted = first if isinstance(first, str) else first.text_content()
    assert next(css.values(row, selector)) == wanted


@pytest.mark.parametrize("expression", REFUSED)
def test_what_css_cannot_say_is_refused(expression: str) -> None:
    assert to_css(expression) == ""
