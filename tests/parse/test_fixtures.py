"""Every document under tests/data says in the .json of its name what must be read from it.

One fact each; the name says which: `<target>_-_<origin>`. `given` in the .json is how it is read
(url, content_type, and for a JSON interface items, fields and detail).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from aggregator.errors import ParseError
from aggregator.parse import feed_xml, html_page, jekyll_post, json_api, json_feed, sitemap

DATA = Path(__file__).parent.parent / "data"
URL = "https://rain.example/feed"
Given = Mapping[str, Any]


def xml(path: Path, given: Given) -> Any:
    return feed_xml.parse(
        path.read_bytes(), url=given.get("url", URL), content_type=given.get("content_type", "")
    )


def feed_of_json(path: Path, given: Given) -> Any:
    return json_feed.parse(path.read_bytes(), url=given.get("url", URL))


def rows(path: Path, given: Given) -> Any:
    entries, bad = [], []
    for row in json_api.rows(json_api.document(path.read_bytes()), given["items"]):
        try:
            entries.append(json_api.entry(row, given.get("detail"), given["fields"], url=URL))
        except ParseError as error:
            bad.append(str(error))
    return {"entries": entries, "bad": bad}


def page(path: Path, given: Given) -> Any:
    url = given.get("url", URL)
    found = html_page.read(
        path.read_bytes(), url=url, content_type=given.get("content_type", "text/html")
    )
    entries, bad = [], []
    for row in html_page.rows(found, given["items"]):
        try:
            entries.append(html_page.entry(row, given["fields"], found.base))
        except ParseError as error:
            bad.append(str(error))
    return {"entries": entries, "bad": bad, "feed": html_page.feed_of(found, url)}


def addresses(path: Path, _: Given) -> Any:
    return sitemap.parse(path.read_bytes(), url=URL)


def post(path: Path, _: Given) -> Any:
    return jekyll_post.parse(path.read_bytes(), name=path.name) or {"skipped": True}


READERS: Mapping[str, Callable[[Path, Given], Any]] = {
    "rss": xml,
    "atom": xml,
    "rdf": xml,
    "json_feed": feed_of_json,
    "json_api": rows,
    "html_page": page,
    "sitemap": addresses,
    "jekyll": post,
}


def expectation(document: Path) -> Path:
    stem = document.name.removesuffix(document.suffix).removesuffix(".input")
    return document.with_name(f"{stem}.json")


DOCUMENTS = [
    path
    for family in READERS
    for path in sorted((DATA / family).iterdir())
    if path.suffix != ".json" or path.name.endswith(".input.json")
]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_document_is_read_as_its_json_says(document: Path) -> None:
    wanted = json.loads(expectation(document).read_text("utf-8"))
    given = wanted.pop("given", {})
    read = READERS[document.parent.name]
    if "error" in wanted:
        with pytest.raises(ParseError) as refused:
            read(document, given)
        assert wanted["error"] in str(refused.value)
        assert str(refused.value).isprintable()
    else:
        assert_holds(json.loads(json.dumps(read(document, given), default=plain)), wanted)


def plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    return dict(value)


def assert_holds(found: Any, wanted: Any, where: str = "") -> None:
    """Every key that is wanted is there with that value; a list has as many as are wanted."""
    if isinstance(wanted, dict):
        for key, value in wanted.items():
            assert_holds(found[key], value, f"{where}.{key}")
    elif isinstance(wanted, list):
        assert len(found) == len(wanted), f"{where}: {found}"
        for number, (one, other) in enumerate(zip(found, wanted, strict=True)):
            assert_holds(one, other, f"{where}[{number}]")
    else:
        assert found == wanted, where


def test_every_expectation_has_its_document() -> None:
    wanted = {expectation(document) for document in DOCUMENTS}
    found = {
        path
        for family in READERS
        for path in (DATA / family).glob("*.json")
        if not path.name.endswith(".input.json")
    }
    assert found == wanted
