"""Where a text may be cut: between words, or where a sentence ends, in any script."""

from __future__ import annotations

import re
import unicodedata

_JOINERS = "\u200d\ufe0e\ufe0f"  # they bind the character before or after them
_CLOSERS = dict(zip('([{（［｛【〔「『《〈“‘«„‚"', ')]}）］｝】〕」』》〉”’»“‘"', strict=True))
_PAIRED = re.compile(f"[{re.escape(''.join({*_CLOSERS, *_CLOSERS.values()}))}]")
_QUOTES = "“‘„‚«"  # in one language or another, each of them closes too
_HANGING = re.compile(r"(?:[ ,;:\-–—、，；：(\[{（［｛【〔「『《〈“‘„‚«]|(?<=\s)\")+\Z")

# What a sentence ends with. Where words have spaces between them, white space has to follow; the
# stops of scripts that have none, and of those where a stop is nothing else, may stand anywhere.
_CLOSING = "[\"'”’“»«›」』）】》〉〕］\\])}]*"
_ALONE = "。！？｡．؟۔।॥։።፧။៕།"
_STOP = re.compile(rf"([.!?…\u037e]+){_CLOSING}(?=\s|$)|([{_ALONE}][。！？｡…]*){_CLOSING}")
_SHORTEST = 1 / 3  # of the limit: of less than that a reader has nothing

_IDEOGRAPHIC = "\u2e80"  # the first of the scripts that put no space before a quotation
_LAST_WORD = re.compile(r"[^\s(\[{“„«\"'‘]*\Z")
_NEXT = re.compile(r"[\s\"'“„«‘(\[]*(\S?)")
_LETTERS_WITH_DOTS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")  # U.S, p.m, J, т.е
_ORDINAL = re.compile(r"\d{1,2}")  # am 22. November, No. 5 of a list
_ABBREVIATIONS = """
adm capt cdr cmdr col cpl dr drs gov hrn jr lt maj messrs mlle mm mme mr mrs ms mx prof rep rev sgt
sr sra srta st ste supt
al approx asst av ave bldg bzw ca cf co corp dept dist eds ej env esp etc evtl ggf hrsg inc incl
inkl jg kap lic ltd mio mrd mt op orig ord pl pt rd resp sog str stv ud uds univ usw vgl vs zzgl
apr aug dez déc ene feb févr fev janv juil jul jun märz nov oct okt sept tue tues thu thur thurs fri
акад англ гг гл гос др им млн млрд напр обл просп проф руб см стр тел тыс ул
"""
_BEFORE_NUMBERS = """
abs art bd ch dec ed ff fig jan mar max min mon no nos nr núm out p pág págs pp ref sat sec sep set
sun tel vol vols wed
"""
_SHORTENED = frozenset(_ABBREVIATIONS.split())
_SHORTENED_BEFORE_NUMBERS = frozenset(_BEFORE_NUMBERS.split())


def shorten(text: str, limit: int) -> str:
    """Return *text* in at most *limit* characters, cut between words and ended by `…`."""
    if len(text) <= limit:
        return text
    end = _between_characters(text, limit - 1)
    space = text.rfind(" ", limit // 2, end + 1)
    return _HANGING.sub("", text[: space if space > 0 else end]) + "…"


def excerpt(text: str, limit: int = 300) -> str:
    """Return the beginning of *text* in at most *limit* characters, ended where a sentence ends.

    That is the last end at which no bracket and no quotation is open, as long as a third of the
    room is used. Where there is none, the text is cut between words and ended by `…`, and what is
    open there is closed. An abbreviation, a decimal or an ordinal ends nothing.
    """
    text = text.strip()
    if len(text) <= limit:
        return text
    for stop in reversed([*_STOP.finditer(text, 0, limit + 1)]):
        whole = text[: stop.end()]
        if len(whole) < limit * _SHORTEST:
            break
        if len(whole) <= limit and not _goes_on(text, stop) and not _left_open(whole):
            return whole
    return _closed(text, limit)


def _closed(text: str, limit: int) -> str:
    """Return *text* cut between words, with what closes the brackets and quotations open there."""
    short = shorten(text, limit)
    for room in range(limit, limit // 2, -1):
        short = shorten(text, room)
        closers = _left_open(short)
        if len(short) + len(closers) <= limit:
            return short + closers
    return short


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Return whether the stop in *match* ends no sentence."""
    follows = _NEXT.match(text, match.end())
    after = follows[1] if follows else ""
    before = _LAST_WORD.search(text[max(0, match.start() - 40) : match.start()])
    word = before[0].lower() if before else ""
    if match[2]:  # a full-width point may stand in a number
        return match[2] == "．" and word[-1:].isdigit() and after.isdigit()
    if after.islower():
        return True
    is_point = match[1] == "." and match.end() - match.start() == 1
    return is_point and after != "" and _is_shortened(word, after)


def _is_shortened(word: str, after: str) -> bool:
    return (
        word in _SHORTENED
        or (word in _SHORTENED_BEFORE_NUMBERS and after.isdigit())
        or _LETTERS_WITH_DOTS.fullmatch(word) is not None
        or _ORDINAL.fullmatch(word) is not None
    )


def _left_open(text: str) -> str:
    """Return what would close the brackets and quotations that are open at the end of *text*."""
    expected: list[str] = []
    for mark in _PAIRED.finditer(text):
        if expected and mark[0] == expected[-1]:
            expected.pop()
        elif mark[0] in _CLOSERS and _opens(text, mark.start()):
            expected.append(_CLOSERS[mark[0]])
    return "".join(reversed(expected))


def _opens(text: str, place: int) -> bool:
    """Return whether the character at *place* opens something: not `5"`, nor “ behind a word."""
    before = text[place - 1] if place else " "
    if text[place] == '"':
        return not before.isalnum()
    is_apart = before.isspace() or before in "-–—" or before in _CLOSERS
    return text[place] not in _QUOTES or is_apart or before >= _IDEOGRAPHIC


def _between_characters(text: str, end: int) -> int:
    """Return the last place up to *end* that parts no character from what combines with it."""
    while end > 1 and (_binds(text[end]) or text[end - 1] == "\u200d" or _parts_flag(text, end)):
        end -= 1
    return end


def _binds(character: str) -> bool:
    """Return whether *character* belongs to the one before it (roughly UAX #29's Extend)."""
    is_tone = "\U0001f3fb" <= character <= "\U0001f3ff"  # of the skin of an emoji
    return character in _JOINERS or is_tone or unicodedata.category(character)[0] == "M"


def _parts_flag(text: str, end: int) -> bool:
    """Return whether the place parts the two letters of a flag."""
    letters = 0
    while letters < end and "\U0001f1e6" <= text[end - 1 - letters] <= "\U0001f1ff":
        letters += 1
    return letters % 2 == 1 and "\U0001f1e6" <= text[end] <= "\U0001f1ff"
