"""What is kept beside an article to explain it: how it was made, and what it said before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from aggregator.model import Provenance
from aggregator.record import record
from aggregator.store.rows import read_time, write_list, write_time

REVISIONS = 20  # of one article; older ones go


@record(frozen=True, slots=True)
class Revision:
    """What an article said until `replaced_at` (UTC), when the next version was first seen."""

    replaced_at: datetime
    title: str
    summary: str
    content: str


class Shared(NamedTuple):
    """An article's guid, its share link, and all the addresses that it might have had there."""

    guid: str
    share_link: str
    addresses: frozenset[str]


def keep_provenance(
    connection: sqlite3.Connection, numbered: Iterable[tuple[int, Provenance]]
) -> None:
    """Remember how the articles of these numbers were made; nothing is written where it is known.

    They are in the store.
    """
    connection.executemany(
        "INSERT INTO provenance (n, candidates, steps, given) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE"
        " SET candidates = excluded.candidates, steps = excluded.steps, given = excluded.given"
        " WHERE (candidates, steps, given)"
        " != (excluded.candidates, excluded.steps, excluded.given)",
        ((n, _packed(one.candidates), _packed(one.steps), one.given) for n, one in numbered),
    )


def provenance_of(connection: sqlite3.Connection, n: int) -> Provenance | None:
    """Return how article *n* was made, None where it was before that was remembered."""
    row = connection.execute(
        "SELECT candidates, steps, given FROM provenance WHERE n = ?", [n]
    ).fetchone()
    if row is None:
        return None
    return Provenance(
        candidates=tuple((reason, url) for reason, url in json.loads(row["candidates"])),
        steps=tuple((rule, effect, value) for rule, effect, value in json.loads(row["steps"])),
        given=row["given"],
    )


def candidates(
    connection: sqlite3.Connection, source: str, guids: Collection[str]
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return by guid the (reason, address) that articles of *source* could be shared under."""
    rows = connection.execute(
        "SELECT guid, candidates FROM identity JOIN provenance USING (n)"
        " WHERE source = ? AND guid IN (SELECT value FROM json_each(?))",
        [source, json.dumps(list(guids))],
    )
    return {guid: tuple((reason, url) for reason, url in json.loads(kept)) for guid, kept in rows}


_SHARED = (
    "SELECT guid, share_link, candidates FROM article JOIN identity USING (n)"
    " LEFT JOIN provenance USING (n) WHERE article.source = ?"
)


def shared(connection: sqlite3.Connection, source: str, links: Collection[str]) -> list[Shared]:
    """Return the articles of *source* that are shared under one of *links*."""
    linked = f"{_SHARED} AND share_link IN (SELECT value FROM json_each(?))"
    return _shared(connection.execute(linked, [source, json.dumps(list(links))]))


def shared_lately(connection: sqlite3.Connection, source: str, limit: int) -> list[Shared]:
    """Return the newest *limit* articles of *source* with the links they are shared under."""
    newest = f"{_SHARED} ORDER BY article.published DESC LIMIT ?"
    return _shared(connection.execute(newest, [source, limit]))


def _shared(rows: Iterable[tuple[str, str, str | None]]) -> list[Shared]:
    return [
        Shared(guid, link, frozenset(url for _, url in json.loads(candidates or "[]")))
        for guid, link, candidates in rows
    ]


def keep_revision(connection: sqlite3.Connection, old: sqlite3.Row, now: datetime) -> int:
    """Keep what the article of the row *old* said until *now*, and drop its oldest revision.

    Return its number; they are counted from 1 for each article.
    """
    row = connection.execute(
        "INSERT INTO revision (n, number, replaced_at, title, summary, content) SELECT :n,"
        " 1 + coalesce((SELECT max(number) FROM revision WHERE n = :n), 0),"
        " :now, :title, :summary, :content"
        " RETURNING number",
        {
            "n": old["n"],
            "now": write_time(now),
            "title": old["title"],
            "summary": old["summary"],
            "content": old["content"],
        },
    ).fetchone()
    connection.execute(
        "DELETE FROM revision WHERE n = :n"
        " AND number <= (SELECT max(number) FROM revision WHERE n = :n) - :kept",
        {"n": old["n"], "kept": REVISIONS},
    )
    return int(row[0])


def revisions_of(connection: sqlite3.Connection, n: int) -> list[Revision]:
    """Return what article *n* said before, the oldest first."""
    rows = connection.execute("SELECT * FROM revision WHERE n = ? ORDER BY number", [n])
    return [
        Revision(read_time(row["replaced_at"]), row["title"], row["summary"], row["content"])
        for row in rows
    ]


def _packed(rows: tuple[tuple[str, ...], ...]) -> str:
    text = write_list(rows)
    return text.encode("utf-8", "replace").decode("utf-8")  # sources have halves of characters
