"""An article's own page. Nearly all pages are of this kind, so they are cast (see mould.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from markupsafe import Markup

from aggregator.model import Article, Channel, Document, Enclosure, Report
from aggregator.publish import addresses, dates, linked_data, media, mould, page_body, wording
from aggregator.publish.frame import Frame, frame, page
from aggregator.publish.press import Press
from aggregator.publish.rows import row
from aggregator.publish.templating import shipped
from aggregator.publish.texts import Texts, texts_for

_TEMPLATE = "article.html.jinja"


class File(NamedTuple):
    """A file that belongs to an article; `player` is "audio", "video" or ""."""

    url: str
    name: str
    facts: str
    player: mould.Fixed


class _Row(NamedTuple):
    title: str
    language: str
    publisher: str
    short: str
    iso: str


class _Channel(NamedTuple):
    slug: str
    title: str


class _Publisher(NamedTuple):
    publisher: str


class _Report(NamedTuple):
    attribution: _Publisher
    share_link: str
    title: str


class _Site(NamedTuple):
    title: str
    author: str


class _Said(NamedTuple):
    """Everything that the page says, as text and under the names that the template has for it."""

    frame: Frame
    site: _Site
    row: _Row
    content: Markup
    also: tuple[_Report, ...]
    authors: tuple[str, ...]
    publisher_url: str
    when: str
    files: tuple[File, ...]
    channel: _Channel
    original: str
    canonical: str
    image: str
    linked_data: Markup


def article_page(press: Press, article: Article) -> Iterator[Document]:
    """Render an article's page.

    Search engines are sent to the original: it is the canonical one, and ours stays out of indexes.
    An article that stands nowhere else has no other original than this page.
    """
    path = addresses.article_page(press, article)
    home = _home_channel(press, article)
    said = _said(press, article, path, home)
    if press.templates.is_ours(_TEMPLATE):
        yield Document(path, mould.printed(_rendered, said, mould.in_page))
    else:
        whole = {
            "article": article,
            "site": press.site,
            "row": row(press, article, press.language(home)),
            "also": wording.also(article),
            "channel": home,
        }
        yield page(press, path, _TEMPLATE, {**_values(said), **whole}, home)


def _said(press: Press, article: Article, path: str, home: Channel) -> _Said:
    around = frame(press, path, home)
    words = texts_for(around.language)
    shown = row(press, article, around.language)
    original = addresses.original(article)
    return _Said(
        frame=around,
        site=_Site(press.site.title, press.site.author),
        row=_Row(shown.title, shown.language, shown.publisher, shown.short, shown.iso),
        content=Markup(_content(press, article, words)),  # noqa: S704 - sanitised
        also=tuple(map(_report, wording.also(article))),
        authors=tuple(person.name for person in article.authors if person.name),
        publisher_url=article.attribution.publisher_url,
        when=_when(press, article, words),
        files=tuple(_files(article, words)),
        channel=_Channel(home.slug, home.title),
        original=original,
        canonical=original or addresses.public(press, path),
        image=article.image,
        linked_data=Markup(linked_data.article(press, article, path, home)),  # noqa: S704 - JSON
    )


def _rendered(said: _Said) -> bytes:
    return shipped().render(_TEMPLATE, _values(said)).encode()


def _values(said: _Said) -> dict[str, Any]:
    words = texts_for(said.frame.language)
    return {**said.frame._asdict(), "text": words, **said._asdict()}


# ── what stands on it ─────────────────────────────────────────────────────────────────────────────


def _report(report: Report) -> _Report:
    return _Report(_Publisher(report.attribution.publisher), report.share_link, report.title)


def _home_channel(press: Press, article: Article) -> Channel:
    label = article.categories[0]
    slug = press.categories[label].slug
    return Channel(slug, press.title(label), language=press.languages.get(slug, ""))


def _content(press: Press, article: Article, words: Texts) -> str:
    return page_body.fitted(wording.credited(press, article), words.table, words.code)


def _when(press: Press, article: Article, words: Texts) -> str:
    moment = press.local(article.published)
    day = dates.date_name(moment.date(), words)
    return f"{day} {dates.clock(moment)} {dates.zone_name(moment)}"


def _files(article: Article, words: Texts) -> list[File]:
    """Return what can be heard, seen or taken along; images are the text's business."""
    if not article.enclosures:
        return []
    return [
        _file(file, kind, words)
        for file in media.attachments(article)
        if not (kind := media.file_type(file)).startswith("image/")
    ]


def _file(file: Enclosure, kind: str, words: Texts) -> File:
    family = mould.Fixed(kind.partition("/")[0])
    facts = [kind] if kind != media.UNKNOWN else []
    if file.length:
        facts.append(f"{file.length / 1_000_000:.1f} MB")
    name = file.title or PurePosixPath(urlsplit(file.url).path).name or words.file
    return File(
        file.url, name, ", ".join(facts), family if family in ("audio", "video") else mould.Fixed()
    )
