"""Sitemaps (https://www.sitemaps.org/protocol.html): plain, an index, a text, any of them gzipped;
with Google's news and image extensions.

Elements are known by their names alone: many sitemaps have their namespaces wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from lxml import etree

from aggregator.errors import ParseError, TruncatedError
from aggregator.model import Entry, Term, fingerprint
from aggregator.parse import fragment
from aggregator.parse.address import absolute, is_page
from aggregator.parse.charset import decode
from aggregator.parse.document import described
from aggregator.parse.gzipped import LARGEST, unfolded
from aggregator.parse.repair import doctype, legal, repaired
from aggregator.record import record

MOST = 50_000  # addresses, by the protocol
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:T.*)?)?)?")  # W3C-DTF
_ROOT = re.compile(r"<(?:[\w.-]+:)?(urlset|sitemapindex)(?=[\s/>])", re.IGNORECASE)
_OWN = ("lastmod", "changefreq", "priority")
_ENOUGH = 10  # addresses, of which one and the same date says when the sitemap was made


@record(frozen=True, slots=True)
class Child:
    """A sitemap that an index names; `modified` is "" where it does not say when."""

    url: str
    modified: str = ""


@record(frozen=True, slots=True)
class Sitemap:
    """What one document holds: entries, or where an index has further sitemaps, those."""

    entries: tuple[Entry, ...] = ()
    children: tuple[Child, ...] = ()


def parse(body: bytes, *, url: str, content_type: str = "", max_size: int = LARGEST) -> Sitemap:
    """Return the sitemap that *body* is; *url* is where it came from.

    An entry has its address, and from the extensions its title, date, publisher, keywords and
    image. Raises ParseError where it is no sitemap or only the first part of one, or where it was
    gzipped and has more than *max_size* bytes.
    """
    text = decode(unfolded(body, max_size), content_type)
    root = _ROOT.search(text, 0, 100_000)
    if root is None:
        return Sitemap(_indiscriminate_dates_dropped(_from_lines(text)))
    tree = _tree(text[root.start() :], root[1])
    if root[1].lower() == "sitemapindex":
        return Sitemap(children=tuple(_children(tree, url)))
    entries = [_entry(element, url) for element in islice(_elements(tree, "url"), MOST)]
    return Sitemap(_indiscriminate_dates_dropped([entry for entry in entries if entry.link]))


def _from_lines(text: str) -> list[Entry]:
    """Return an entry for each line of a text sitemap; ParseError where it is something else."""
    lines = [line.strip() for line in text.splitlines() if line.strip()][:MOST]
    if not lines or not all(map(is_page, lines)):
        raise ParseError(
            f"is {described(text)}; expected a sitemap: check the address", code="E301"
        )
    return [_finished(Entry(link=line)) for line in lines]


# ── XML ───────────────────────────────────────────────────────────────────────────────────────────


def _tree(text: str, root: str) -> Any:
    """Return the *root* element, with which *text* begins.

    An ill-formed document is repaired, then read as far as it goes. The only entities are those
    that doctype() declares; nothing is loaded, and libxml2's limits of depth and size hold.
    """
    head, text = doctype({}), legal(text)
    try:
        return etree.fromstring(f"{head}{text}".encode(), _parser(recover=False))
    except etree.XMLSyntaxError as error:
        if not re.search(rf"</(?:[\w.-]+:)?{root}\s*>", text[-1000:]):
            raise TruncatedError(f"ends in the middle: </{root}> is missing") from error
    tree = etree.fromstring(f"{head}{repaired(text, {})}".encode(), _parser(recover=True))
    if tree is None:
        raise ParseError("is a sitemap too broken to read", code="E302")
    return tree


def _parser(*, recover: bool) -> Any:
    return etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities="internal",
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _children(tree: Any, url: str) -> Iterator[Child]:
    for element in _elements(tree, "sitemap"):
        texts = _texts(element)
        if address := absolute(texts.get("loc", ""), url):
            yield Child(address, _date(texts.get("lastmod", "")))


def _elements(tree: Any, name: str) -> Iterator[Any]:
    return (element for element in tree.iterchildren(etree.Element) if _name(element) == name)


def _entry(element: Any, url: str) -> Entry:
    texts = _texts(element)
    link = absolute(texts.get("loc", ""), url)
    start = Entry(
        link=link,
        updated=_date(texts.get("lastmod", "")),
        image=absolute(texts.get("image:loc", ""), url),
        title=fragment.escape(texts.get("news:title", "")),
        published=texts.get("news:publication_date", ""),
        publisher=fragment.escape(texts.get("publication:name", "")),
        language=texts.get("publication:language", ""),
        terms=tuple(dict.fromkeys(map(Term, _keywords(texts.get("news:keywords", ""))))),
        base=link,
        fields={name: texts[name] for name in _OWN if texts.get(name)},
    )
    return _finished(start)


def _finished(entry: Entry) -> Entry:
    return replace(entry, fingerprint=fingerprint(entry.link, entry.updated, entry.title))


def _texts(element: Any) -> dict[str, str]:
    """Return the text of each element below: by its name, and inside another one `outer:inner`.

    Of several with one name the first counts.
    """
    found: dict[str, str] = {}
    for inner in element.iter(etree.Element):
        if inner is not element and (text := " ".join((inner.text or "").split())):
            outer = inner.getparent()
            prefix = "" if outer is element else f"{_name(outer)}:"
            found.setdefault(prefix + _name(inner), text)
    return found


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def _date(text: str) -> str:
    return text if _DATE.fullmatch(text) else ""


def _keywords(text: str) -> list[str]:
    return [word.strip() for word in text.replace("，", ",").split(",") if word.strip()]


def _indiscriminate_dates_dropped(entries: list[Entry]) -> tuple[Entry, ...]:
    """Return *entries* without their dates, where all have the same: that is the sitemap's own."""
    if len(entries) < _ENOUGH or len({entry.updated for entry in entries}) > 1:
        return tuple(entries)
    return tuple(_finished(replace(entry, updated="")) for entry in entries)
