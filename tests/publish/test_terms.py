from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aggregator.config.settings import Source
from aggregator.model import Article, Attribution
from aggregator.publish.press import Press
from aggregator.publish.rendering import article_documents
from aggregator.publish.terms import fitted
from tests.publish.desk import WORLD, article, press, rendered

LONG = "<p>" + "This is one sentence of the text. " * 30 + "</p><img src='https://c.example/i.png'>"
SECRET = "and this is never to be read"


def shown(content: str | None, of: Article, licence: str = "", **publish: Any) -> Article:
    source = Source.model_validate(
        {"id": of.source, "url": "https://c.example/", "content": content, "licence": licence}
    )
    return fitted(replace(press(**publish), sources={of.source: source}), of)


def test_without_a_word_an_article_is_published_in_full() -> None:
    one = article(content=LONG)
    assert fitted(press(), one) is one
    assert shown("full", one) is one


def test_an_excerpt_is_one_paragraph_of_whole_sentences() -> None:
    one = shown("excerpt", article(content=LONG, summary=""))
    assert one.content.startswith("<p>This is one sentence of the text. This is")
    assert one.content.endswith("text.</p>")
    assert 200 < len(one.content) <= 300 + len("<p></p>")
    assert shown("excerpt", article(content=LONG, summary=""), excerpt=40).content == (
        "<p>This is one sentence of the text.</p>"
    )


def test_an_excerpt_is_of_the_summary_where_there_is_one() -> None:
    one = shown("excerpt", article(content=LONG, summary='A "teaser" & more.'))
    assert (one.content, one.summary) == ('<p>A "teaser" &amp; more.</p>', "")


def test_an_excerpt_of_nothing_is_nothing() -> None:
    assert shown("excerpt", article(content="", summary="")).content == ""


def test_of_what_may_only_be_linked_nothing_is_shown_but_the_title() -> None:
    one = shown("link", article(content=LONG))
    assert (one.title, one.content, one.summary) == ("Ferry 1 stops for the winter", "", "")


@pytest.mark.parametrize(
    ("rights", "licence", "allowed"),
    [
        ("© 2026 The Paper, CC BY 4.0", "", "full"),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/", "", "excerpt"),
        ("", "CC BY-ND 4.0", "excerpt"),
        ("© 2026 The Paper", "", "link"),
        ("© 2026 The Paper. All rights reserved.", "", "excerpt"),
        ("", "", "link"),
        ("", "our own", "full"),
    ],
)
def test_where_its_source_does_not_say_the_licence_of_an_article_decides(
    rights: str, licence: str, allowed: str
) -> None:
    table = {"CC BY-*ND*": "excerpt", "all rights reserved": "excerpt", "none": "link"}
    one = article(content=LONG, attribution=Attribution("The Paper", rights=rights))
    assert shown(None, one, licence, licences=table) == shown(allowed, one)
    assert shown("full", one, licence, licences=table) is one


def test_a_feed_may_show_less_and_never_more() -> None:
    one = article(content=LONG, summary="")
    by_feed = fitted(replace(press(), most="excerpt"), one)
    assert by_feed == shown("excerpt", one)
    source = Source(id=one.source, url="https://c.example/", content="link")
    for most in ("full", "excerpt"):
        both: Press = replace(press(), most=most, sources={one.source: source})
        assert fitted(both, one).content == ""


@pytest.mark.parametrize("content", ["excerpt", "link"])
def test_no_format_shows_what_may_not_be_published(content: Any) -> None:
    one = article(content=f"{LONG}<p>{SECRET}</p>", summary="Two sailings. " * 30 + SECRET)
    source = Source(id=one.source, url="https://c.example/", content=content)
    limited = replace(press(), sources={one.source: source})
    documents = [*rendered(limited, WORLD, one).values(), *article_documents(limited, one)]
    assert len(documents) == 6
    assert not [document.path for document in documents if SECRET.encode() in document.body]
