from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.excerpt import excerpt, shorten


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
        ("abcd👋🏽x", 6, "abcd…"),
        ("abc🇨🇳🇨🇳x", 7, "abc🇨🇳…"),
        ("नमस्ते दुनिया", 5, "नमस्…"),
        ('say "yes" or', 6, "say…"),
        ("go (to the", 5, "go…"),
    ],
)
def test_shortening_cuts_between_words_and_never_inside_a_character(
    whole: str, limit: int, short: str
) -> None:
    assert shorten(whole, limit) == short
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
    short = excerpt(sentence * 20, 100)
    assert len(short) <= 100
    assert short == (sentence * (100 // len(sentence.strip()) + 1))[: len(short)]
    assert short.endswith(sentence.strip())


def test_a_number_or_an_abbreviation_near_the_beginning_is_no_end() -> None:
    words = "Dr. Who paid 3.14 and went on without any further stop " + "so it goes on " * 30
    short = excerpt(words, 120)
    assert short.endswith("…")
    assert 100 < len(short) <= 120


def test_a_text_without_sentences_is_cut_between_words() -> None:
    assert excerpt("word " * 100, 48) == "word " * 8 + "word…"


def cut(marked: str, limit: int) -> tuple[str, str]:
    """Return an excerpt of *marked* and what it is to be, cut where it has a `|`."""
    return excerpt(marked.replace("|", ""), limit), marked.split("|")[0]


@pytest.mark.parametrize(
    ("marked", "limit"),
    [
        ("The U.S. economy grew by 3.5 percent.| Mr. Smith said so in No. 5 of it. And more.", 60),
        ("Mr. Smith said so of the U.S. economy in No. 5 of his letters.| And more of it.", 65),
        ("Up to 5 p.m. Thursday the shop is open.| And so on it goes.", 45),
        ("Yahoo! said that it was late.| Then more of it and so on.", 40),
        ("Er kam am 22. November an.| Danach kam mehr davon.", 40),
        ("Это было в 5 тыс. Рублей нет.| Дальше больше.", 35),
        ("１．５倍になった。|それで終わり。続きがある。", 12),
    ],
)
def test_an_abbreviation_a_decimal_and_an_ordinal_end_no_sentence(marked: str, limit: int) -> None:
    short, wanted = cut(marked, limit)
    assert short == wanted


@pytest.mark.parametrize(
    ("marked", "limit"),
    [
        ("他说：“今天很好。明天更好。”然后走了。|后来又来了，还带了很多。", 20),
        ("「終わった。もう帰る。」|と言った。そして帰った。", 12),
        ("One came.| “Two. Three. Four is a longer one.” And five.", 26),
        ("Er sagte: »Das ist gut.« Dann ging er nach Hause.| Und mehr.", 55),
        ("Sie rief: „Komm. Jetzt.“| Er kam dann auch wirklich gleich.", 30),
        ("Il dit : « Oui. Non. » Puis il part.| Encore du texte.", 40),
        ('A 5" disk is small. It holds little.| But it is cheap.', 40),
    ],
)
def test_no_sentence_ends_while_something_is_open(marked: str, limit: int) -> None:
    short, wanted = cut(marked, limit)
    assert short == wanted


@pytest.mark.parametrize(
    ("whole", "short"),
    [
        ("We sailed in Oct. 2026 to No. 12. Then home.", "We sailed in Oct. 2026 to No. 12. Then…"),
        ("He said: “One. Two. Three is a longer one.”", "He said: “One. Two. Three is a longer…”"),
        ('He said: "One. Two. Three is a longer one."', 'He said: "One. Two. Three is a longer…"'),
        ("Brackets (see page 5, which is long) end it.", "Brackets (see page 5, which is long)…"),
        ("Brackets (see the page, which is longer) end", "Brackets (see the page, which is…)"),
    ],
)
def test_what_is_open_where_a_sentence_had_to_be_cut_is_closed(whole: str, short: str) -> None:
    assert excerpt(whole, 40) == short


@given(
    st.text(st.sampled_from("ab .!?。；，“”\"'(（）)«»„ 5\u0301👩\u200d👧"), max_size=80),
    st.integers(2, 60),
)
def test_an_excerpt_is_never_longer_than_asked_for(whole: str, limit: int) -> None:
    short = excerpt(whole, limit)
    assert len(short) <= limit
    assert short == whole.strip() or short


@pytest.mark.parametrize("piece", ["(", '"', "a.", "。", "“", "\u0301", "🇨🇳", "«a. "])
def test_an_excerpt_of_what_is_meant_to_be_slow_is_not(piece: str) -> None:
    begun = time.perf_counter()
    assert len(excerpt(piece * 20_000, 1000)) <= 1000
    assert time.perf_counter() - begun < 1
