"""Images of a sanitised fragment: loaded without a script, absolute, and no tracking pixels."""

from __future__ import annotations

import re
from html import unescape

from aggregator.normalise.attributes import Attributes, measure, put, resolve
from aggregator.normalise.links import absolute

# What lazy loaders keep the address in until their script runs; the best one first.
LAZY_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-orig-file")
LAZY_SETS = ("data-srcset", "data-lazy-srcset")

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
    several = _candidates(attributes.get("srcset", ""), base)
    put(attributes, "srcset", several)
    source = unescape(attributes.get("src", ""))
    if not _INLINE.fullmatch(source):
        source = absolute(source, base) or several.split(" ", 1)[0]
    measure(attributes)
    attributes.setdefault("alt", "")  # none would be read out as the file's name
    return put(attributes, "src", source) and not _is_tracker(attributes)


def alternative(attributes: Attributes, base: str) -> bool:
    """Set right a `<source>`, of a picture or a player; return whether it names anything."""
    _load(attributes, base)
    has_several = put(attributes, "srcset", _candidates(attributes.get("srcset", ""), base))
    has_one = resolve(attributes, "src", base)
    measure(attributes)
    return has_several or has_one


def _load(attributes: Attributes, base: str) -> None:
    """Put what a lazy loader keeps aside into its place."""
    for place, names in (("src", LAZY_SOURCES), ("srcset", LAZY_SETS)):
        kept = [unescape(attributes.pop(name)).strip() for name in names if name in attributes]
        found = next((value for value in kept if absolute(value.split(" ", 1)[0], base)), "")
        if found:
            put(attributes, place, found)


def _candidates(srcset: str, base: str) -> str:
    """Return a srcset with every address absolute (HTML §4.8.4.2.1), "" where none is left."""
    found = []
    for url, descriptor in _CANDIDATE.findall(unescape(srcset).strip(" ,\t\r\n\f")):
        resolved = absolute(url.rstrip(","), base)
        if resolved:
            found.append(f"{resolved} {'' if url.endswith(',') else descriptor}".rstrip())
    return ", ".join(found)


def _is_tracker(attributes: Attributes) -> bool:
    sizes = (attributes.get("width"), attributes.get("height"))
    return all(size in ("0", "1") for size in sizes) or bool(_TRACKERS.search(attributes["src"]))
