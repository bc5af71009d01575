"""Records to rows and back: the one place that knows how a value is written in a column."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from aggregator.model import (
    Article,
    Attribution,
    Enclosure,
    Gone,
    Hints,
    Move,
    Person,
    Removal,
    Report,
    SourceState,
    Term,
)

Values = dict[str, str | int | None]

write_list = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Write a list as JSON, as it is kept in a column."""


def cells(row: sqlite3.Row) -> dict[str, Any]:
    """Return the values of *row* by name: it would look through its columns for each of them."""
    return dict(zip(row.keys(), row, strict=True))


def write_time(moment: datetime) -> str:
    """Return *moment* in UTC as text that sorts: `2026-11-22T18:30:00Z`, fractions cut off."""
    return _written(moment if moment.tzinfo is UTC else moment.astimezone(UTC))


@lru_cache(maxsize=256)  # what is written together shares its times
def _written(moment: datetime) -> str:
    """Return the text of a *moment* in UTC: elsewhere the hour that comes twice equals itself."""
    return moment.isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def read_time(text: str) -> datetime:
    """Return the aware UTC time that `write_time` wrote."""
    return datetime.fromisoformat(text)


def write_optional(moment: datetime | None) -> str | None:
    """Return *moment* as `write_time` does, None for None."""
    return None if moment is None else write_time(moment)


def optional_time(text: str | None) -> datetime | None:
    """Return the time that `write_optional` wrote."""
    return None if text is None else read_time(text)


def _write_numbers(numbers: frozenset[int]) -> str:
    return " ".join(map(str, sorted(numbers)))


def _read_numbers(text: str) -> frozenset[int]:
    return frozenset(map(int, text.split()))


def _pack(records: tuple[Any, ...]) -> str:
    """Write records or texts as a JSON list; defaults are left out, so rows stay small."""
    if not records:
        return ""
    values = [
        record
        if isinstance(record, str)
        else {
            name: value
            for name in record.__slots__
            if (value := getattr(record, name)) not in ("", None)
        }
        for record in records
    ]
    return write_list(values)


def _unpack(text: str) -> list[Any]:
    return json.loads(text) if text else []


def article_values(article: Article) -> Values:
    """Return the columns of *article* that its source may change."""
    credit = article.attribution
    return {
        "title": article.title,
        "link": article.link,
        "share_link": article.share_link,
        "updated": write_time(article.updated),
        "summary": article.summary,
        "content": _apart(article.content),
        "language": article.language,
        "authors": _pack(article.authors),
        "publisher": credit.publisher,
        "publisher_url": credit.publisher_url,
        "feed_url": credit.feed_url,
        "feed_id": credit.feed_id,
        "rights": credit.rights,
        "categories": _pack(article.categories),
        "tags": _pack(article.tags),
        "terms": _pack(article.terms),
        "enclosures": _pack(article.enclosures),
        "image": article.image,
    }


def _apart(text: str) -> str:
    """Return *text* as another object: written to the store, one has its UTF-8 with it for good."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass")


def attribution_of(row: sqlite3.Row | Mapping[str, Any]) -> Attribution:
    """Return to whom the article of a row of `article` is credited."""
    return Attribution(
        publisher=row["publisher"],
        publisher_url=row["publisher_url"],
        feed_url=row["feed_url"],
        feed_id=row["feed_id"],
        rights=row["rights"],
    )


def removal_values(removal: Removal) -> Values:
    """Return the columns of *removal*."""
    return {
        "kind": str(removal.kind),
        "at": write_time(removal.at),
        "reason": removal.reason,
        "told": int(removal.told),
    }


def removal_of(row: sqlite3.Row) -> Removal:
    """Return the removal of a row that has its columns."""
    return Removal(Gone(row["kind"]), read_time(row["at"]), row["reason"], bool(row["told"]))


def article_of(
    row: sqlite3.Row, also: tuple[Report, ...] = (), removal: Removal | None = None
) -> Article:
    """Return the article of a row of `article` joined with `identity`."""
    found = cells(row)
    return Article(
        id=found["id"],
        source=found["source"],
        guid=found["guid"],
        public_id=found["public_id"],
        title=found["title"],
        link=found["link"],
        share_link=found["share_link"],
        published=read_time(found["published"]),
        updated=read_time(found["updated"]),
        first_seen_at=read_time(found["first_seen_at"]),
        summary=found["summary"],
        content=found["content"],
        language=found["language"],
        authors=tuple(Person(**person) for person in _unpack(found["authors"])),
        attribution=attribution_of(found),
        categories=tuple(_unpack(found["categories"])),
        tags=tuple(_unpack(found["tags"])),
        terms=tuple(Term(**term) for term in _unpack(found["terms"])),
        enclosures=tuple(Enclosure(**enclosure) for enclosure in _unpack(found["enclosures"])),
        image=found["image"],
        fingerprint=found["fingerprint"],
        also=also,
        removal=removal,
    )


def state_values(state: SourceState) -> Values:
    """Return the row of *state*."""
    return {
        "id": state.id,
        "etag": state.etag,
        "last_modified": state.last_modified,
        "body_hash": state.body_hash,
        "document": state.document,
        "next_due_at": write_optional(state.next_due_at),
        "why": state.why,
        "last_attempt_at": write_optional(state.last_attempt_at),
        "last_ok_at": write_optional(state.last_ok_at),
        "failures": state.failures,
        "error": state.error,
        "error_since": write_optional(state.error_since),
        "bad": state.bad,
        "recipe": state.recipe,
        "configured": state.configured,
        "status": state.status,
        "gone": int(state.gone),
        "fresh": state.hints.fresh,
        "interval": state.hints.interval,
        "skip_hours": _write_numbers(state.hints.skip_hours),
        "skip_days": _write_numbers(state.hints.skip_days),
        "address": state.address,
        "move_to": state.move.to,
        "move_days": state.move.days,
        "move_on": state.move.on,
        "move_since": write_optional(state.move.since),
        "hub": state.hub,
        "topic": state.topic,
        "title": state.title,
        "site": state.site,
    }


def state_of(row: sqlite3.Row) -> SourceState:
    """Return the state of a row of `source`."""
    seen = cells(row)
    return SourceState(
        id=seen["id"],
        etag=seen["etag"],
        last_modified=seen["last_modified"],
        body_hash=seen["body_hash"],
        document=seen["document"],
        next_due_at=optional_time(seen["next_due_at"]),
        why=seen["why"],
        last_attempt_at=optional_time(seen["last_attempt_at"]),
        last_ok_at=optional_time(seen["last_ok_at"]),
        failures=seen["failures"],
        error=seen["error"],
        error_since=optional_time(seen["error_since"]),
        bad=seen["bad"],
        recipe=seen["recipe"],
        configured=seen["configured"],
        status=seen["status"],
        gone=bool(seen["gone"]),
        hints=Hints(
            fresh=seen["fresh"],
            interval=seen["interval"],
            skip_hours=_read_numbers(seen["skip_hours"]),
            skip_days=_read_numbers(seen["skip_days"]),
        ),
        address=seen["address"],
        move=Move(
            seen["move_to"],
            seen["move_days"],
            seen["move_on"],
            optional_time(seen["move_since"]),
        ),
        hub=seen["hub"],
        topic=seen["topic"],
        title=seen["title"],
        site=seen["site"],
    )
