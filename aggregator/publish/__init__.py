"""Articles into documents, one module per format, and documents onto the disk.

store ─► Press, Channel, articles ─► formats ─► documents ─► Writer ─► the published folder
"""

from aggregator.publish.formats import (
    FORMATS,
    Format,
    archive_documents,
    archives,
    article_documents,
    channel_documents,
    home_documents,
    shelf,
    site_documents,
)
from aggregator.publish.jekyll import post_path
from aggregator.publish.press import FRESH_MINUTES, Press, Shelf
from aggregator.publish.writer import Writer, Written

__all__ = [
    "FORMATS",
    "FRESH_MINUTES",
    "Format",
    "Press",
    "Shelf",
    "Writer",
    "Written",
    "archive_documents",
    "archives",
    "article_documents",
    "channel_documents",
    "home_documents",
    "post_path",
    "shelf",
    "site_documents",
]
