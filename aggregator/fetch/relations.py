"""The Link header: what an answer says of other addresses (RFC 8288)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

from requests.utils import parse_header_links


def linked(headers: Mapping[str, str], relation: str, base: str) -> str:
    """Return the first address that stands in this relation to the answer, "" where none does.

    It is absolute; *base* is where the answer came from. Relations are compared ignoring case.
    """
    if not (said := headers.get("link", "")):
        return ""
    for link in parse_header_links(said):
        if relation in str(link.get("rel", "")).lower().split():
            return urljoin(base, link["url"])
    return ""
