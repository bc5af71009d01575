"""Where every document stands in the published folder, and under which public address."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import quote, urlsplit

from aggregator.model import Article, Channel
from aggregator.publish.press import Press

FEEDS = {"atom": "atom.xml", "rss": "rss.xml", "json": "feed.json"}
"""The file of each feed format; the first that is published is the one we recommend."""

MEDIA_TYPES = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
}
FEED_NAMES = {"atom": "Atom", "rss": "RSS", "json": "JSON Feed"}

ALL = "all"  # the slug of every category together
HOME = "index.html"
NOT_FOUND = "404.html"
STYLESHEET = "assets/style.css"
ICON = "assets/favicon.svg"
SOURCES = "sources.html"
ABOUT = "about.html"
SEARCH = "search"  # these two are answered by the program's own server
STATUS = "status"
INCIDENTS = "status/incidents.atom"
OPML = "feeds.opml"
WELL_KNOWN = ".well-known/feeds"
ROBOTS = "robots.txt"
SITEMAP = "sitemap.xml"
RESERVED = frozenset({ALL, "archive", "assets"})
"""Slugs that no category may have: the folders of other documents."""

_BARE_HOST = re.compile(r"https?://[^/?#]+")


def channel_feed(slug: str, name: str) -> str:
    """Return the path of a channel's feed in the format *name*."""
    return f"{slug}/{FEEDS[name]}"


def is_channel_feed(path: str) -> bool:
    """Return whether the document at *path* is a channel's feed, which readers subscribe to."""
    slug, _, file = path.rpartition("/")
    return bool(slug) and "/" not in slug and file in FEEDS.values()


def archive_index(slug: str) -> str:
    """Return the path of the page that lists a channel's archive."""
    return f"{slug}/archive/index.html"


def archive_page(slug: str, name: str) -> str:
    """Return the path of the page *name* of a channel's archive."""
    return f"{slug}/archive/{name}.html"


def archive_feed(slug: str, name: str) -> str:
    """Return the path of the document *name* of a channel's archive."""
    return f"{slug}/archive/{name}.atom.xml"


def group_list(slug: str) -> str:
    """Return the path of the list of a group's feeds."""
    return f"feeds-{slug}.opml"


def sitemap_part(number: int) -> str:
    """Return the path of one part of a sitemap that has several."""
    return f"sitemap-{number}.xml"


def channel_page(slug: str) -> str:
    """Return the path of a channel's page."""
    return f"{slug}/index.html"


def article_page(press: Press, article: Article) -> str:
    """Return the path of an article's page; the date in it is that of the site's zone."""
    return page_of(press, article.categories[0], press.day(article), article.id)


def page_of(press: Press, category: str, day: date, article_id: str) -> str:
    """Return the path of the page of an article, by its home and the day it is filed under."""
    slug = press.categories[category].slug
    return f"{slug}/{day.year:04}/{day.month:02}/{day.day:02}/{article_id}.html"


def public(press: Press, path: str) -> str:
    """Return the public address of the document at *path*; a folder's index is its folder."""
    return f"{press.site.base}/{path.removesuffix('index.html')}"


def has(press: Press, channel: Channel, name: str) -> bool:
    """Return whether a channel is published in the format *name*."""
    return name in (channel.formats or press.publish.formats)


def feeds(press: Press, channel: Channel) -> list[tuple[str, str]]:
    """Return (format, path) of every feed that the channel has, the recommended one first."""
    return [(name, channel_feed(channel.slug, name)) for name in FEEDS if has(press, channel, name)]


def channel_link(press: Press, channel: Channel) -> str:
    """Return the public address of a channel's page; the site's where no pages are published."""
    return public(press, channel_page(channel.slug) if has(press, channel, "html") else HOME)


def link(press: Press, article: Article) -> str:
    """Return the address that an article has in every feed: its share link, else our page."""
    return article.share_link or public(press, article_page(press, article))


def original(article: Article) -> str:
    """Return where the article was published first; "" where that is nowhere on the web."""
    return article.share_link or article.link


def source_address(article: Article) -> str:
    """Return what names the article's source: its feed, its publisher's site, its host; or "".

    RSS's `<source>` needs an address. The host of the original is the last resort: it need not be
    the publisher's own, so nothing else calls it that. It is written as validators want an id.
    """
    made_by = article.attribution
    address = made_by.feed_url or made_by.publisher_url or _origin(original(article))
    return f"{address}/" if _BARE_HOST.fullmatch(address) else address


def status_of(source: str) -> str:
    """Return the path of the page about how one source is doing."""
    return f"{STATUS}/{quote(source, safe='')}"


def upward(path: str) -> str:
    """Return the relative way from the document at *path* to the top of the published folder."""
    return "../" * path.count("/")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/" if parts.scheme in ("http", "https") else ""
