"""Pages that were made to hurt, and what a page says of itself."""

from __future__ import annotations

import time

from aggregator.model import Entry
from aggregator.parse import html_page

URL = "https://rain.example/"


def test_rows_inside_rows_do_not_multiply_what_stands_in_the_last() -> None:
    text = "<ul><li class=x>" * 800 + "wet " * 500_000
    begun = time.monotonic()
    page = html_page.read(text.encode(), url=URL)
    fields = {"title": ":scope", "content": ":scope"}
    entries = [html_page.entry(row, fields, URL) for row in html_page.rows(page, "li.x")]
    assert 0 < len(entries) < 10
    assert time.monotonic() - begun < 5


def test_what_the_page_says_of_itself_fills_only_what_is_missing() -> None:
    body = b"""<html lang=de><title>Rain | Daily</title><meta name=author content="Ada, Bo">
    <meta property="og:description" content="1 &lt; 2"><meta property="og:image" content="a.png">"""
    page = html_page.read(body, url=URL)
    found = html_page.with_own_words(Entry(title="Rain"), page)
    assert (found.title, found.language, found.summary) == ("Rain", "de", "1 &lt; 2")
    assert found.image == f"{URL}a.png"
    assert html_page.with_own_words(Entry(), page).title == "Rain | Daily"
