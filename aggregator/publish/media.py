"""An article's files: what each one is, and which of them its text does not show already."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlsplit

from aggregator.model import Article, Enclosure

NAMESPACE = "http://search.yahoo.com/mrss/"  # Media RSS
UNKNOWN = "application/octet-stream"

_FULL = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:/|$)")
# a table of our own: that of the standard library depends on the machine's files
_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webm": "video/webm",
    "webp": "image/webp",
}


def file_type(file: Enclosure) -> str:
    """Return an enclosure's media type, guessed from its address where its source gave none."""
    ending = urlsplit(file.url).path.rpartition(".")[2].lower()
    return file.type or _TYPES.get(ending, UNKNOWN)


def attachments(article: Article) -> list[Enclosure]:
    """Return the files to publish beside the text: not the images that stand in it."""
    return [file for file in article.enclosures if not _is_shown(file, article.content)]


def enclosure(article: Article) -> Enclosure | None:
    """Return the one file that an RSS item may have (Profile, "enclosure").

    Validators want a full host and a path in its address.
    """
    fit = (file for file in attachments(article) if _FULL.match(file.url))
    return next(fit, None)


def lead_image(article: Article) -> str:
    """Return the address of the article's image where its text does not show it; else ""."""
    return "" if article.image and escape(article.image) in article.content else article.image


def thumbnail(article: Article) -> str:
    """Return the address of the article's image where nothing else in a feed shows it; else ""."""
    files = {file.url for file in attachments(article)}
    return "" if article.image in files else lead_image(article)


def _is_shown(file: Enclosure, content: str) -> bool:
    return file_type(file).startswith("image/") and escape(file.url) in content
