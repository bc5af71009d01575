"""Which addresses readers may see: none with a secret in it, and none on a private host."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from aggregator.normalise.links import absolute

# Names of query parameters that carry a secret, and values that look like one.
_SECRET_NAME = re.compile(
    r"(?:^|[_.-])(?:access|api|app|auth|client|feed|private|rss|secret|session|user)?[_-]?"
    r"(?:key|token|secret|password|passwd|pwd|pass|auth|sig|signature|credential|jwt|sid|hash)s?$"
    r"|^(?:authorization|phpsessid|jsessionid|bearer)$",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(r"[0-9a-fA-F]{32,}|[\w-]{40,}|eyJ[\w-]+\.[\w-]+\.[\w-]*")

_USER = re.compile(r"\s*[a-z]+://[^/?#]*@", re.IGNORECASE)
_AUTHORITY = re.compile(r"https?://[^/?#]*")
_PRIVATE_ENDS = (
    *(".corp", ".home", ".home.arpa", ".internal", ".intranet", ".invalid", ".lan", ".local"),
    *(".localdomain", ".localhost", ".onion", ".private"),
)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")


@lru_cache(maxsize=4096)
def public_address(address: str) -> str:
    """Return the http(s) *address* as readers may see it, "" where it is not for them.

    It is not with user-info, with a parameter that looks like a secret, or on a private host. The
    secret alone is not left out, for the rest would be an address that does not work.
    """
    url = absolute(address)
    if not url or _USER.match(address) or not is_public_host(url):
        return ""
    return "" if _has_secret(urlsplit(url).query) else url


def _has_secret(query: str) -> bool:
    return any(
        _SECRET_NAME.search(name) or _SECRET_VALUE.fullmatch(value)
        for name, value in parse_qsl(query)
    )


def is_public_host(url: str) -> bool:
    """Say whether the host of the absolute http(s) *url* can be one that any reader reaches."""
    authority = _AUTHORITY.match(url)
    return authority is not None and _is_public_authority(authority[0])


@lru_cache(maxsize=1024)
def _is_public_authority(url: str) -> bool:
    host = (urlsplit(url).hostname or "").rstrip(".")
    if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
        return _is_public_ip(host)
    return "." in host and not host.endswith(_PRIVATE_ENDS)


def _is_public_ip(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return False
