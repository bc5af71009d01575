"""How like two articles tell what they tell: their texts, their numbers, and what they name. Pure.

    numbers agree ─► texts alike ─► each is about its title ─► names agree ─► one story

Much of what is published is a form that was filled in: the weather of each town, the quarter of
each company. Such texts are alike, so what is filled in has to be the same. And a text can be the
publisher's own, the same under each title: that one has to be paid for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from html import unescape
from itertools import islice

_MARKUP = 12_000  # characters that are read of an article …
_LETTERS = 2_000  # … and of its letters
_LEAD = 400  # in which the numbers must agree: at the end are phone numbers and editors' stamps
_NUMBERS = 40
_TEXTS_ALIKE = 0.5  # of all shingles: rewrites of one text have more, articles on one topic less
_SAMPLE, _SAMPLE_ALIKE = 40, 0.4
_PIECE = 4  # characters
_SHINGLE, _DENSE_SHINGLE = 5, 3
_SHORTEST, _SHORTEST_DENSE = 150, 50  # shingles: two shorter texts are alike by chance
_STEM, _SHORTEST_WORD = 5, 4  # letters: `closes` is in `closed`; what is shorter is in every text
_OF_TITLE = 0.2  # of a title's words: a text that has fewer is not about it

# Han, kana and hangul: three of these characters say as much as five of an alphabet
_HAN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_SUBJECT = re.compile(r"[^:：|｜]{2,30}[:：|｜]")
_NOT_LETTERS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
# What NFKC changes and that matters here: wide letters and digits, and the signs between digits.
# All of a Chinese text's punctuation would be changed too, which takes longer than all the rest.
_WIDE = re.compile(r"[０-９Ａ-Ｚａ-ｚ]+|(?<=\d)[．，：](?=\d)")
_ODD = re.compile("[\u0300-\u036f\u2460-\u24ff\u3300-\u33ff\ufb00-\ufdff\uff65-\uffdc]")


# Where thousands of characters are in a class, compiling it takes 2 ms: most commands need neither.
@cache
def _dense() -> re.Pattern[str]:
    return re.compile(f"[{_HAN}]")


@cache
def _run() -> re.Pattern[str]:
    return re.compile(f"[{_HAN}]+|[^\\W\\d_{_HAN}]+")


def folded(text: str) -> str:
    """Return *text* as it is compared: one form for each character, and no capitals."""
    return _plain(text).casefold()


def letters(text: str) -> str:
    """Return the letters and digits of a *text* that is folded."""
    return _NOT_LETTERS.sub("", text)


def words(text: str) -> list[str]:
    """Return the words of a *text* that is folded."""
    return _NOT_LETTERS.sub(" ", text).split()


def is_dense(letters: str) -> bool:
    """Say whether a text's *letters* are those of a script in which a few of them are a word."""
    return len(_dense().findall(letters)) * 3 > len(letters)


@dataclass(frozen=True)
class Telling:
    """What an article says, as it is compared with what others say; `markup` is HTML."""

    title: str
    markup: str

    def likeness(self, other: Telling) -> float:
        """Return which part of all their shingles two tellings share; 0 for another story."""
        if not (self._numbers_agree(other) and self._may_be(other)):
            return 0.0
        one, another = self._shingles, other._shingles
        if not (one and another):
            return 0.0
        shared = len(one & another)
        likeness = shared / (len(one) + len(another) - shared)
        if likeness < _TEXTS_ALIKE or not (self._is_about_title and other._is_about_title):
            return 0.0
        return likeness if self._names_agree(other) else 0.0

    # ── numbers ──────────────────────────────────────────────────────────────────────────────────

    def _numbers_agree(self, other: Telling) -> bool:
        """Say whether the numbers at the beginning of one stand in the other, either way round."""
        (lead, numbers), (others_lead, others_numbers) = self._numbers, other._numbers
        return lead <= others_numbers or others_lead <= numbers

    @cached_property
    def _numbers(self) -> tuple[frozenset[str], frozenset[str]]:
        """The numbers in the title and the first lines, and those in all of the text."""
        text = f"{_plain(self.title)} {self._text}"
        found = list(islice(_NUMBER.finditer(text), _NUMBERS))
        return _written(one for one in found if one.start() < _LEAD), _written(found)

    # ── text ─────────────────────────────────────────────────────────────────────────────────────

    def _may_be(self, other: Telling) -> bool:
        """Say whether the texts can be alike at all: that takes a tenth of comparing them."""
        found = sum(piece in other._folded for piece in self._sample)
        return found >= _SAMPLE_ALIKE * len(self._sample)

    @cached_property
    def _sample(self) -> list[str]:
        """Words of the text, or of a dense script some characters, from all over it."""
        runs = _run().findall(self._folded[:_LETTERS])
        pieces = [run[:_PIECE] for run in runs if len(run) >= _PIECE]
        return pieces[:: len(pieces) // _SAMPLE + 1]

    @cached_property
    def _text(self) -> str:
        return _plain(unescape(_TAG.sub(" ", self.markup[:_MARKUP])))

    @cached_property
    def _folded(self) -> str:
        return self._text.casefold()

    @cached_property
    def _shingles(self) -> frozenset[str]:
        """All short runs of letters; none where they are too few to tell one text by.

        Of an alphabet three letters would not do: two English texts share a quarter by chance.
        """
        text = letters(self._folded)[:_LETTERS]
        dense = is_dense(text)
        size = _DENSE_SHINGLE if dense else _SHINGLE
        found = {text[start : start + size] for start in range(len(text) - size + 1)}
        return frozenset(found if len(found) >= (_SHORTEST_DENSE if dense else _SHORTEST) else ())

    # ── names ────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _is_about_title(self) -> bool:
        said = frozenset(map(_stem, _units(self._text)))
        return len(self._heading & said) >= _OF_TITLE * len(self._heading)

    def _names_agree(self, other: Telling) -> bool:
        """Say whether one of the two names nothing in its title that the other leaves out.

        Where both do, each is about something else: Leeds and York, 南京 and 南昌.
        """
        return not (self._names_beyond(other) and other._names_beyond(self))

    def _names_beyond(self, other: Telling) -> bool:
        return bool(self._heading & self._names - other._said)

    @cached_property
    def _heading(self) -> frozenset[str]:
        """The words of the title."""
        words = _units(_plain(self.title))
        return frozenset(
            _stem(word) for word in words if len(word) >= _SHORTEST_WORD or not word[0].islower()
        )

    @cached_property
    def _names(self) -> frozenset[str]:
        """What is written as names are, not with a small letter, and whom the title speaks of.

        A company's notice often has its name only there: `贵州茅台：股东拟减持`.
        """
        subject = _SUBJECT.match(_plain(self.title))
        named = f"{subject[0] if subject else ''} {self._text}"
        return frozenset(_stem(word) for word in _units(named) if not word[0].islower())

    @cached_property
    def _said(self) -> frozenset[str]:
        return frozenset(map(_stem, _units(f"{_plain(self.title)} {self._text}")))


def _units(text: str) -> Iterator[str]:
    """Yield what of a *text* can be a name or a part of one: words, and pairs of characters."""
    for run in _run().findall(text):
        if _dense().match(run):
            yield from (run[start : start + 2] for start in range(len(run) - 1))
        else:
            yield run


def _stem(unit: str) -> str:
    return unit[:_STEM].casefold()


def _written(numbers: Iterable[re.Match[str]]) -> frozenset[str]:
    return frozenset(number[0].replace(",", "") for number in numbers)


def _plain(text: str) -> str:
    if text.isascii():
        return text
    if _ODD.search(text):
        return unicodedata.normalize("NFKC", text)
    return _WIDE.sub(lambda wide: unicodedata.normalize("NFKC", wide[0]), text)
