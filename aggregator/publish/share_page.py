"""The document behind a share link that leads to this site: it sends its visitor to the article.

Without JavaScript and at any web server; a refresh after no time is what a redirect is elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from urllib.parse import urlsplit

from aggregator import share
from aggregator.model import Article, Document
from aggregator.publish import addresses, wording
from aggregator.publish.article_page import article_page
from aggregator.publish.press import Press

_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<title>{title}</title>
<meta name="robots" content="noindex">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="0; url={page}">
<p><a href="{page}">{title}</a></p>
</html>
"""


def shared_page(press: Press, article: Article) -> Iterator[Document]:
    """Render an article's page, and what leads to it from its share link."""
    yield from article_page(press, article)
    yield from share_page(press, article)


def share_page(press: Press, article: Article) -> Iterator[Document]:
    """Render what leads from the article's share link to its page; nothing for links elsewhere."""
    prefix = urlsplit(press.site.base).path
    path = share.place(article.share_link, press.site.every_host, prefix)
    if path:
        asked = path.removeprefix(f"{share.FOLDER}/").rpartition("/")[0]  # without its parameter
        page = addresses.upward(asked) + addresses.article_page(press, article)
        values = {
            "language": escape(article.language or press.site.language),
            "title": escape(wording.headline(article)),
            "page": escape(page),
        }
        yield Document(path, _PAGE.format(**values).encode())
