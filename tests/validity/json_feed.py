"""JSON Feed 1.1: a schema of the specification, and what readers need besides."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.validity.finding import Findings
from tests.validity.markup import check_markup


@cache
def schema() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(
        json.loads(Path(__file__).with_name("json_feed.schema.json").read_text("utf-8"))
    )


def check_json_feed(body: bytes, address: str) -> Findings:
    """Return what is wrong with a JSON Feed that is served at *address*."""
    found = Findings()
    feed = json.loads(body)
    for fault in schema().iter_errors(feed):
        found.error("Schema", fault.json_path, fault.message)
    if feed.get("feed_url") != address:
        found.warn("SelfDoesntMatchLocation", "feed_url", feed.get("feed_url"))
    seen: set[str] = set()
    for number, item in enumerate(feed.get("items", ())):
        where = f"item {number}"
        found.require(item.get("id") not in seen, "DuplicateValue", where, item.get("id"))
        seen.add(item.get("id", ""))
        found.require("url" in item, "MissingUrl", where)
        check_markup(found, item.get("content_html", ""), f"{where} content_html")
        in_order = item.get("date_published", "") <= item.get("date_modified", "z")
        found.require(in_order, "PublishedAfterModified", where)
        for name in ("title", "summary"):
            found.words(item.get(name, ""), f"{where} {name}")
    return found
