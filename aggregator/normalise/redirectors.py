"""Addresses that only lead to others: link wrappers, whose target can be read, and redirectors.

    google.com/url?url=…     a wrapper: it holds its target, nobody need be asked
    t.co/…, feedproxy/~r/…   a redirector: it says where it leads when it is asked
    news.google.com/rss/…    neither: only a browser that runs its scripts gets there

Pure. What leads elsewhere is told by its host alone, so an ordinary address is never one.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

from aggregator.normalise.links import absolute

_NESTED = 3  # wrappers around each other
_PLACE = re.compile(
    r"https?://(?:www\.)?(?P<host>[^/?#:@]+)(?::\d+)?(?P<path>[^?#]*)\??(?P<query>[^#]*)",
    re.IGNORECASE,
)
_TARGET = re.compile(r"https?://[!-~]+")

# host → (how the path begins, the parameters that may hold the target)
_WRAPPERS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "google": ("/url", ("url", "q")),  # of any country, see _key
    "news.google.com": ("/news/url", ("url",)),
    "bing.com": ("/news/apiclick.aspx", ("url",)),
    "duckduckgo.com": ("/l/", ("uddg",)),
    "facebook.com": ("/l.php", ("u",)),
    "l.facebook.com": ("/", ("u",)),
    "lm.facebook.com": ("/", ("u",)),
    "l.messenger.com": ("/", ("u",)),
    "l.instagram.com": ("/", ("u",)),
    "l.threads.com": ("/", ("u",)),
    "out.reddit.com": ("/", ("url",)),
    "safelinks.protection.outlook.com": ("/", ("url",)),
    "youtube.com": ("/redirect", ("q",)),
    "t.umblr.com": ("/redirect", ("z",)),
    "linkedin.com": ("/redir/", ("url",)),
    "vk.com": ("/away.php", ("to",)),
    "away.vk.com": ("/away.php", ("to",)),
    "slack-redir.net": ("/link", ("url",)),
    "steamcommunity.com": ("/linkfilter", ("u", "url")),
    "medium.com": ("/r/", ("url",)),
    "getpocket.com": ("/redirect", ("url",)),
    "exit.sc": ("/", ("url",)),
    "weibo.cn": ("/sinaurl", ("u", "toasturl")),
    "link.zhihu.com": ("/", ("target",)),
    "link.juejin.cn": ("/", ("target",)),
    "link.csdn.net": ("/", ("target",)),
    "gitee.com": ("/link", ("target",)),
    "jianshu.com": ("/go-wild", ("url",)),
    "douban.com": ("/link2/", ("url",)),
    "c.pc.qq.com": ("/", ("pfurl", "url")),
}
# host → what stands before the target in its path
_IN_PATH: Mapping[str, re.Pattern[str]] = {
    "google": re.compile(r"/amp/(?P<tls>s/)?"),
    "cdn.ampproject.org": re.compile(r"/(?:[acv]|wp)/(?P<tls>s/)?"),
    "go.theregister.com": re.compile(r"/feed/(?P<tls>)"),
    "r.search.yahoo.com": re.compile(r"/.*/RU="),
}
_BELOW = ("safelinks.protection.outlook.com", "cdn.ampproject.org", "feedsportal.com")
_GOOGLE = re.compile(r"google\.(?:com?\.)?[a-z]{2,3}")
_HOSTS = """
    t.co bit.ly bitly.com j.mp goo.gl tinyurl.com ow.ly buff.ly is.gd v.gd dlvr.it ift.tt lnkd.in
    trib.al fb.me wp.me rb.gy cutt.ly tiny.cc shorturl.at t.ly zpr.io spr.ly hubs.ly hubs.la flip.it
    snip.ly sco.lt pulse.ly soo.nr redd.it aka.ms amzn.to nyti.ms reut.rs bbc.in cnn.it wapo.st
    on.ft.com econ.st bloom.bg on.wsj.com gu.com politi.co nbcnews.to abcn.ws cbsn.ws apne.ws
    n.pr tcrn.ch read.bi for.tn bzfd.it huff.to nym.ag t.cn url.cn dwz.cn suo.im
    feedproxy.google.com feedsportal.com
"""
_REDIRECTORS = frozenset(_HOSTS.split())
# FeedBurner and FeedBlitz, under names of their own or the publisher's.
_REDIRECTING_PATH = re.compile(r"/~r/.|/~/(?:t/)?\d")
_FEEDS = re.compile(r"(?:feeds?|rss)\d*\.|feedblitz\.com|.*\.feedburner\.com")
_OPAQUE = re.compile(r"/(?:rss/)?(?:articles|read)/(?P<id>[\w-]+)")
_HOST = re.compile(r"https?://(?:www\.)?([^/?#:@]+)", re.IGNORECASE)
_LEADING = frozenset(("href.li", "news.google.com", *_WRAPPERS, *_IN_PATH, *_REDIRECTORS))


def unwrapped(address: str) -> str:
    """Return the address that the wrapper *address* holds, "" where it is no wrapper."""
    if len(address) > _SHORT:
        return _inside(address)
    return _known_inside(address) if _may_lead_on(address) else ""


def _inside(address: str) -> str:
    found = ""
    for _ in range(_NESTED):
        inner = _unwrapped(found or address)
        if not inner:
            break
        found = inner
    return found


_SHORT = 500  # characters: what is longer is not kept in mind
_known_inside = lru_cache(maxsize=256)(_inside)  # each is asked for several times


def is_redirector(address: str) -> bool:
    """Say whether *address* is one of a host that answers with where it leads."""
    place = _PLACE.match(address)
    if place is None:
        return False
    host = place["host"].lower()
    if _key(host) in _REDIRECTORS:
        return len(place["path"]) > 1 or bool(place["query"])
    return bool(_REDIRECTING_PATH.match(place["path"]) and _FEEDS.match(host))


def leads_elsewhere(address: str) -> bool:
    """Say whether *address* is a wrapper, a redirector, or one that cannot be followed at all."""
    if len(address) > _SHORT:
        return _is_detour(address)
    return _may_lead_on(address) and _known_detour(address)


def _is_detour(address: str) -> bool:
    place = _PLACE.match(address)
    if place is None:
        return False
    opaque = place["host"].lower() == "news.google.com" and _OPAQUE.match(place["path"])
    return bool(opaque) or is_redirector(address) or bool(unwrapped(address))


_known_detour = lru_cache(maxsize=256)(_is_detour)


@lru_cache(maxsize=256)
def _may_lead_on(address: str) -> bool:
    host = _HOST.match(address)
    return host is not None and _is_leading(host[1].lower())


@lru_cache(maxsize=1024)
def _is_leading(host: str) -> bool:
    """Say whether any address of *host* leads elsewhere; few hosts have one."""
    return _key(host) in _LEADING or _FEEDS.match(host) is not None


def _unwrapped(address: str) -> str:
    place = _PLACE.match(address)
    if place is None:
        return ""
    host, path, query = _key(place["host"].lower()), place["path"], place["query"]
    if host == "href.li":
        return absolute(unquote(query) if "://" not in query else query)
    if host in _IN_PATH and (before := _IN_PATH[host].match(path)):
        return _in_path(path[before.end() :] + (f"?{query}" if query else ""), before)
    if host in _WRAPPERS and path.startswith(_WRAPPERS[host][0]):
        values = dict(parse_qsl(query))
        held = (values[name] for name in _WRAPPERS[host][1] if name in values)
        return next(filter(None, map(absolute, held)), "")
    return _encoded_in_path(path) if host == "news.google.com" else ""


def _in_path(rest: str, before: re.Match[str]) -> str:
    """Return the target that *rest* of a path is: percent-encoded, or bare behind its host."""
    if "tls" not in before.groupdict():
        return absolute(unquote(rest.partition("/RK=")[0]))
    return absolute(f"{'http' if before['tls'] is None else 'https'}://{rest}")


def _encoded_in_path(path: str) -> str:
    """Return the address that an older id of Google News holds; newer ones hold none."""
    opaque = _OPAQUE.match(path)
    if opaque is None:
        return ""
    try:
        said = urlsafe_b64decode(opaque["id"] + "==").decode("latin-1")
    except NotBase64:
        return ""
    target = _TARGET.search(said)
    return absolute(target[0]) if target else ""


def _key(host: str) -> str:
    """Return the name by which a host's kind is looked up."""
    if _GOOGLE.fullmatch(host):
        return "google"
    return next((name for name in _BELOW if host.endswith(f".{name}")), host)
