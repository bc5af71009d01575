"""Posts that were published here, taken apart."""

from __future__ import annotations

import pytest

from aggregator.parse.jekyll_post import parse
from aggregator.parse.published_post import Parts, take_apart

WAYS_BACK = "[More from Rain](//rain.example/category/rain.html)｜[Home](//rain.example/)"
LINK = "<https://rain.example/share?a=1&b=2>"


def test_the_share_link_and_the_ways_back_are_no_text() -> None:
    parts = take_apart(f"<p>It rained.</p>\n <p>Then snow.</p>\n\n{LINK}\n\n{WAYS_BACK}\n")
    assert parts == Parts(
        "<p>It rained.</p>\n <p>Then snow.</p>",
        share_link="https://rain.example/share?a=1&b=2",
        whole=True,
    )


def test_a_quotation_above_the_text_is_the_summary() -> None:
    parts = take_apart(f"> It rained,\n> and more.\n\n<p>Text.</p>\n\n{LINK}\n\n{WAYS_BACK}")
    assert (parts.summary, parts.body) == ("It rained,\nand more.\n", "<p>Text.</p>")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Source: The Paper", "The Paper"),
        ("（文章来源：安信国际证券(香港)）", "安信国际证券(香港)"),
        ("Source: Anxin (Hong Kong)", "Anxin (Hong Kong)"),
        ('<a href="https://rain.example/1">Source: Rain &amp; Snow</a>', "Rain &amp; Snow"),
    ],
)
def test_the_credit_is_the_publisher_and_no_text(line: str, name: str) -> None:
    parts = take_apart(f'<p>Text.</p><p class="credit">{line}</p>\n\n{LINK}\n\n{WAYS_BACK}')
    assert (parts.body, parts.publisher) == ("<p>Text.</p>", name)


def test_a_credit_that_names_nobody_stays() -> None:
    body = '<p>Text.</p><p class="credit">with thanks</p>'
    assert take_apart(f"{body}\n\n{LINK}\n\n{WAYS_BACK}").body == body


@pytest.mark.parametrize("link", ["<>", ""])
def test_a_post_may_have_no_share_link(link: str) -> None:
    parts = take_apart(f"<p>Text.</p>\n\n{link}\n\n{WAYS_BACK}")
    assert (parts.body, parts.share_link) == ("<p>Text.</p>", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"<p>Text.</p>\n\n{LINK}\n",
        f"> quoted\n\n<p>Text.</p>\n\n{WAYS_BACK}\n\nand on.",
        "[a](//rain.example/c.html)｜[b](//rain.example/)",
        "[" * 100_000,
        "[a](//" + "/category/" * 50_000,
    ],
)
def test_any_other_post_is_all_text(text: str) -> None:
    assert take_apart(text) == Parts(text)


def test_a_field_of_the_front_matter_beats_the_line_below_the_text() -> None:
    text = f"---\nlink: https://own.example/\n---\n<p>Text.</p>\n\n{LINK}\n\n{WAYS_BACK}\n"
    assert parse(text.encode(), name="a.md").link == "https://own.example/"  # type: ignore[union-attr]


def test_templates_find_the_first_category_and_all_tags() -> None:
    text = "---\ncategories: [rain, snow]\ntags: [wet, cold]\n---\nText."
    entry = parse(text.encode(), name="a.md")
    assert entry is not None
    assert (entry.fields["category"], entry.fields["tags"]) == ("rain", "wet, cold")
