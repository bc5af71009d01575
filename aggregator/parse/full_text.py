"""An article's page → its body, without what stands around it. Sole user of trafilatura.

trafilatura is an extra (`aggregator[fulltext]`): it brings 60 MB that few sources need.
"""

from __future__ import annotations

import re

from aggregator.errors import ParseError
from aggregator.parse import html_page
from aggregator.record import record

_INSIDE = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)
_TITLE = re.compile(r"^\s*<h1[^>]*>.*?</h1>\s*", re.DOTALL)
_PIXELS = ", ".join(f'img[{side}="{size}"]' for side in ("width", "height") for size in (0, 1))
_SHORTEST = 140  # characters of text; less is a teaser, a notice or a wall, not an article


@record(frozen=True, slots=True)
class FullText:
    """The body of an article's page (an HTML fragment, not sanitised), and what it says it is.

    `addresses` are those that the page gives itself, the surest first.
    """

    content: str
    addresses: tuple[str, ...]
    base: str


def read(body: bytes, *, url: str, content_type: str = "") -> FullText:
    """Return the article on the page that came from *url*.

    Raises ParseError where the page holds none, or only a few words.
    """
    import trafilatura

    page = html_page.read(body, url=url, content_type=content_type)
    for pixel in page.root.css(_PIXELS):  # afterwards their sizes are gone
        pixel.drop()
    found = trafilatura.extract(
        page.root.get(),
        url=page.base,
        output_format="html",
        include_comments=False,
        include_formatting=True,
        include_images=True,
        include_links=True,
        include_tables=True,
    )
    inside = _INSIDE.search(found or "")
    content = _TITLE.sub("", inside[1]).strip() if inside else ""
    if len(re.sub(r"<[^>]*>|\s", "", content)) < _SHORTEST:
        raise ParseError(
            "holds no article that can be told from what stands around it", code="E307"
        )
    return FullText(content, html_page.own_addresses(page), page.base)
