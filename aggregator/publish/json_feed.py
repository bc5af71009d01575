"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from aggregator.model import Article, Channel, Document, Enclosure, Report, Term
from aggregator.publish import addresses, dates, media, texts, wording
from aggregator.publish.press import Press

_VERSION = "https://jsonfeed.org/version/1.1"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def documents(press: Press, channel: Channel, articles: Sequence[Article]) -> Iterator[Document]:
    """Render a channel's feed; *articles* are in the order they are to have in it.

    No authors on the feed: readers add them to each item. `user_comment` tells a person who opens
    the file what it is.
    """
    head = _json(_head(press, channel)).removesuffix("}")
    language = press.language(channel)
    items = press.fragments.of("json", articles, lambda one: item(press, one, language))
    path = addresses.channel_feed(channel.slug, "json")
    yield Document(path, b'%s,"items":[\n%s\n]}\n' % (head.encode(), b",\n".join(items)))


def item(press: Press, article: Article, language: str) -> bytes:
    """Render one item; *language* is that of its feed."""
    return _json(_item(press, article, language)).encode()


def _head(press: Press, channel: Channel) -> dict[str, Any]:
    words = texts.texts_for(press.language(channel))
    head = {
        "version": _VERSION,
        "title": channel.title or channel.slug,
        "home_page_url": addresses.channel_link(press, channel),
        "feed_url": addresses.public(press, addresses.channel_feed(channel.slug, "json")),
        "description": channel.description,
        "user_comment": words.feed_notice + addresses.channel_link(press, channel),
        "language": press.language(channel),
        "hubs": [{"type": "WebSub", "url": press.hub}] if press.hub else [],
    }
    return _present(head)


def _item(press: Press, article: Article, language: str) -> dict[str, Any]:
    url = addresses.link(press, article)
    authors = [_present({"name": name, "url": uri}) for name, uri in wording.bylines(article)]
    return _present(
        {
            "id": article.public_id,
            "url": url,
            "external_url": article.link if article.link != url else "",
            "title": wording.headline(article),
            "content_html": wording.body(press, article),
            "summary": article.summary,
            "image": media.lead_image(article),
            "date_published": dates.rfc3339(article.published),
            "date_modified": dates.rfc3339(article.updated),
            "authors": authors,
            "author": authors[0],  # what version 1 of the format had, and many readers still read
            "tags": wording.labels(press, article),
            "language": wording.foreign_language(article, language),
            "attachments": [_attachment(file) for file in media.attachments(article)],
            "_aggregator": _attribution(article),
        }
    )


def _attribution(article: Article) -> dict[str, Any]:
    made_by = article.attribution
    return _present(
        {
            "source": made_by.publisher,
            "source_url": article.attribution.publisher_url,
            "feed_url": made_by.feed_url,
            "rights": made_by.rights,
            "terms": [_term(term) for term in article.terms if term.scheme or term.code],
            "also": [_report(one) for one in wording.also(article)],
        }
    )


def _term(term: Term) -> dict[str, Any]:
    """Return what the source calls a tag, and in which scheme (RFC 4287 §4.2.2)."""
    return _present({"label": term.label, "term": term.code, "scheme": term.scheme})


def _report(report: Report) -> dict[str, Any]:
    return _present(
        {
            "source": report.attribution.publisher,
            "source_url": report.attribution.publisher_url,
            "url": report.share_link,
            "title": report.title,
            "date_published": dates.rfc3339(report.published),
        }
    )


def _attachment(file: Enclosure) -> dict[str, Any]:
    return _present(
        {
            "url": file.url,
            "mime_type": media.file_type(file),
            "title": file.title,
            "size_in_bytes": file.length,
            "duration_in_seconds": file.duration,
        }
    )


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _json(value: dict[str, Any]) -> str:
    return _ENCODER.encode(value)
