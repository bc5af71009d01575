"""Whose an address is: the host that a server's word holds for, the site that our limits hold for.

Sole user of publicsuffixlist.
"""

from __future__ import annotations

from functools import cache, lru_cache
from ipaddress import ip_address
from typing import NamedTuple

from publicsuffixlist import PublicSuffixList

from aggregator.errors import FetchError
from aggregator.fetch.target import PORTS, target


class Site(NamedTuple):
    """What one publisher has: a registrable domain, or a single host that has none.

    `public` is false for the latter (an address in numbers, localhost, nas.lan): it is one's own.
    """

    name: str
    public: bool


@lru_cache(maxsize=4096)
def host_of(url: str) -> str:
    """Return host and port of an http or https address; the port only where it is not the usual.

    An http and an https address of one host are the same server. "" where there is no host.
    """
    try:
        place = target(url)
    except FetchError:
        return ""
    host = f"[{place.host}]" if ":" in place.host else place.host
    return host if place.port in PORTS.values() else f"{host}:{place.port}"


@lru_cache(maxsize=4096)
def site_of(url: str) -> Site:
    """Return the site of an http or https address; any other one is a site of its own.

    Public Suffix List, its private part included: two blogs of one hosting service are two sites.
    """
    host = host_of(url)
    domain = _registrable(target(url).host) if host else None
    return Site(domain, True) if domain else Site(host or url, False)


@lru_cache(maxsize=4096)
def _registrable(host: str) -> str | None:
    try:
        ip_address(host)
    except ValueError:
        return _list().privatesuffix(host) if "." in host else None
    return None


@cache
def _list() -> PublicSuffixList:
    """Read the list once, when it is first needed: that takes a twentieth of a second."""
    return PublicSuffixList(accept_unknown=False)
