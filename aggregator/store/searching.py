"""What a query asks of the full-text index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing

_TRIGRAM = 3  # characters: shorter words are not in the trigram index
_MOST_WORDS = 12  # the others are passed over: each one costs a look at what is left


def conditions(query: str) -> tuple[str, list[str]]:
    """Return the SQL that holds for those rows of `search` that hold every word, and its values.

    It is "" where there is no word. Words of fewer than three characters are looked for without
    the index.
    """
    words = query.split()[:_MOST_WORDS]
    parts, values = [], []
    if long := [word.replace('"', "") for word in words if len(word) >= _TRIGRAM]:
        parts.append("search MATCH ?")
        values.append(" ".join(_quoted(long)))
    for word in words:
        if len(word) < _TRIGRAM:
            parts.append("(search.title LIKE ? ESCAPE '\\' OR text LIKE ? ESCAPE '\\')")
            values += [_like(word)] * 2
    return " AND ".join(parts), values


def _quoted(words: Iterable[str]) -> list[str]:
    """Return each of *words* so that it is safe in a full-text query."""
    from sqlite_utils import Database  # slow to import, and only who searches needs it

    with closing(sqlite3.connect(":memory:")) as empty:
        quote = Database(empty).quote_fts
        return [quote(f'"{word}"') for word in words]


def _like(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
