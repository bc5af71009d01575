"""By what an article is known that was taken down and must never be taken in again, by any source.

A key is a signed 64-bit number, a hash: nothing of what was wiped can be read from it.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from html import unescape

from aggregator.model import Article

_SCHEME_AND_WWW = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:\S{4,}")
_HOST_ALONE = re.compile(r"//[^/?#]*/?")
_MARKUP = re.compile(r"<[^>]*>")
_NO_LETTER = re.compile(r"[\W_]+")
_LONG_ENOUGH = 100  # letters: a shorter text may be said twice


def keys(article: Article) -> frozenset[int]:
    """Return every key of *article*: those of its names and those of its texts."""
    names = (article.guid, article.public_id, article.link, article.share_link)
    return name_keys(names) | text_keys(article)


def name_keys(names: Iterable[str]) -> frozenset[int]:
    """Return the keys of those of *names* that mean one thing wherever they stand.

    Those are addresses and other IRIs. http and https are one, and so are a host with and without
    `www.`; a site's front page is the address of everything on it, and so of nothing.
    """
    bare = (_SCHEME_AND_WWW.sub("//", name) for name in names if _IRI.fullmatch(name))
    return frozenset(_key("name", name) for name in bare if not _HOST_ALONE.fullmatch(name))


def text_keys(article: Article) -> frozenset[int]:
    """Return the keys of what *article* says.

    Its guid with its title, since an archive of posts has the ids but not the addresses; and its
    title with its text, letter by letter.
    """
    title = _letters(article.title)
    text = _letters(article.content) or _letters(article.summary)
    found = {_key("guid and title", article.guid, title)} if title else set()
    return frozenset(found | {_key("text", title, text)} if len(text) >= _LONG_ENOUGH else found)


def bar(connection: sqlite3.Connection, n: int, own: Iterable[int]) -> None:
    """Have nothing taken in again that has one of the keys *own*, those of article *n*."""
    connection.executemany(
        "INSERT OR IGNORE INTO barred (key, n) VALUES (?, ?)", [(key, n) for key in own]
    )


def barred(connection: sqlite3.Connection, articles: Sequence[Article]) -> frozenset[str]:
    """Return the guids of those of *articles* that were taken down, under whatever name."""
    if connection.execute("SELECT 1 FROM barred LIMIT 1").fetchone() is None:
        return frozenset()
    by_guid = {article.guid: keys(article) for article in articles}
    rows = connection.execute(
        "SELECT key FROM barred WHERE key IN (SELECT value FROM json_each(?))",
        [json.dumps([key for own in by_guid.values() for key in own])],
    )
    found = {row[0] for row in rows}
    return frozenset(guid for guid, own in by_guid.items() if own & found)


def _letters(markup: str) -> str:
    return _NO_LETTER.sub("", unescape(_MARKUP.sub(" ", markup))).lower()


def _key(*parts: str) -> int:
    digest = hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
