"""The licence that a line of rights or an address names, in the words that people know it by."""

from __future__ import annotations

import re

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
_FREE = re.compile(r"\b(?:CC0|public domain)\b", re.IGNORECASE)
_WORDS = {"commercial": "-NC", "share": "-SA", "deriv": "-ND"}


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
    if long := _LONG.search(text):
        said = long["terms"].lower()
        terms = "".join(short for word, short in _WORDS.items() if word in said)
        return _cc(f"BY{terms}", long["version"])
    free = _FREE.search(text)
    return ("CC0 1.0" if free[0].lower() == "cc0" else "public domain") if free else ""


def _cc(terms: str, version: str | None) -> str:
    return f"CC {terms.upper()} {version or ''}".rstrip()
