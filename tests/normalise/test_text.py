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
