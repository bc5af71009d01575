"""Jekyll posts: front matter, the article's HTML inside Markdown, its address and the ways back.

kramdown, which renders them, takes text outside of block elements for Markdown of its own, where a
source could write links with any scheme and attributes with scripts: such text is kept from it. So
is what Liquid, which comes before it, would run: the second character of each `{{` and `{%` is
written as a reference. Jekyll 4 can be told to leave a post alone, Jekyll 3 cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup

from aggregator.model import Article, Document
from aggregator.publish import front_matter, mould, wording
from aggregator.publish.press import Press
from aggregator.publish.templating import POST, shipped

CURRENT = "_posts"
OLD = "old_post"

_FILE_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}")
_LIQUID = re.compile(r"\{[{%]")
_CODE_INDENT = re.compile(r"(?:\A|\n)(?: {4}|\t)")
_LIVE = re.compile(
    r"[\\\[\]|]"  # an escape, a link, a table
    r"|<(?=[A-Za-z/!?])"  # markup
    r"|\{(?=:)"  # attributes and kramdown's own commands
    r"|\$(?=\$)"  # formulas
)
_ENTITY = re.compile(r"&(?=#?\w+;)")
# Most articles are nothing but these, which need no parser to be told.
_PARAGRAPHS = re.compile(
    r"(?:<p(?: [^<>]*+)?>(?:[^<]++|</?(?:a|b|em|i|span|strong)(?: [^<>]*+)?>|<br>)*+</p>\s*+)++"
)
# kramdown leaves what is inside of these alone
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "center", "details", "div", "dl"),
        *("fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "main", "nav"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "section", "table", "ul"),
    }
)


def post_path(article: Article, press: Press, cutoff: datetime | None) -> str:
    """Return where an article's post stands: in `_posts`, or in `old_post` once it left the window.

    The window ends at *cutoff* (aware UTC; None: no window). The name is the day in the site's zone
    and the source's own id where that can be a file's name, else the article's id. An id that was
    the name of a post begins with the day already.
    """
    folder = OLD if cutoff is not None and article.published < cutoff else CURRENT
    day = press.day(article).isoformat()
    return f"{folder}/{day}-{_entry_id(article).removeprefix(f'{day}-')}.md"


class _Said(NamedTuple):
    """Everything that a post says, ready to stand; `has_liquid` is "" where there is none."""

    title: str
    date: str
    categories: str
    tags: str
    quote: str
    body: str
    share_link: str
    back: str
    category_url: str
    home: str
    home_url: str
    source: str
    source_url: str
    has_liquid: mould.Fixed


def post(press: Press, article: Article) -> Iterator[Document]:
    """Render an article's post with the shipped template or the operator's own."""
    said, path = _said(press, article), post_path(article, press, press.cutoff)
    if press.templates.is_ours(POST):
        yield Document(path, mould.printed(_rendered, said, str))
    else:
        values = {**_values(said), "article": article, "site": press.site}
        yield Document(path, press.templates.render(POST, values).encode())


def _said(press: Press, article: Article) -> _Said:
    home = press.home(article)
    base = "//" + press.site.base.split("://", 1)[1]
    way_back = article.tags[0] if article.tags else press.title(article.categories[0])
    texts = (article.summary, article.content, way_back)
    has_liquid = any(_LIQUID.search(text) for text in texts)
    return _Said(
        title=front_matter.quoted(article.title or wording.headline(article)),
        date=press.local(article.published).strftime("%Y-%m-%d %H:%M:%S %z"),
        categories=front_matter.scalar(home.spelling),
        tags=front_matter.word_or_list(article.tags) if article.tags else "",
        quote=_blockquote(article.summary),
        body=_kept_from_liquid(_kept_from_markdown(wording.body(press, article))),
        share_link=_inside_brackets(article.share_link),
        back=_plain(press.texts.more_from.format(name=way_back)),
        category_url=f"{base}/category/{quote(home.spelling)}.html",
        home=press.texts.back_home,
        home_url=f"{base}/",
        source=front_matter.quoted(article.attribution.publisher),
        source_url=front_matter.quoted(article.attribution.publisher_url),
        has_liquid=mould.Fixed("has" if has_liquid else ""),
    )


def _rendered(said: _Said) -> bytes:
    return shipped().render(POST, _values(said)).encode()


def _values(said: _Said) -> dict[str, Markup]:
    """Return what a template of a post may use besides the article and the site."""
    return {name: Markup(text) for name, text in said._asdict().items()}  # noqa: S704 - Markdown


def _entry_id(article: Article) -> str:
    guid = article.guid
    is_name = _FILE_NAME.fullmatch(guid) and guid.strip("._-") and not guid.endswith(".")
    return guid if is_name else article.id


# ── Markdown ──────────────────────────────────────────────────────────────────────────────────────


def _plain(text: str) -> str:
    """Return plain text so that Markdown shows it as it is, changed no more than that takes."""
    safe = _LIVE.sub(lambda match: "\\" + match[0], _ENTITY.sub("&amp;", text))
    safe = safe.replace("*", "\\*") if safe.count("*") > 1 else safe
    # a reference inside of `code` would be shown as it is written
    return _kept_from_liquid(safe.replace("`", "\\`")) if _LIQUID.search(safe) else safe


def _blockquote(text: str) -> str:
    """Return plain text as one quotation, whatever its lines."""
    return "\n".join(f"> {_plain(line)}".rstrip() for line in text.strip().splitlines())


def _inside_brackets(url: str) -> str:
    """Return an address such that it can stand inside `<…>`."""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]")


def _kept_from_liquid(markup: str) -> str:
    """Return HTML or Markdown in which Liquid finds nothing, and readers what they did before."""
    return _LIQUID.sub(lambda match: f"{{&#{ord(match[0][1])};", markup)


def _kept_from_markdown(markup: str) -> str:
    """Return HTML that Markdown leaves alone: as it is where all of it is in blocks, else boxed."""
    return markup if _is_all_blocks(markup) else f"<div>{markup}</div>"


def _is_all_blocks(markup: str) -> bool:
    if _CODE_INDENT.search(markup):
        return False
    if _PARAGRAPHS.fullmatch(markup):
        return True
    from lxml import etree

    box = etree.HTML(f"<div>{markup}</div>")[0][0]
    texts = [box.text, *(part.tail for part in box)]
    return all(part.tag in _BLOCKS for part in box) and not any(
        text and text.strip() for text in texts
    )
