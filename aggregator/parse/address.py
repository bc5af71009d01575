"""Addresses as documents write them → absolute ones."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

# What urljoin hands back as it is, whatever the base; most addresses are so.
_ABSOLUTE = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:/[^\s;?#]*)?(?:\?[^\s;#]+)?(?:#[^\s#]+)?"
)
# Browsers drop them wherever they stand (WHATWG URL Standard, §4.4); feeds wrap long addresses.
_BREAKS = re.compile(r"[\t\r\n]\s*")


def absolute(address: str, base: str) -> str:
    """Return *address* made absolute against *base*, "" where it is empty or cannot be.

    Without a base a relative one stays as it is. The scheme may be any; whoever shows an address
    decides which ones are fit to be shown.
    """
    if not address or _ABSOLUTE.fullmatch(address):
        return address
    address = _BREAKS.sub("", address.strip())
    if not address:
        return ""
    try:
        joined = urljoin(base, address)
        return joined if urlsplit(joined).scheme or not base else ""
    except ValueError:  # a host that is none, such as `http://[::1`
        return ""


def is_page(address: str) -> bool:
    """Say whether *address* is one that a browser opens as a page."""
    return address[:8].lower().startswith(("http://", "https://"))
