"""Images of a sanitised fragment: loaded without a script, absolute, and no tracking pixels."""

from __future__ import annotations

import re
from html import unescape

from aggregator.normalise.attributes import Attributes, is_good, measure, put, resolve
from aggregator.normalise.links import absolute

# What lazy loaders keep the address in until their script runs; the best one first.
LAZY_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-orig-file")
LAZY_SETS = ("data-srcset", "data-lazy-srcset")
_KEPT_ASIDE = frozenset((*LAZY_SOURCES, *LAZY_SETS))

_DOT = ("0", "1")  # pixels
_CANDIDATE = re.compile(r"[\s,]*([^\s,]\S*)(?:\s+(\d[\d.]*[wxh])(?=[\s,]|$))?")

# An image inside the text itself. Shorter ones are placeholders and spacers, longer ones would make
# every document of every feed heavy; SVG can hold scripts.
_INLINE = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/]{150,60000}={0,2}")

_TRACKERS = re.compile(
    r"//(?:[^/]*\.)?(?:doubleclick\.net|google-analytics\.com|googletagmanager\.com|quantserve\.com"
    r"|scorecardresearch\.com|feedsportal\.com|pheedo\.com|imrworldwide\.com|ioam\.de|vgwort\.de"
    r"|pixel\.wp\.com|stats\.wordpress\.com|feeds\.wordpress\.com/1\.0|rss\.buysellads\.com"
    r"|feeds\.feedburner\.com/~(?:r|ff|a)|facebook\.com/tr|medium\.com/_/stat"
    r"|blogger\.googleusercontent\.com/tracker)[/?]"
)


def image(attributes: Attributes, base: str) -> bool:
    """Set right the attributes of an `<img>`; return whether there is an image to see."""
    _load(attributes, base)
    _resolve_set(attributes, base)
    measure(attributes)
    attributes.setdefault("alt", "")  # none would be read out as the file's name
    if not is_good(attributes.get("src", "")):
        put(attributes, "src", _source(attributes, base))
    return "src" in attributes and not _is_tracker(attributes)


def _source(attributes: Attributes, base: str) -> str:
    """Return the address of an image, else the first of several; "" where there is none."""
    source = unescape(attributes.get("src", ""))
    if _INLINE.fullmatch(source):
        return source
    return absolute(source, base) or unescape(attributes.get("srcset", "")).split(" ", 1)[0]


def alternative(attributes: Attributes, base: str) -> bool:
    """Set right a `<source>`, of a picture or a player; return whether it names anything."""
    _load(attributes, base)
    _resolve_set(attributes, base)
    resolve(attributes, "src", base)
    measure(attributes)
    return "srcset" in attributes or "src" in attributes


def _load(attributes: Attributes, base: str) -> None:
    """Put what a lazy loader keeps aside into its place."""
    if _KEPT_ASIDE.isdisjoint(attributes):
        return
    for place, names in (("src", LAZY_SOURCES), ("srcset", LAZY_SETS)):
        kept = [unescape(attributes.pop(name)).strip() for name in names if name in attributes]
        found = next((value for value in kept if absolute(value.split(" ", 1)[0], base)), "")
        if found:
            put(attributes, place, found)


def _resolve_set(attributes: Attributes, base: str) -> None:
    """Make every address of a srcset absolute, or drop it where none is left."""
    if "srcset" in attributes:
        put(attributes, "srcset", _candidates(attributes["srcset"], base))


def _candidates(srcset: str, base: str) -> str:
    """Return a srcset with every address absolute (HTML §4.8.4.2.1), "" where none is left."""
    found = []
    for url, descriptor in _CANDIDATE.findall(unescape(srcset).strip(" ,\t\r\n\f")):
        resolved = absolute(url.rstrip(","), base)
        if resolved:
            found.append(f"{resolved} {'' if url.endswith(',') else descriptor}".rstrip())
    return ", ".join(found)


def _is_tracker(attributes: Attributes) -> bool:
    is_dot = attributes.get("width") in _DOT and attributes.get("height") in _DOT
    return is_dot or _TRACKERS.search(attributes["src"]) is not None
