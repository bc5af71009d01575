"""Which articles are taken for one story, and which are not."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from aggregator.model import Article, Candidates, Signature
from aggregator.normalise.stories import same_story, signatures, tokens
from tests.articles import article
from tests.story_pairs import FORMS, RELATED, SAME, Pair
from tests.tellings import (
    BRIDGE,
    BRIDGE_IN_GERMAN,
    BRIDGE_LATER,
    BRIDGE_REWRITTEN,
    BRIEFING,
    FLASH,
    METRO,
    METRO_OTHER,
    METRO_REWRITTEN,
    OTHER_BRIEFING,
    REPO,
    REPO_NEXT_DAY,
    Telling,
)


class Written(NamedTuple):
    """An article and what it is looked for by."""

    article: Article
    signature: Signature


def made(telling: Telling, share_link: str = "https://a.example/1") -> Written:
    whole = article(title=telling.title, content=telling.text, share_link=share_link)
    return Written(whole, signatures([whole])[whole.guid])


def place_of(own: Written, *others: Written) -> int | None:
    """Return which of the *others*, each of another source, tells the story of *own*."""
    return place_among(own, [f"other {n}" for n in range(len(others))], *others)


def place_among(own: Written, sources: list[str], *others: Written) -> int | None:
    candidates = Candidates(
        range(len(others)),
        [one.signature.title for one in others],
        [
            (n, source)
            for n, (source, one) in enumerate(zip(sources, others, strict=True))
            if own.signature.link and one.signature.link == own.signature.link
        ],
    )
    told = [(one.article.title, one.article.content or one.article.summary) for one in others]
    found = same_story(own.article, own.signature, candidates, lambda n: told[n])
    return next(found, None)


def are_one(one: Written, other: Written) -> bool:
    """Return whether both are taken for one story, whichever of them comes first."""
    found = {place_of(one, other) == 0, place_of(other, one) == 0}
    assert len(found) == 1, "the answer depends on who comes first"
    return found.pop()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(BRIDGE, BRIDGE, True, id="the same text"),
        pytest.param(BRIDGE, BRIDGE_REWRITTEN, True, id="an English rewrite"),
        pytest.param(METRO, METRO_REWRITTEN, True, id="a Chinese rewrite"),
        pytest.param(BRIDGE, BRIDGE_LATER, False, id="the next story on the same bridge"),
        pytest.param(METRO, METRO_OTHER, False, id="a similar Chinese title on something else"),
        pytest.param(REPO, REPO_NEXT_DAY, False, id="a daily notice with other numbers"),
        pytest.param(BRIEFING, OTHER_BRIEFING, False, id="one title for different texts"),
        pytest.param(BRIDGE, BRIDGE_IN_GERMAN, False, id="a translation"),
        pytest.param(FLASH, FLASH, False, id="a very short text"),
        pytest.param(
            BRIEFING._replace(text="Read our morning briefing here."),
            BRIEFING._replace(text="Read our morning briefing here."),
            False,
            id="a very short text under a standing title",
        ),
        pytest.param(
            BRIDGE, BRIDGE._replace(title="What the council said"), False, id="another title"
        ),
        pytest.param(BRIDGE, BRIDGE._replace(title=""), False, id="no title"),
    ],
)
def test_texts_are_told_apart(one: Telling, other: Telling, same: bool) -> None:
    assert are_one(made(one), made(other, "https://b.example/2")) is same


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_two_papers_that_print_one_story_tell_one(pair: Pair) -> None:
    one, other = made(pair.one), made(pair.other, "https://b.example/2")
    assert are_one(one, other)
    assert len(found_by(one) & found_by(other)) >= 3, "or nobody would look for it"


@pytest.mark.parametrize("pair", RELATED.values(), ids=RELATED)
def test_two_stories_on_one_subject_are_two(pair: Pair) -> None:
    assert not are_one(made(pair.one), made(pair.other, "https://b.example/2"))


@pytest.mark.parametrize("pair", FORMS.values(), ids=FORMS)
def test_what_is_filled_into_one_form_is_told_apart(pair: Pair) -> None:
    assert not are_one(made(pair.one), made(pair.other, "https://b.example/2"))


def found_by(written: Written) -> set[str]:
    return set(tokens(written.signature.title))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "https://a.example/x", True),
        ("https://a.example/x", "http://www.a.example/x/", True),
        ("https://a.example/x?a=1&b=2", "https://a.example/x?b=2&a=1", True),
        ("https://a.example/x?a=1", "https://a.example/x?a=2", False),
        ("https://a.example/x", "https://a.example/y", False),
        ("https://a.example/X", "https://a.example/x", False),
        ("https://a.example/", "https://a.example/", False),
        ("https://a.example/?p=7", "https://a.example/?p=7", True),
        ("", "", False),
    ],
)
def test_the_same_link_is_the_same_story_whatever_the_words(
    one: str, other: str, same: bool
) -> None:
    assert are_one(made(FLASH, one), made(BRIDGE, other)) is same


def test_a_translation_under_the_same_link_is_the_same_story() -> None:
    link = "https://a.example/bridge"
    assert are_one(made(BRIDGE, link), made(BRIDGE_IN_GERMAN, link))


def test_the_same_link_comes_before_the_same_text() -> None:
    own = made(BRIDGE, "https://a.example/bridge")
    by_text = made(BRIDGE, "https://b.example/1")
    by_link = made(FLASH, "https://a.example/bridge")
    assert place_of(own, by_text, by_link) == 1


def test_of_several_texts_the_most_alike_is_the_story_and_then_the_first() -> None:
    own = made(BRIDGE)
    close = made(BRIDGE_REWRITTEN, "https://b.example/1")
    same = made(BRIDGE, "https://c.example/1")
    assert place_of(own, close, same, same) == 1


def test_a_page_with_many_entries_names_no_story() -> None:
    live = "https://a.example/live"
    own, entry = made(FLASH, live), made(BRIDGE, live)
    assert place_of(own, entry, entry) == 0
    assert place_among(own, ["other", "other"], entry, entry) is None


def test_of_one_source_a_link_of_several_articles_is_left_aside() -> None:
    live = "https://a.example/live"
    found = signatures(
        [article(1, share_link=live), article(2, share_link=live), article(3)],
    )
    assert [bool(one.link) for one in found.values()] == [False, False, True]


def test_without_content_the_summary_is_compared() -> None:
    short = article(
        title=METRO.title, content="", summary=METRO.text, share_link="https://b.example/1"
    )
    own = Written(short, signatures([short])[short.guid])
    assert are_one(own, made(METRO_REWRITTEN))


def test_an_article_without_anything_to_compare_is_no_story() -> None:
    blank = made(Telling("", ""), "")
    assert blank.signature == Signature()
    assert place_of(blank, blank) is None
    assert place_of(made(BRIDGE)) is None


def test_a_text_is_read_only_where_its_title_is_alike() -> None:
    own, other = made(BRIDGE), made(METRO, "https://b.example/1")

    def read(n: int) -> tuple[str, str]:
        raise AssertionError("read for nothing")

    told = Candidates([1], [other.signature.title])
    assert list(same_story(own.article, own.signature, told, read)) == []
