"""Ids: the article's own, and the public one that readers know it by."""

from __future__ import annotations

import re
from datetime import datetime

from aggregator.model import fingerprint
from aggregator.normalise.links import absolute
from aggregator.normalise.public import is_public_host

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"  # no i, l, o, u
_PAIRS = [one + other for one in _CROCKFORD for other in _CROCKFORD]

# An absolute URI whose scheme is a word (`NW2022…`, `12:30` and `c:\x` are none): validators refuse
# any other IRI as an id.
_CHARACTERS = r"A-Za-z0-9\-._~:/?#@!$&'()*+,;="
_IRI = re.compile(rf"(?P<scheme>[A-Za-z]{{2,12}}):(?:[{_CHARACTERS}]++|%[0-9A-Fa-f]{{2}})++")
_TAG = re.compile(r"tag:(?:[a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(?:-\d\d){0,2}:.*")  # RFC 4151 §2.1
_UUID = r"uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NAME = r"(?!uuid:)[a-z0-9][a-z0-9-]{1,31}:(?:[a-z0-9()+,\-.:=@;$_!*']|%[0-9a-f]{2})+"
_URN = re.compile(rf"urn:(?:{_UUID}|{_NAME})", re.IGNORECASE)  # RFC 4122 §3, RFC 2141 §2
_AUTHORITY = re.compile(r"https?://(?P<user>[^/?#]*@)?", re.IGNORECASE)
# They name a place on one machine, or run something, and never an article.
_UNFIT = frozenset(
    {"about", "blob", "data", "file", "jar", "javascript", "localhost", "mailto", "tel", "vbscript"}
)


def article_id(source: str, guid: str, salt: int = 0) -> str:
    """Return the id of the article *guid* of *source*: ten characters of Crockford's base32.

    The first 50 bits of a hash, so in a million articles one pair collides at most; *salt* gives
    another id where that has happened.
    """
    parts = (source, guid, str(salt)) if salt else (source, guid)
    bits = int(fingerprint(*parts)[:13], 16) >> 2
    return "".join([_PAIRS[bits >> place & 1023] for place in (40, 30, 20, 10, 0)])


def public_id(guid: str, published: datetime, host: str, article: str) -> str:
    """Return the id for readers: *guid* itself where it is an absolute IRI, else a tag: of ours.

    RFC 4287 §4.2.6 wants an id to survive syndication, character by character; so one that would
    need a change is not taken at all.
    """
    return guid if is_iri(guid) else tag(host, published, article)


def tag(host: str, published: datetime, article: str) -> str:
    """Return the tag: URI of an article (RFC 4151), minted in our *host*."""
    return f"tag:{host},{published.year}:{article}"


def is_iri(guid: str) -> bool:
    """Say whether *guid* can stand as an id by itself: an absolute IRI, the same for all.

    An address with user-info or on a private host is none.
    """
    match = _IRI.fullmatch(guid)
    scheme = match["scheme"].lower() if match else ""
    if not scheme or scheme in _UNFIT:
        return False
    if scheme == "tag":
        return _TAG.fullmatch(guid) is not None
    if scheme == "urn":
        return _URN.fullmatch(guid) is not None
    return scheme not in ("http", "https") or _is_public(guid)


def _is_public(guid: str) -> bool:
    authority = _AUTHORITY.match(guid)
    return authority is not None and not authority["user"] and is_public_host(absolute(guid))
