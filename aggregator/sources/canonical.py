"""Whether to believe a page that says what its own address is (RFC 6596)."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from aggregator.fetch.site import site_of


def believed(claims: Iterable[str], page: str) -> str:
    """Return the first of *claims* that may be the address of the *page*, "" where none may.

    That is one on the same site, and not its home: many sites give every page the address of the
    first, and a page that was broken into leads elsewhere. What several pages claim is found out
    where they come together.
    """
    site = _site(page)
    return next((claim for claim in claims if _may_be(claim, site)), "")


def _may_be(claim: str, site: str) -> bool:
    parts = urlsplit(claim)
    is_home = len(parts.path) < 2 and not parts.query
    return parts.scheme in ("http", "https") and not is_home and _site(claim) == site


def _site(url: str) -> str:
    return site_of(url).name.removeprefix("www.")
