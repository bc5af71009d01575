"""Articles for tests: whole ones, with any field changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.model import Article, Attribution, fingerprint
from aggregator.store.ledger import Naming

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

NAMING = Naming(
    slug=lambda label: (label.lower().replace(" ", "-"), label),
    article_id=lambda source, guid, salt: fingerprint(source, guid, str(salt))[:10],
    own_public_id=lambda id_, published: f"tag:example.org,{published.year}:{id_}",
)


def article(number: int = 1, **changes: Any) -> Article:
    """Return article *number* of the source "paper", one hour older than the one before it."""
    published = NOW - timedelta(hours=number)
    guid = changes.get("guid", f"https://paper.example/{number}")
    source = changes.get("source", "paper")
    whole = Article(
        id=NAMING.article_id(source, guid, 0),
        source=source,
        guid=guid,
        public_id=guid,
        title=f"Title {number}",
        link=f"https://paper.example/{number}",
        share_link=f"https://paper.example/{number}",
        published=published,
        updated=published,
        first_seen_at=NOW,
        summary="",
        content=f"<p>Text of article {number}.</p>",
        language="en",
        authors=(),
        attribution=Attribution("The Paper", "https://paper.example/", "https://paper.example/rss"),
        categories=("World",),
        tags=(),
        terms=(),
        enclosures=(),
        image="",
        fingerprint=f"f{number}",
    )
    return replace(whole, **changes)
