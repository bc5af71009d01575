"""Addresses: made absolute and ASCII, and cleaned of tracking.

Only http and https are links. Cleaning changes no more than it must: what is left keeps its order
and its bytes, since a server may sign or compare them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin

WEB = frozenset({"http", "https"})
LINKS = frozenset({"http", "https", "mailto", "tel"})


def fine(ampersand: str = "&") -> str:
    """Return the pattern of addresses that `absolute` has nothing to do for, whatever the base.

    *ampersand* is how `&` is written where they stand.
    """
    signs = rf"(?:[A-Za-z0-9_.~:/?@!$'()*+,;=-]++|{ampersand}|%[0-9A-Fa-f]{{2}})*+"
    return rf"https?://[a-z0-9][a-z0-9.-]*+/{signs}(?:#{signs})?"


_FINE = re.compile(fine())
_DEFAULT_PORT = {"http": "80", "https": "443"}
_PARTS = re.compile(r"([^?#]*)(\?[^#]*)?(#.*)?")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_AUTHORITY = re.compile(
    r"//(?:[^/?#]*@)?(?P<host>\[[^\]/?#]*\]|[^:/?#@]*)(?::(?P<port>\d*))?(?=[/?#]|$)"
)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_.])?|\[[0-9a-f:.]+\]")
_BREAKS = re.compile(r"[\t\r\n]+")  # browsers drop them wherever they stand (WHATWG URL §4.4)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_RESERVED = "%:/?#@!$&'()*+,;=-._~"  # RFC 3986 §2.2 and §2.3, without the brackets of IPv6

_TRACKING_PREFIXES = ("utm_", "mtm_", "matomo_", "itm_", "hsa_", "at_custom")
_TRACKING = """
    fbclid fb_action_ids fb_action_types fb_ref fb_source fb_comment_id gclid gclsrc dclid gbraid
    wbraid srsltid msclkid mc_cid mc_eid mc_tc yclid ysclid ymclid _openstat twclid ttclid igshid
    igsh li_fat_id epik _hsenc _hsmi __hssc __hstc __hsfp hsctatracking mkt_tok oly_anon_id
    oly_enc_id rb_clickid s_cid sc_cid vero_id vero_conv wickedid _bhlid _branch_match_id
    _branch_referrer __readwiselocation ml_subscriber ml_subscriber_hash at_medium at_campaign
    at_link_id at_link_type at_link_origin at_format at_ptr_name pk_campaign pk_kwd pk_source
    pk_medium pk_content pk_cid piwik_campaign piwik_kwd wt_mc wtmc cmpid ga_source ga_medium
    ga_campaign ga_term ga_content ga_place hmb_campaign hmb_medium hmb_source guccounter
    guce_referrer guce_referrer_sig trk_contact trk_msg trk_module trk_sid _ke
"""
_TRACKING_NAMES = frozenset(_TRACKING.split())


# ── absolute ──────────────────────────────────────────────────────────────────────────────────────


def absolute(address: str, base: str = "", schemes: frozenset[str] = WEB) -> str:
    """Return *address* absolute, in ASCII, with a lower-case scheme and host, or "" if it is none.

    Relative ones are resolved against *base*. User-info and a default port go; a host in another
    script is written in punycode (UTS #46); what RFC 3986 forbids is percent-encoded in UTF-8. A
    scheme outside *schemes* is none.
    """
    if is_fine(address):
        return address
    address = _BREAKS.sub("", address.strip(" \t\r\n\f\v\0\u3000\xa0"))
    scheme = _SCHEME.match(address)
    if scheme is None:
        return absolute(_joined(base, address), "", schemes) if base and address else ""
    if scheme[1].lower() not in schemes:
        return ""
    name, rest = scheme[1].lower(), address[scheme.end() :]
    return _web(name, rest) if name in WEB else f"{name}:{_encoded(rest)}" if rest else ""


def is_fine(address: str) -> bool:
    """Say whether `absolute` has nothing to do for *address*, whatever the base."""
    return _FINE.fullmatch(address) is not None


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # a host that is none, such as `//[::1`
        return ""


def _web(scheme: str, rest: str) -> str:
    authority = _AUTHORITY.match(rest)
    host = _host(authority["host"]) if authority else ""
    if authority is None or not host:
        return ""
    port = authority["port"]
    if port and port != _DEFAULT_PORT[scheme]:
        host = f"{host}:{port}"
    return f"{scheme}://{host}{_encoded(rest[authority.end() :])}"


def _host(name: str) -> str:
    name = name.lower()
    if not name.isascii():
        name = _punycode(name)
    return name if _HOST.fullmatch(name) else ""


@lru_cache(maxsize=256)
def _punycode(name: str) -> str:
    import idna  # 40 ms, and hardly ever needed

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except UnicodeError:
        pass
    try:
        return name.encode("idna").decode("ascii")  # IDNA 2003 knows `i❤.ws`
    except UnicodeError:
        return ""


def _encoded(text: str) -> str:
    """Return *text* with what RFC 3986 does not allow percent-encoded, and the rest as it is."""
    encoded = _STRAY_PERCENT.sub("%25", quote(text, safe=_RESERVED, errors="replace"))
    resource, mark, fragment = encoded.partition("#")
    return resource + mark + fragment.replace("#", "%23")


@lru_cache(maxsize=1024)
def host_of(address: str) -> str:
    """Return the host of an http(s) address in lower case without `www.`, "" where it has none."""
    authority = _AUTHORITY.search(absolute(address))
    return authority["host"].removeprefix("www.") if authority else ""


# ── cleaned ───────────────────────────────────────────────────────────────────────────────────────


def original(address: str, base: str = "", hosts: frozenset[str] = frozenset()) -> str:
    """Return the http(s) *address* absolute and without tracking, "" where it is none.

    `ref` goes where it names one of *hosts* (as of `host_of`): a site has put its own name there.
    """
    known = _known_original if len(address) <= _SHORT else _original
    return known(address, base, hosts)


def _original(address: str, base: str, hosts: frozenset[str]) -> str:
    url = absolute(address, base)
    if "?" not in url and "#" not in url:
        return url
    parts = _PARTS.fullmatch(url)
    if parts is None or not parts[1]:
        return ""
    fragment = parts[3] or ""
    kept = "" if _is_tracking(fragment[1:], hosts) else fragment
    return parts[1] + _untracked(parts[2] or "", hosts) + kept


_SHORT = 500  # characters: what is longer is not kept in mind
_known_original = lru_cache(maxsize=256)(_original)  # link and guid of an entry are often one


def clean(address: str, base: str = "", hosts: frozenset[str] = frozenset()) -> str:
    """Return the http(s) *address* as it is shared: as of `original`, and without its fragment.

    A fragment that names a page rather than a place on it (`#!…`, `#/…`) stays.
    """
    resource, mark, fragment = original(address, base, hosts).partition("#")
    return resource + mark + fragment if fragment.startswith(("!", "/")) else resource


def _untracked(query: str, hosts: frozenset[str]) -> str:
    pairs = query[1:].split("&")
    kept = [pair for pair in pairs if not _is_tracking(pair, hosts)]
    if len(kept) == len(pairs):
        return query
    return "?" + "&".join(kept) if any(kept) else ""


def _is_tracking(pair: str, hosts: frozenset[str]) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    if name == "ref":
        named = unquote(value).lower().removeprefix("https://").removeprefix("http://")
        return named.removeprefix("www.").rstrip("/") in hosts
    return name in _TRACKING_NAMES or name.startswith(_TRACKING_PREFIXES)
