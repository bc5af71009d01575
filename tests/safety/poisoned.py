"""Documents of every kind of source with one vector in each field, and a site made of them."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

from tests.safety.vectors import SHAPES, vector

_DATE = "Fri, 20 Nov 2026 10:00:00 GMT"
_ISO = "2026-11-20T10:00:00Z"
_XHTML = "http://www.w3.org/1999/xhtml"
_NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)
_FIELDS = ("id", "title", "link", "summary", "content", "author", "published", "publisher", "image")


def rss(number: int) -> bytes:
    """Return a feed of its own for one vector: its title and its category hold it too."""
    said = _legal(vector(number))
    item = (
        f"<title>{said}</title><author>{said}</author><dc:creator>{said}</dc:creator>"
        f"<category>{said}</category><category domain='{said}'>x</category>"
        f"<description>{said}</description><content:encoded>{said}</content:encoded>"
        f"<source url='{said}'>{said}</source><dc:rights>{said}</dc:rights>"
        f"<media:thumbnail url='{said}'/><comments>{said}</comments><pubDate>{_DATE}</pubDate>"
    )
    items = (
        f"<item>{item}<guid>https://x.example/{number}</guid>"
        f"<link>https://x.example/{number}</link></item>"
        f"<item>{item}<guid>{said}</guid><link>{said}</link>"
        f"<enclosure url='{said}' type='{said}' length='9'/></item>"
    )
    return (
        f"<?xml version='1.0'?><rss version='2.0' {_NAMESPACES}><channel><title>{said}</title>"
        f"<link>{said}</link><description>{said}</description><language>{said}</language>"
        f"<copyright>{said}</copyright><image><url>{said}</url></image>{items}</channel></rss>"
    ).encode()


def atom() -> bytes:
    """Return one feed whose entry for each vector holds it as html, as text and in each address."""
    entries = "".join(_atom_entry(number) for number in range(len(SHAPES)))
    return (
        f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Atom</title><id>urn:x</id>{entries}</feed>"
    ).encode()


def _atom_entry(number: int) -> str:
    said = _legal(vector(number))
    person = f"<name>{said}</name><uri>{said}</uri><email>{said}</email>"
    return (
        f"<entry xml:base='{said}'><id>urn:x:{number}</id><title type='html'>{said}</title>"
        f"<updated>{_ISO}</updated><author>{person}</author><contributor>{person}</contributor>"
        f"<category term='{said}' label='{said}' scheme='{said}'/>"
        f"<rights type='html'>{said}</rights>"
        f"<link href='https://a.example/{number}' title='{said}'/>"
        f"<link rel='enclosure' href='{said}' type='{said}'/><link rel='via' href='{said}'/>"
        f"<summary type='text'>{said}</summary><content type='html'>{said}</content></entry>"
        f"<entry><id>urn:y:{number}</id>"
        f"<title type='xhtml'><div xmlns='{_XHTML}'>{said}</div></title>"
        f"<updated>{_ISO}</updated><link href='{said}'/>"
        f"<content type='text/plain'>{said}</content></entry>"
    )


def json_feed() -> bytes:
    items = []
    for number in range(len(SHAPES)):
        said = vector(number)
        common = {
            "title": said, "summary": said, "image": said, "banner_image": said, "tags": [said],
            "authors": [{"name": said, "url": said, "avatar": said}], "date_published": _ISO,
            "attachments": [{"url": said, "mime_type": said, "title": said}],
            "external_url": said, "language": said,
        }  # fmt: skip
        url = f"https://j.example/{number}"
        items.append(common | {"id": url, "url": url, "content_html": said})
        items.append(common | {"id": said, "url": said, "content_text": said})
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": "JSON", "items": items}).encode()


def json_rows() -> bytes:
    """Return the rows of a JSON interface, with a vector in each value."""
    rows = [
        {name: vector(number) for name in _FIELDS if name != "id"} | {"id": number}
        for number in range(len(SHAPES))
    ]
    return json.dumps({"rows": rows}).encode()


def configure(folder: Path, port: int) -> None:
    """Write the documents and a configuration that takes them all, to be served at *port*."""
    for number in range(len(SHAPES)):
        (folder / f"{number}.xml").write_bytes(rss(number))
    for name, body in (("atom", atom()), ("feed", json_feed()), ("rows", json_rows())):
        (folder / name).write_bytes(body)
    fields = "".join(f'{name} = "{name}"\n' for name in _FIELDS)
    sources = "".join(
        f'[[source]]\nid = "v{number}"\nurl = "{folder}/{number}.xml"\ncategory = "{{title}}"\n'
        for number in range(len(SHAPES))
    )
    (folder / "config.toml").write_text(
        f'[site]\nurl = "http://127.0.0.1:{port}"\n[serve]\naddress = "127.0.0.1:{port}"\n'
        '[publish]\nentries = 2000\nstories = "keep"\n[defaults]\nfirst = "all"\n'
        f'[[source]]\nid = "atom"\nurl = "{folder}/atom"\n'
        f'[[source]]\nid = "feed"\nurl = "{folder}/feed"\n'
        f'[[source]]\nid = "rows"\nurl = "{folder}/rows"\nkind = "json"\nitems = "rows"\n'
        f'category = "Rows {{author}}"\ntags = ["{{title}}"]\n[source.fields]\n{fields}{sources}',
        encoding="utf-8",
    )


def _legal(said: str) -> str:
    """Return *said* for a place in XML, an attribute in single quotes too."""
    return escape(said.replace("\0", ""), quote=True)
