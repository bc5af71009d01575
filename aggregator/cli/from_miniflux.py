"""import miniflux: its OPML, or what its API says of its feeds (/v1/feeds)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aggregator.cli import foreign_rules
from aggregator.cli.composition import Invocation, fetcher
from aggregator.cli.foreign_rules import Translated
from aggregator.cli.from_opml import bad_of
from aggregator.cli.moving_in import LINE, MAX_SIZE, Arrival, Load, Remark, Wish, bring_in, bytes_of
from aggregator.cli.speech import say
from aggregator.config.resolve import secret
from aggregator.config.settings import Settings
from aggregator.errors import ParseError
from aggregator.fetch.exchange import Fetched, Request
from aggregator.parse import opml
from aggregator.record import record

_API = "/v1/feeds"
_LOST = {
    "rewriterules": "rewrite_rules",
    "urlrewriterules": "urlrewrite_rules",
    "cookie": "cookie",
    "username": "username",
}


@record(frozen=True, slots=True)
class Miniflux:
    """Where its list is: a file, or its own address, with the API token (`env:…`, `file:…`)."""

    place: str
    token: str = ""


def import_miniflux(invocation: Invocation, miniflux: Miniflux, wish: Wish) -> int:
    """Add miniflux' feeds to the configuration; return the exit status."""
    return bring_in(invocation, wish, lambda settings: load_of(_body(miniflux, settings)))


def _body(miniflux: Miniflux, settings: Settings) -> bytes:
    if "://" not in miniflux.place:
        return bytes_of(Path(miniflux.place))
    try:
        headers = {"X-Auth-Token": secret(miniflux.token, Path())} if miniflux.token else {}
    except ValueError as error:
        raise ParseError(f"needs its token: {error}", code="E112") from error
    parts = urlsplit(miniflux.place)
    path = parts.path.rstrip("/")
    url = parts._replace(path=path if "/v1/" in path else path + _API, query="").geturl()
    own = (parts.hostname or "",)  # who names a host of his own network means it
    with fetcher(settings) as network:
        answer = network.get(Request(url, headers=headers, max_size=MAX_SIZE, allow_private=own))
    return answer.body if isinstance(answer, Fetched) else b""


def load_of(body: bytes) -> Load:
    """Return what miniflux' list brings; raises ParseError where it is none."""
    if not body.lstrip().startswith((b"[", b"{")):
        listed = opml.read(body)
        feeds = [_arrival(Arrival(f.line, f.url, f.title, f.page, f.folders), f.own)
                 for f in listed.feeds]  # fmt: skip
        return _without_disabled(feeds, bad_of(listed), LINE)
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"is no JSON: {error}", code="E320") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ParseError("is no list of feeds; miniflux has one at /v1/feeds, and its OPML at"
                         " /v1/export", code="E320")  # fmt: skip
    return _without_disabled(
        [_from_row(n, row) for n, row in enumerate(rows, 1)], [], "feed {line}:"
    )


def _from_row(number: int, row: Mapping[str, Any]) -> tuple[Arrival, bool]:
    own = {name.replace("_", ""): _text(value) for name, value in row.items()}
    category = row.get("category")
    folder = _text(category.get("title")) if isinstance(category, dict) else ""
    return _arrival(
        Arrival(
            number, own.get("feedurl", ""), own.get("title", ""), own.get("siteurl", ""),
            (folder,) if folder else (),
        ),
        own,
    )  # fmt: skip


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return value if isinstance(value, str) else ""


def _arrival(one: Arrival, own: Mapping[str, str]) -> tuple[Arrival, bool]:
    """Return the feed with what miniflux does with it, and whether it is switched off there."""
    found = Translated()
    if own.get("crawler", "") == "true":
        foreign_rules.full_text(found, "crawler", own.get("scraperrules", ""))
    for name, translate in (
        ("blocklistrules", foreign_rules.blocked),
        ("keeplistrules", foreign_rules.kept),
        ("blockfilterentryrules", foreign_rules.block_filters),
        ("keepfilterentryrules", foreign_rules.keep_filters),
    ):
        if own.get(name):
            translate(found, own[name])
    for name, shown in _LOST.items():
        if own.get(name):
            found.lose(shown, say("write what you need of it into the [[source]] yourself"))
    arrived = Arrival(
        one.line, one.url, one.title, one.page, one.folders, found.all_keys(), tuple(found.lost)
    )
    return arrived, own.get("disabled", "") == "true"


def _without_disabled(feeds: list[tuple[Arrival, bool]], bad: list[Remark], where: str) -> Load:
    off = [
        Remark(one.line, one.title, say("is disabled there and left out"), where)
        for one, disabled in feeds
        if disabled
    ]
    return Load([one for one, disabled in feeds if not disabled], [*bad, *off], where)
