"""Sitemaps, their indexes and news, by schemas of the protocol; and robots.txt that names them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from tests.validity.finding import Findings

_MOST_BYTES = 50 * 1024 * 1024
_MOST_NEWS = 1_000
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}news"


@cache
def schema() -> Any:
    return etree.XMLSchema(etree.parse(Path(__file__).with_name("sitemap.xsd")))


def check_sitemap(body: bytes, address: str) -> Findings:
    """Return what is wrong with a sitemap, or an index of some, that is served at *address*."""
    found = Findings()
    root = etree.fromstring(body)
    if not schema().validate(root):
        found.error("Schema", "sitemap", schema().error_log)
    found.require(len(body) <= _MOST_BYTES, "TooLarge", "sitemap", len(body))
    folder = address.rpartition("/")[0]
    addresses = [loc.text for loc in root.iter("{*}loc")]
    for place in addresses:
        found.require(place.startswith(f"{folder}/"), "OutsideItsFolder", "loc", place)
    found.require(len(set(addresses)) == len(addresses), "DuplicateValue", "loc")
    found.require(len(list(root.iter(_NEWS))) <= _MOST_NEWS, "TooManyNews", "sitemap")
    return found
