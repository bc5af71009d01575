"""import freshrss: its OPML, with what it does with each feed (the namespace freshrss.org/opml)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aggregator.cli import foreign_rules
from aggregator.cli.composition import Invocation
from aggregator.cli.foreign_rules import Translated
from aggregator.cli.from_opml import bad_of
from aggregator.cli.moving_in import Arrival, Load, Remark, Wish, bring_in, bytes_of
from aggregator.cli.speech import say
from aggregator.cli.xpath import to_css
from aggregator.parse import opml
from aggregator.parse.opml import Subscription

_WHERE = "line {line}: outline"
# Our field = what FreshRSS calls it, behind `xPathItem` or `jsonItem`.
_FIELDS = {
    "id": "uid",
    "title": "title",
    "link": "uri",
    "content": "content",
    "author": "author",
    "published": "timestamp",
    "image": "thumbnail",
    "categories": "categories",
}
_LOST = {
    "csscontentfilter": "cssContentFilter",
    "cssfullcontentconditions": "cssFullContentConditions",
    "xpathitemtimeformat": "xPathItemTimeFormat",
    "jsonitemtimeformat": "jsonItemTimeFormat",
    "curlopt_cookie": "CURLOPT_COOKIE",
    "curlopt_httpheader": "CURLOPT_HTTPHEADER",
    "curlopt_postfields": "CURLOPT_POSTFIELDS",
    "curlopt_proxy": "CURLOPT_PROXY",
}


def import_freshrss(invocation: Invocation, file: Path, wish: Wish) -> int:
    """Add FreshRSS' feeds to the configuration; return the exit status."""
    return bring_in(invocation, wish, lambda _: load_of(bytes_of(file)))


def load_of(body: bytes) -> Load:
    """Return what FreshRSS' OPML brings; raises ParseError where it is none."""
    listed = opml.read(body)
    read = [_read(feed) for feed in listed.feeds]
    bad = [one for one in read if isinstance(one, Remark)]
    arrivals = [one for one in read if isinstance(one, Arrival)]
    return Load(arrivals, [*bad_of(listed), *bad], _WHERE)


def _read(feed: Subscription) -> Arrival | Remark:
    """Return the feed with what FreshRSS does with it, or why it is left out."""
    own = feed.own
    if own.get("priority") == "hidden" or own.get("ttl", "").startswith("-"):
        return Remark(feed.line, feed.title, say("is hidden or muted there and left out"), _WHERE)
    found = Translated()
    kind = own.get("type", "").lower()
    if kind == "html+xpath":
        _from_page(found, own)
    elif kind == "json+dotnotation":
        _from_json(found, own)
    elif kind in ("xml+xpath", "html+xpath+json+dotnotation"):
        words = say("is of type {type}, which no kind reads", type=own["type"])
        return Remark(feed.line, feed.title, words, _WHERE)
    if "kind" in found.keys and not found.keys.get("items"):
        words = say("cannot be read here: {reason}", reason="; ".join(found.lost))
        return Remark(feed.line, feed.title, words, _WHERE)
    _common(found, own)
    return Arrival(
        feed.line, feed.url, feed.title, feed.page, feed.folders,
        found.all_keys(), tuple(found.lost),
    )  # fmt: skip


def _common(found: Translated, own: Mapping[str, str]) -> None:
    if (every := own.get("ttl", "")).isdigit() and int(every) >= 60:
        found.keys["every"] = f"{int(every) // 60}m"
    if selector := own.get("cssfullcontent", ""):
        _whole_text(found, selector)
    foreign_rules.read_filters(found, own.get("filtersactionread", ""))
    for name, shown in _LOST.items():
        if own.get(name):
            found.lose(shown, say("write what you need of it into the [[source]] yourself"))


def _whole_text(found: Translated, selector: str) -> None:
    """Have the article's own page read: of a web page by the selector, of a feed by full_text."""
    if found.keys.get("kind") == "html" and "link" in found.keys["fields"]:
        found.keys["detail"] = "{+link}"
        found.keys["fields"]["content"] = f"detail.{selector}"
    else:
        foreign_rules.full_text(found, "cssFullContent", selector)


def _from_page(found: Translated, own: Mapping[str, str]) -> None:
    found.keys |= {"kind": "html", "items": "", "fields": {}}
    if items := to_css(own.get("xpathitem", "")):
        found.keys["items"] = items
    else:
        found.lose(f"xPathItem {own.get('xpathitem', '')!r}", say("CSS has no such selector"))
    for name, theirs in _FIELDS.items():
        expression = own.get(f"xpathitem{theirs}", "")
        if css := to_css(expression) if expression else "":
            found.keys["fields"][name] = css
        elif expression:
            found.lose(f"xPathItem{theirs.title()} {expression!r}", say("CSS has no such selector"))


def _from_json(found: Translated, own: Mapping[str, str]) -> None:
    """FreshRSS' dot notation is JMESPath."""
    fields = {
        name: path for name, theirs in _FIELDS.items() if (path := own.get(f"jsonitem{theirs}", ""))
    }
    found.keys |= {"kind": "json", "items": own.get("jsonitem", "") or "@", "fields": fields}
