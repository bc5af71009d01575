"""Files and pictures of an XML feed's entry, from RSS, Atom, Media RSS and Apple's elements."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from aggregator.model import Enclosure
from aggregator.parse.address import absolute
from aggregator.parse.found import Links, address_of, dict_of, dicts_of, first, text_of

_PICTURES = frozenset(("media_thumbnail", ":itunes_image", "image", "media_content"))
_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,6})(?:\.\d+)?")


def find_enclosures(item: Any, links: Links, base: str) -> tuple[Enclosure, ...]:
    """Return the files of the entry, each address once.

    `enclosure` and links of that relation come first, then Media RSS. A picture of Media RSS is the
    entry's image (`find_image`) and no file to download.
    """
    media = [file for file in dicts_of(item, "media_content") if not _is_picture(file)]
    if not media and "enclosure" not in links:
        return ()
    files: dict[str, Enclosure] = {}
    for link in (*links.get("enclosure", ()), *media):
        file = _enclosure(link, base)
        files.setdefault(file.url, file)
    return _with_facts_of(item, [file for url, file in files.items() if url], base)


def _enclosure(link: Any, base: str) -> Enclosure:
    return Enclosure(
        url=address_of(link, base),
        type=text_of(link, ":type") if ":type" in link else text_of(link, "type"),
        length=_number(text_of(link, "length") or text_of(link, "filesize")),
        title=text_of(link, "title"),
        duration=_seconds(text_of(link, "duration")),
    )


def _with_facts_of(item: Any, files: list[Enclosure], base: str) -> tuple[Enclosure, ...]:
    """Give the first file what the entry says of it beside it.

    That is Apple's duration, and the address it had before FeedBurner counted its downloads.
    """
    if not files:
        return ()
    one = files[0]
    url = absolute(text_of(item, "feedburner_origenclosurelink"), base) or one.url
    duration = one.duration or _seconds(text_of(item, "itunes_duration"))
    return replace(one, url=url, duration=duration), *files[1:]


def _number(text: str) -> int | None:
    return int(text) or None if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _seconds(text: str) -> int | None:
    """Return `1:02:03`, `62:03` or `3723` as seconds, None where it is no duration."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds or None


def find_image(item: Any, base: str) -> str:
    """Return the entry's picture: its thumbnail, its podcast cover, a picture of Media RSS."""
    if _PICTURES.isdisjoint(item):
        return ""
    thumbnails, others = _pictures(item)
    candidates = (
        *thumbnails,
        text_of(item, ":itunes_image"),
        text_of(dict_of(item, "image"), "href"),
        *others,
    )
    return first(absolute(candidate, base) for candidate in candidates if candidate)


def pictures(found: Any) -> tuple[str, ...]:
    """Return the addresses of Media RSS's pictures, as they are written, thumbnails first."""
    thumbnails, others = _pictures(found)
    return *thumbnails, *others


def _pictures(found: Any) -> tuple[list[str], list[str]]:
    media = filter(_is_picture, dicts_of(found, "media_content"))
    thumbnails = dicts_of(found, "media_thumbnail")
    return [text_of(one, "url") for one in thumbnails], [text_of(one, "url") for one in media]


def _is_picture(media: Any) -> bool:
    return text_of(media, "medium") == "image" or text_of(media, "type").startswith("image/")
