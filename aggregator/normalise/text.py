"""Plain text: which characters it may hold, and where it may be cut."""

from __future__ import annotations

import re
import unicodedata

# What XML 1.0 §2.2 does not count as Char (lone surrogates too), and DEL and the C1 controls.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_INVISIBLE = " \u00ad\u200b\u2060"  # soft hyphen, zero-width space, word joiner

_BIDI_OPENERS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"  # LRE RLE LRO RLO, LRI RLI FSI
_POP, _POP_ISOLATE = "\u202c", "\u2069"
_BIDI = re.compile(f"[{_BIDI_OPENERS}{_POP}{_POP_ISOLATE}]")

# A sentence ends in any script: with a full stop before white space, an ideographic one anywhere.
_CLOSING = "[\"'”’»›」』）】》〉\\])]*"
_SENTENCE_END = re.compile(
    rf"[.!?…]+{_CLOSING}(?=\s|$)|[。！？｡．…؟۔।॥։។၊။።]+{_CLOSING}", re.UNICODE
)
_SHORTEST_EXCERPT = (
    1 / 3
)  # of the limit: an end before that is `Dr.` or `No.` rather than a sentence
_JOINERS = "\u200d\ufe0e\ufe0f"  # they bind the character before or after them


def legal(text: str) -> str:
    """Return *text* without the characters that XML 1.0 forbids (§2.2), and without C1 controls.

    A C1 control is taken for the windows-1252 character it nearly always stands for, as HTML does.
    """
    return _FORBIDDEN.sub(_instead, text) if _FORBIDDEN.search(text) else text


def _instead(match: re.Match[str]) -> str:
    if not "\x80" <= match[0] <= "\x9f":
        return ""
    return match[0].encode("latin-1").decode("cp1252", "ignore")


def one_line(text: str) -> str:
    """Return *text* legal, on one line, with every run of white space as one space.

    A text of characters that nobody sees is empty.
    """
    return " ".join(legal(text).replace("\ufeff", "").split()).strip(_INVISIBLE)


def level(text: str) -> str:
    """Return *text* so that its bidirectional controls cannot reach beyond it.

    Balanced controls (UAX #9) are the author's and stay; one that is left open would turn round
    whatever follows a title in a list or a terminal, so then all of them go.
    """
    if not _BIDI.search(text) or _is_balanced(text):
        return text
    return _BIDI.sub("", text)


def _is_balanced(text: str) -> bool:
    expected: list[str] = []
    for control in _BIDI.findall(text):
        if control in _BIDI_OPENERS:
            expected.append(_POP_ISOLATE if control >= "\u2066" else _POP)
        elif not expected or expected.pop() != control:
            return False
    return not expected


def shorten(text: str, limit: int) -> str:
    """Return *text* in at most *limit* characters, cut between words and ended by `…`."""
    if len(text) <= limit:
        return text
    end = _between_characters(text, limit - 1)
    space = text.rfind(" ", limit // 2, end + 1)
    return text[: space if space > 0 else end].rstrip(" ,;:-–—、，；：") + "…"


def _between_characters(text: str, end: int) -> int:
    """Return the last place up to *end* that parts no character from what combines with it."""
    while end > 1 and (
        text[end] in _JOINERS or text[end - 1] == "\u200d" or unicodedata.combining(text[end])
    ):
        end -= 1
    return end


def excerpt(text: str, limit: int = 300) -> str:
    """Return the beginning of *text* in at most *limit* characters, ended where a sentence ends.

    Knows the sentence ends of Latin, CJK, Arabic, Indic and other scripts; where no sentence ends
    in the last two thirds of the room, the text is cut between words.
    """
    if len(text) <= limit:
        return text
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, limit + 1)]
    whole = max((end for end in ends if limit * _SHORTEST_EXCERPT <= end <= limit), default=0)
    return text[:whole] if whole else shorten(text, limit)
