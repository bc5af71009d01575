"""Category labels → the names their documents stand under. The store registers them for ever."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aggregator.model import fingerprint
from aggregator.normalise import text

LONGEST = 64
LONGEST_SPELLING = 80  # a file's name has room for 255 bytes

# Names that mean something else: in our own folders, on the web, and as devices of Windows.
_RESERVED = """
    about all api archive articles assets atom category data feed feeds static search status index
    opml manifest metrics rss sitemap tag tags robots healthz readyz well-known websub 404 500
    con prn aux nul com0 com1 com2 com3 com4 com5 com6 com7 com8 com9
    lpt0 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9
"""
RESERVED = frozenset(_RESERVED.split())

_HAN = "[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # 1 ms to compile
_UNSAFE = re.compile(r"[/\\]+")
_UNPRINTABLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def propose(label: str) -> tuple[str, str]:
    """Return the slug of *label* (`[a-z0-9-]{1,64}`) and its spelling in Jekyll posts.

    Chinese becomes pinyin, by phrase and without tones, spaces or hyphens. The spelling keeps all
    other characters as they came, but for what is not safe in a path; the slug has other scripts
    transliterated. Two labels can have one slug: whoever registers them tells them apart.
    """
    readable = _pinyin(_UNPRINTABLE.sub("", text.one_line(label)))
    spelling = _UNSAFE.sub("-", readable)[:LONGEST_SPELLING].lstrip("._ ").rstrip(". ")
    return _slug(readable, label), spelling or f"category-{_hash(label)}"


def propose_all(labels: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return what `propose` returns for each of *labels*."""
    return {label: propose(label) for label in labels}


def dear(labels: Iterable[str]) -> list[str]:
    """Return those of *labels* whose dictionaries are best left to a process that ends: 65 MB."""
    return [label for label in labels if re.search(_HAN, label)]


def _pinyin(label: str) -> str:
    if not re.search(_HAN, label):
        return label
    from pypinyin import lazy_pinyin  # 0.2 to 1 s and 65 MB

    return "".join(lazy_pinyin(label))


def _slug(readable: str, label: str) -> str:
    from slugify import slugify
    from text_unidecode import unidecode  # named, so that GPL's Unidecode is never taken instead

    slug = str(slugify(unidecode(readable), max_length=LONGEST, word_boundary=True))
    if not slug:
        return f"category-{_hash(label)}"
    return f"{slug}-category" if slug in RESERVED else slug


def _hash(label: str) -> str:
    return fingerprint(label)[:8]
