"""Everything in a published folder, checked: each document by the rules of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.validity.atom import check_atom
from tests.validity.finding import Finding, Findings
from tests.validity.json_feed import check_json_feed
from tests.validity.opml import check_opml
from tests.validity.rss import check_rss
from tests.validity.sitemap import check_sitemap

ACCEPTED = {
    "DuplicateUpdated": "sources date several entries alike, and we do not invent dates",
    "SchemeNotIANARegistered": "an id is its source's own, to the character (RFC 4287 §4.2.6)",
    "NonCanonicalURI": "an id is its source's own, to the character (RFC 4287 §4.2.6)",
    "BadCharacters": "a text that had lost characters before it came to us is left as it is",
}


def check_folder(folder: Path, base: str) -> Iterator[tuple[str, Finding]]:
    """Yield what is wrong with the documents of a folder that is published at *base*."""
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_file():
            yield from ((path, finding) for finding in _check(path, file.read_bytes(), base + path))


def unaccepted(folder: Path, base: str) -> list[tuple[str, Finding]]:
    """Return the errors, and the warnings that have no reason."""
    return [
        (path, finding)
        for path, finding in check_folder(folder, base)
        if finding.level == "error" or finding.rule not in ACCEPTED
    ]


def _check(path: str, body: bytes, address: str) -> Findings:
    name = path.rpartition("/")[2]
    if name == "rss.xml":
        return check_rss(body, address)
    if name.endswith("atom.xml"):
        return check_atom(body, address)
    if name == "feed.json":
        return check_json_feed(body, address)
    if name.startswith("sitemap"):
        return check_sitemap(body, address)
    return check_opml(body) if name.endswith(".opml") or name == "feeds" else Findings()
