"""Which addresses may be connected to: none that is inside a network, unless the operator says so.

`ipaddress.is_global` is not enough (it lets NAT64, 6to4, `::127.0.0.1` and multicast through), so
the table is our own, after the IANA registries of special-purpose addresses (RFC 6890). Of IPv6
only the global unicast block 2000::/3 is let through at all. What is judged is the address that a
connection is about to be made to, never the text of a URL: odd spellings, redirects and names that
change their answer all end here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from aggregator.errors import FetchError
from aggregator.record import record

_SPECIAL = tuple(
    (ip_network(block), kind)
    for block, kind in (
        ("127.0.0.0/8", "loopback"),
        ("10.0.0.0/8", "private network"),
        ("172.16.0.0/12", "private network"),
        ("192.168.0.0/16", "private network"),
        ("169.254.0.0/16", "link-local"),  # also where clouds answer with credentials
        ("168.63.129.16/32", "cloud metadata"),  # Azure's, in a block that is otherwise public
        ("100.64.0.0/10", "carrier's network"),
        ("0.0.0.0/8", "this machine"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("198.18.0.0/15", "benchmarking"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::1/128", "loopback"),
        ("::/128", "this machine"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::/96", "IPv4-compatible"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
        ("2002::/16", "6to4"),
        ("fc00::/7", "private network"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")


@lru_cache(maxsize=4096)
def special(address: str) -> str:
    """Say what kind of internal address this is (`loopback`, `NAT64`, …); "" for a public one."""
    ip = ip_address(address)
    for block, kind in _SPECIAL:
        if ip in block:
            return kind
    return "reserved" if ip.version == 6 and ip not in _GLOBAL_UNICAST else ""


@record(frozen=True, slots=True)
class Permit:
    """One entry of `allow_private`: a host by name or a network, on one port or (None) on any."""

    host: str
    network: IPv4Network | IPv6Network | None
    port: int | None

    def covers(self, host: str, port: int, address: str) -> bool:
        if self.port not in (None, port):
            return False
        if self.network is None:
            return self.host == host.rstrip(".").lower()
        return ip_address(address) in self.network


@lru_cache(maxsize=1024)
def permits(entries: Sequence[str]) -> tuple[Permit, ...]:
    """Read `allow_private`: `nas.lan`, `10.0.0.0/8`, `::1`, `nas.lan:8080`, `[fd00::/8]:80`.

    Raises FetchError naming the entry that is none of these.
    """
    return tuple(_permit(entry.strip()) for entry in entries)


def permitted(host: str, port: int, address: str, allowed: tuple[Permit, ...]) -> bool:
    """Say whether *address*, found for *host*, may be connected to."""
    return not special(address) or any(permit.covers(host, port, address) for permit in allowed)


def _permit(entry: str) -> Permit:
    place, port = _split(entry)
    if not place or (port and not (port.isdecimal() and 0 < int(port) < 65536)):
        raise FetchError(
            f'cannot use "{entry}" in allow_private; write a host, a network or host:port',
            code="E108",
        )
    try:
        network = ip_network(place, strict=False)
    except ValueError:
        network = None
    return Permit(place.rstrip(".").lower(), network, int(port) if port else None)


def _split(entry: str) -> tuple[str, str]:
    """Part host and port; an IPv6 address has its colons to itself unless it is in brackets."""
    if entry.startswith("["):
        place, _, rest = entry[1:].partition("]")
        return place, rest.removeprefix(":")
    if entry.count(":") == 1:
        place, _, port = entry.partition(":")
        return place, port or "none"
    return entry, ""
