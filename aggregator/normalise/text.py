"""Plain text: which characters it may hold."""

from __future__ import annotations

import re

# What XML 1.0 §2.2 counts as Char (no lone surrogates), without DEL and the C1 controls. That there
# is nothing else is seen in half the time that looking for something else takes.
_CHARS = r"\t\n\r -~\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
_LEGAL = re.compile(f"[{_CHARS}]*+")
_FORBIDDEN = f"[^{_CHARS}]"  # 2 ms to compile, and mostly there is none

_INVISIBLE = " \u00ad\u200b\u2060"  # soft hyphen, zero-width space, word joiner

_BIDI_OPENERS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"  # LRE RLE LRO RLO, LRI RLI FSI
_POP, _POP_ISOLATE = "\u202c", "\u2069"
_BIDI = re.compile(f"[{_BIDI_OPENERS}{_POP}{_POP_ISOLATE}]")


def legal(text: str) -> str:
    """Return *text* without the characters that XML 1.0 forbids (§2.2), and without C1 controls.

    A C1 control is taken for the windows-1252 character it nearly always stands for, as HTML does.
    """
    return text if _LEGAL.fullmatch(text) else re.sub(_FORBIDDEN, _instead, text)


def _instead(match: re.Match[str]) -> str:
    if not "\x80" <= match[0] <= "\x9f":
        return ""
    return match[0].encode("latin-1").decode("cp1252", "ignore")


def one_line(text: str) -> str:
    """Return *text* legal, on one line, with every run of white space as one space.

    A text of characters that nobody sees is empty.
    """
    if not text.isprintable():  # else there is nothing in it but letters and spaces
        text = legal(text).replace("\ufeff", "")
    return " ".join(text.split()).strip(_INVISIBLE)


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
