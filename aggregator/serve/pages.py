"""The pages that are made when they are asked for: search, and how the sources are doing.

    GET /search?q=…&page=…   what was found, in pages
    GET /status              how the sources are doing
    GET /status.json         the same for programs

Few are made at a time: they cost the store more than a document does, and documents come first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.model import Document, Tally
from aggregator.publish import Press
from aggregator.publish.search_page import COUNTED, ON_A_PAGE, Found, search_page
from aggregator.publish.standing import Standing, Week, all_facts, standings
from aggregator.publish.status_page import status_page
from aggregator.serve import headers, plain
from aggregator.store.tallies import DAYS, Tallies

T = TypeVar("T")

_AT_ONCE = 2
_LONGEST_QUERY = 200  # characters; more are cut off
_LAST_PAGE = COUNTED // ON_A_PAGE
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Desk:
    """What live pages are made of; `press` is how everything is rendered now."""

    press: Callable[[], Press]
    store: Tallies
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def routes(desk: Desk) -> list[Route]:
    """Return the routes of the live pages."""
    pages = _Pages(desk)
    return [
        Route("/search", pages.search, methods=plain.METHODS),
        Route("/status", pages.status, methods=plain.METHODS),
        Route("/status.json", pages.status_json, methods=plain.METHODS),
    ]


class _Pages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def search(self, request: Request) -> Response:
        """Answer what was looked for; without a query, the form."""
        plain.refuse_body(request)
        if request.method == "OPTIONS":
            return plain.options()
        query = _words(request.query_params.get("q", ""))
        number = _page_number(request.query_params.get("page", ""))
        return _page(await self._run(lambda: self._searched(query, number)))

    async def status(self, request: Request) -> Response:
        """Answer how the sources are doing."""
        plain.refuse_body(request)
        if request.method == "OPTIONS":
            return plain.options()
        return _page(await self._run(self._status))

    async def status_json(self, request: Request) -> Response:
        """Answer the same for programs."""
        plain.refuse_body(request)
        if request.method == "OPTIONS":
            return plain.options()
        return plain.Facts(await self._run(self._facts), HTTPStatus.OK)

    async def _run(self, make: Callable[[], T]) -> T:
        async with self._turns:
            return await run_in_threadpool(make)

    def _searched(self, query: str, number: int) -> Document:
        press, store = self._desk.press(), self._desk.store
        if not query:
            return search_page(press, None)
        count = store.search_count(query, COUNTED)
        articles = store.search(query, ON_A_PAGE, (number - 1) * ON_A_PAGE) if count else []
        return search_page(press, Found(query, articles, count, number))

    def _status(self) -> Document:
        press, now = self._desk.press(), self._desk.clock()
        return status_page(press, self._standings(press, now), now)

    def _facts(self) -> dict[str, object]:
        return all_facts(self._standings(self._desk.press(), self._desk.clock()))

    def _standings(self, press: Press, now: datetime) -> list[Standing]:
        store, today = self._desk.store, press.local(now).date()
        weeks = {source: _week(days, today) for source, days in store.week(today).items()}
        suppliers = press.imprint.suppliers
        return standings(suppliers, store.states(), store.article_counts(), weeks)


def _week(days: Mapping[date, Tally], today: date) -> Week:
    each = (today - timedelta(days=back) for back in reversed(range(DAYS)))
    return tuple((day, days.get(day, Tally())) for day in each)


def _words(query: str) -> str:
    printable = "".join(one if one.isprintable() else " " for one in query)
    return " ".join(printable.split())[:_LONGEST_QUERY]


def _page_number(text: str) -> int:
    return min(int(text), _LAST_PAGE) if text.isdecimal() and text.isascii() and int(text) else 1


def _page(document: Document) -> Response:
    described = headers.safety(_HTML) | {"Content-Type": _HTML, "Cache-Control": "no-store"}
    return Response(document.body, headers=described)
