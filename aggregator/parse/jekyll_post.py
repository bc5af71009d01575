"""A Jekyll post → Entry: YAML front matter, then a body in Markdown or HTML.

Scalars of the front matter stay the texts that were written (`1.10`, `yes`,
`2022-01-17 07:42:38 +0800`): what they mean is decided later. Sole user of python-frontmatter,
PyYAML and markdown-it-py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler
from markdown_it import MarkdownIt

from aggregator.model import Entry, Term, fingerprint
from aggregator.parse import fragment
from aggregator.parse.address import is_page
from aggregator.parse.charset import decode
from aggregator.parse.person import distinct, person
from aggregator.parse.published_post import take_apart

_DATED = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})-(.+)")
_LINE = re.compile(r"^(\w[\w-]*):[^\S\n]*(.*?)[^\S\n]*$", re.MULTILINE)
_HTML = (".html", ".htm")
_CATEGORIES, _TAGS = ("category", "categories"), ("tag", "tags")
_OPENING = re.compile(r"[\[{]|[-?:](?=\s)")  # whatever can begin a list or a mapping
_DEEPEST = 100
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml's is ten times as fast


def parse(body: bytes, *, name: str) -> Entry | None:
    """Return the entry that the post *name* (its path) holds, None where it is not published.

    Its id is the file's name without the suffix; a date and a title that the front matter lacks
    are read from that name, as Jekyll does. Every scalar of it is in `Entry.fields`, the first
    category as `category`, the tags, joined by commas, as `tags`. Of a post that was published here
    the share link, the credit and the ways back are not part of the content.
    """
    path = PurePosixPath(name)
    matter, text = _read(decode(body).replace("\r\n", "\n"))
    post = take_apart(text)
    is_html = post.whole or path.suffix.lower() in _HTML
    if _text(matter, "published").lower() == "false":
        return None
    date, slug = dated.groups() if (dated := _DATED.fullmatch(path.stem)) else ("", path.stem)
    return Entry(
        id=id_of(name),
        title=fragment.escape(_text(matter, "title") if "title" in matter else _titled(slug)),
        link=find_link(matter) or post.share_link,
        published=_text(matter, "date") or date,
        updated=_text(matter, "last_modified_at") or _text(matter, "updated"),
        authors=distinct(map(person, _texts(matter, "author", "authors"))),
        summary=find_summary(matter) or html_of(post.summary),
        content=post.body.strip() if is_html else html_of(post.body),
        terms=find_terms(matter),
        image=address if is_page(address := _text(matter, "image")) else "",
        publisher=post.publisher,
        language=_text(matter, "lang"),
        fields={key: value for key in matter if (value := _text(matter, key))} | _labels(matter),
        fingerprint=version_of(name, body),
    )


def id_of(name: str) -> str:
    """Return the id of the post *name* (its path): the file's name without the suffix."""
    return PurePosixPath(name).stem


def version_of(name: str, body: bytes) -> str:
    """Return the fingerprint of the post *name* with these bytes."""
    return fingerprint(name, body.decode("utf-8", "surrogateescape"))


def find_link(matter: Mapping[str, Any]) -> str:
    """Return the page the post is about, where the front matter has its whole address."""
    addresses = (
        _text(matter, key) for key in ("link", "canonical_url", "share_link", "source_url")
    )
    return next(filter(is_page, addresses), "")


def find_summary(matter: Mapping[str, Any]) -> str:
    """Return the front matter's own summary as a fragment."""
    return fragment.from_unknown(_text(matter, "excerpt") or _text(matter, "description"))


def find_terms(matter: Mapping[str, Any]) -> tuple[Term, ...]:
    """Return categories and tags, each once.

    A plain text is one label: Jekyll would cut it at its spaces, and so cut names in two.
    """
    labels = _texts(matter, *_CATEGORIES, *_TAGS)
    return tuple(dict.fromkeys(map(Term, labels)))


def _labels(matter: Mapping[str, Any]) -> dict[str, str]:
    """Return what templates of a source name its posts' category and tags by."""
    category = next(_texts(matter, *_CATEGORIES), "")
    tags = ", ".join(_texts(matter, *_TAGS))
    return {name: value for name, value in (("category", category), ("tags", tags)) if value}


# ── front matter ──────────────────────────────────────────────────────────────────────────────────


class _AsWritten(YAMLHandler):
    """YAML whose scalars stay the texts that they are, and of which something is always read.

    It builds nothing but texts, lists and mappings. What YAML refuses (`title: "a "b" c"`) is read
    line by line.
    """

    def load(self, fm: str, **_: object) -> Any:
        try:
            if _nests_too_deep(fm):
                raise ValueError
            return super().load(fm, Loader=_LOADER)
        except (yaml.YAMLError, ValueError, RecursionError):
            return {key: value.strip("\"'") for key, value in _LINE.findall(fm)}


def _nests_too_deep(matter: str) -> bool:
    """Say whether values nest deeper than the loader bears: it ends the process where they do."""
    if len(_OPENING.findall(matter)) <= _DEEPEST:
        return False
    depth = 0
    for event in yaml.parse(matter, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            return True
    return False


def _read(text: str) -> tuple[Mapping[str, Any], str]:
    """Return front matter and body; a document without front matter is all body."""
    handler = _AsWritten()
    if not handler.detect(text):
        return {}, text
    return frontmatter.parse(text, handler=handler)


def _text(matter: Mapping[str, Any], key: str) -> str:
    value = matter.get(key)
    return value.strip() if isinstance(value, str) else ""


def _texts(matter: Mapping[str, Any], *keys: str) -> Iterator[str]:
    for key in keys:
        value = matter.get(key)
        if isinstance(value, list):
            yield from (text.strip() for text in value if isinstance(text, str) and text.strip())
        elif text := _text(matter, key):
            yield text


def _titled(slug: str) -> str:
    return slug.replace("-", " ").strip().title()


# ── Markdown ──────────────────────────────────────────────────────────────────────────────────────


def html_of(markdown: str) -> str:
    """Return *markdown* as HTML; the HTML in it stays as it is, so a body may be all HTML."""
    return str(_renderer().render(markdown)).strip()


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")
