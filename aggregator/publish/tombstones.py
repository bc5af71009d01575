"""Atom's own word for a removed entry: `at:deleted-entry` (RFC 6721)."""

from __future__ import annotations

from lxml import etree

from aggregator.model import Article, Channel
from aggregator.publish import dates, notices
from aggregator.publish.press import Press
from aggregator.publish.texts import Texts, texts_for

NAMESPACE = "http://purl.org/atompub/tombstones/1.0"


def deleted_entries(press: Press, channel: Channel) -> list[bytes]:
    """Render an element for each article that is removed from a channel's feed (RFC 6721 §3)."""
    words = texts_for(press.language(channel))
    return [_deleted_entry(press, article, words) for article in channel.removed]


def _deleted_entry(press: Press, article: Article, words: Texts) -> bytes:
    """Return the element: which entry, since when, and why (a text construct, RFC 4287 §3.1)."""
    element = etree.Element(f"{{{NAMESPACE}}}deleted-entry", nsmap={"at": NAMESPACE})
    element.set("ref", article.public_id)
    if article.removal is not None:
        element.set("when", dates.rfc3339(article.removal.at))
    comment = etree.SubElement(element, f"{{{NAMESPACE}}}comment")
    comment.text = notices.sentence(press, article, words)
    return bytes(etree.tostring(element, encoding="UTF-8"))
