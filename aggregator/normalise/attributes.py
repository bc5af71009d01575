"""The attributes of one element of a sanitised fragment, and the changes they can need."""

from __future__ import annotations

import re
from html import escape, unescape

from aggregator.normalise.links import WEB, absolute, is_fine

Attributes = dict[str, str]  # name → value as it is written, still escaped

_LISTED = re.compile(r' ([a-z-]+)="([^"]*)"')
_PIXELS = re.compile(r"\s*(\d{1,5})(?:px)?\s*")


def read(text: str) -> Attributes:
    """Return the attributes in *text*, the inside of a tag as the sanitiser writes it."""
    return dict(_LISTED.findall(text))


def write(attributes: Attributes) -> str:
    """Return what `read` reads."""
    return "".join([f' {name}="{value}"' for name, value in attributes.items()])


def put(attributes: Attributes, name: str, value: str) -> bool:
    """Give the attribute *value*, or drop it where that is empty; return whether it is there."""
    if value:
        attributes[name] = escape(value, quote=False).replace('"', "&quot;")
    else:
        attributes.pop(name, None)
    return bool(value)


def resolve(attributes: Attributes, name: str, base: str, schemes: frozenset[str] = WEB) -> bool:
    """Make the address in the attribute absolute, or drop it; return whether there is one."""
    value = attributes.get(name)
    if value is None:
        return False
    if is_good(value):
        return True
    return put(attributes, name, absolute(unescape(value), base, schemes))


def is_good(value: str) -> bool:
    """Say whether an address, as it is written, is absolute and in order; nearly all are."""
    return is_fine(value) and value.count("&") == value.count("&amp;")


def measure(attributes: Attributes) -> None:
    """Keep a width and a height only as the whole numbers of pixels they must be."""
    for name in ("width", "height"):
        if name in attributes:
            number = _PIXELS.fullmatch(attributes[name])
            put(attributes, name, number[1] if number else "")
