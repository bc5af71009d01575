from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aggregator.normalise import text


@given(st.text(st.characters(blacklist_categories=())))
def test_legal_text_can_stand_in_an_xml_document(anything: str) -> None:
    element = etree.Element("title")
    element.text = text.legal(anything)
    assert etree.fromstring(etree.tostring(element)) is not None


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("a\x00b\x0bc\x1bd", "abcd"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("\ud800lone", "lone"),
        ("\ufffe\uffffnon", "non"),
        ("it\x92s 5\x80", "it’s 5€"),
        ("\x7f\x81\x9d", ""),
        ("\U0001f600 ok", "\U0001f600 ok"),
    ],
)
def test_forbidden_characters_go_and_the_others_stay(raw: str, kept: str) -> None:
    assert text.legal(raw) == kept


def test_one_line_collapses_every_kind_of_white_space() -> None:
    assert text.one_line("\ufeff a \n\n\tb\u3000\u00a0c\u2028d ") == "a b c d"


def test_a_text_that_nobody_sees_is_empty() -> None:
    assert text.one_line(" \u200b\n\u00ad ") == ""
    assert text.one_line("\u200ba\u200bb") == "a\u200bb"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("plain", "plain"),
        ("\u202bשלום\u202c", "\u202bשלום\u202c"),
        ("\u2067שלום\u2069 x \u202aab\u202c", "\u2067שלום\u2069 x \u202aab\u202c"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("\u202bשלום", "שלום"),
        ("a\u202cb\u202ac", "abc"),
        ("\u2067a\u202c", "a"),
        ("left\u200eright\u200f", "left\u200eright\u200f"),
    ],
)
def test_bidirectional_controls_that_reach_beyond_a_title_go(title: str, shown: str) -> None:
    assert text.level(title) == shown


@pytest.mark.parametrize(
    ("whole", "limit", "short"),
    [
        ("short", 10, "short"),
        ("exactly ten", 11, "exactly ten"),
        ("one two three four", 12, "one two…"),
        ("one two, three four", 12, "one two…"),
        ("unbreakablewordthatgoeson", 10, "unbreakab…"),
        ("一二三四五六七八九十", 6, "一二三四五…"),
        ("ab e\u0301e\u0301e\u0301e\u0301e\u0301", 7, "ab e\u0301…"),
        ("abcd👩‍👧x", 6, "abcd…"),
    ],
)
def test_shortening_cuts_between_words_and_never_inside_a_character(
    whole: str, limit: int, short: str
) -> None:
    assert text.shorten(whole, limit) == short
    assert len(short) <= limit


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The first sentence is here. "),
        ("quoted", "He said: “That is the end of it.” "),
        ("en question", "Is this the end of the text? "),
        ("zh", "这是第一句话，它说明了一些事情。"),
        ("zh quoted", "他说：“这就是全部的内容了！”"),
        ("ja", "これは最初の文章です。"),
        ("hi", "यह पहला वाक्य है जो यहाँ है। "),
        ("ar", "هل هذه هي الجملة الأولى هنا؟ "),
        ("ru", "Это первое предложение здесь. "),
        ("hy", "Սա առաջին նախադասությունն է։ "),
        ("th-less ellipsis", "And so it went on and on… "),
    ],
)
def test_an_excerpt_ends_where_a_sentence_ends_in_any_script(language: str, sentence: str) -> None:
    short = text.excerpt(sentence * 20, 100)
    assert len(short) <= 100
    assert short == (sentence * (100 // len(sentence.strip()) + 1))[: len(short)]
    assert short.endswith(sentence.strip())


def test_a_number_or_an_abbreviation_near_the_beginning_is_no_end() -> None:
    words = "Dr. Who paid 3.14 and went on without any further stop " + "so it goes on " * 30
    short = text.excerpt(words, 120)
    assert short.endswith("…")
    assert 100 < len(short) <= 120


def test_a_text_without_sentences_is_cut_between_words() -> None:
    assert text.excerpt("word " * 100, 48) == "word " * 8 + "word…"
