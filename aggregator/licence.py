"""The licence that a line of rights or an address names, in the words that people know it by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

RESERVED = "all rights reserved"
NONE = "none"

_DEED = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<terms>by(?:-nc)?(?:-sa|-nd)?)|publicdomain/(?P<none>zero|mark))"
    r"(?:/(?P<version>\d\.\d))?",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"\bCC[ -](?P<terms>BY(?:-NC)?(?:-SA|-ND)?)(?:[ -](?P<version>\d\.\d))?\b", re.IGNORECASE
)
_LONG = re.compile(
    r"\bcreative commons attribution"
    r"(?P<terms>(?:[ -]+(?:non-?commercial|share-?alike|no-?deriv\w+))*)"
    r"(?:\D{0,40}(?P<version>\d\.\d))?",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"(?:知识共享|知識共享|创用CC|創用CC|CC)\W{0,3}(?:许可协议\W*|授權條款\W*)?"
    r"署名(?P<terms>(?:\s*[-—–－]\s*(?:非商业性?(?:使用)?|非商業性?(?:使用)?|相同方式(?:共享|分享)|禁止(?:演绎|改作|衍生)))*)"
    r"(?:\D{0,10}(?P<version>\d\.\d))?"
)
_FREE = re.compile(r"\b(?:CC0|public domain)\b", re.IGNORECASE)
_WORDS = (("-NC", "commercial|非商"), ("-SA", "share|相同方式"), ("-ND", "deriv|禁止"))
_RESERVED = re.compile(
    r"\ball rights reserved\b|\balle rechte vorbehalten\b|\btous droits réservés\b"
    r"|\btodos los derechos reservados\b|\btodos os direitos reservados\b"
    r"|\btutti i diritti riservati\b|\bвсе права защищены\b"
    r"|版权所有|版權所有|保留所有权利|保留所有權利|無断転載|無断複製",
    re.IGNORECASE,
)


def licence(text: str) -> str:
    """Return `CC BY-SA 4.0`, `CC0 1.0` or `public domain` as *text* says, "" where it is neither.

    A copyright line is no licence.
    """
    if deed := _DEED.search(text):
        if deed["none"]:
            return "public domain" if deed["none"].lower() == "mark" else "CC0 1.0"
        return _cc(deed["terms"], deed["version"])
    if short := _SHORT.search(text):
        return _cc(short["terms"], short["version"])
    if long := _LONG.search(text) or _CHINESE.search(text):
        said = long["terms"].lower()
        terms = "".join(short for short, words in _WORDS if re.search(words, said))
        return _cc(f"BY{terms}", long["version"])
    free = _FREE.search(text)
    return ("CC0 1.0" if free[0].lower() == "cc0" else "public domain") if free else ""


def _cc(terms: str, version: str | None) -> str:
    return f"CC {terms.upper()} {version or ''}".rstrip()


def reserves(text: str) -> bool:
    """Say whether *text* says that all rights are reserved, in one of several languages."""
    return _RESERVED.search(text) is not None


def best(patterns: Iterable[str], rights: str, stated: str = "") -> str | None:
    """Return which of *patterns* fits a work best, None where none does.

    *rights* is what the work says of itself, *stated* the licence that somebody says it has. A
    pattern is the name of a licence as `licence` gives it, with or without its version, or words of
    one that has no such name; `*` stands for anything. `all rights reserved` fits that line in any
    language, `none` whatever no licence is known of. Of several the longest fits best.
    """
    name = licence(rights) or licence(stated)
    fitting = [one for one in patterns if _fits(one.casefold(), name, rights, stated)]
    return max(fitting, key=_precision, default=None)


def _fits(pattern: str, name: str, rights: str, stated: str) -> bool:
    reserved = not name and reserves(f"{rights} {stated}")
    if pattern == NONE:
        return reserved or not (name or stated)
    if pattern == RESERVED:
        return reserved
    if name:
        return pattern == "*" or _in_name(pattern).fullmatch(_level(name)) is not None
    return pattern == "*" or _in_words(pattern).search(_level(f"{rights} {stated}")) is not None


def _precision(pattern: str) -> tuple[bool, int, int, str]:
    literal = pattern.replace("*", "")
    return literal.casefold() not in ("", NONE), len(literal), -pattern.count("*"), pattern


@lru_cache
def _in_name(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"{_as_expression(pattern)}(?: \d\.\d)?")


@lru_cache
def _in_words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_as_expression(pattern)}(?!\w)")


def _as_expression(pattern: str) -> str:
    return "[^\n]*".join(re.escape(part) for part in _level(pattern).split("*"))


def _level(text: str) -> str:
    """Return *text* so that what differs only in case, hyphens and spaces is the same."""
    return " ".join(re.split(r"[\s_-]+", text.casefold()))
