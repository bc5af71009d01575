"""The pages that are made when they are asked for: search, and how the sources are doing.

    GET /search?q=…&page=…   what was found, in pages
    GET /status              how the sources are doing
    GET /status/SOURCE       one of them in depth
    GET /status.json         the same for programs (?source=…)
    GET /status/incidents.atom

Few are made at a time: they cost the store more than a document does, and documents come first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.errors import Problem
from aggregator.health.incident import Incident
from aggregator.health.rate import Rate
from aggregator.health.sight import Sight
from aggregator.model import Attempt, Document
from aggregator.publish.incidents_feed import incidents_feed
from aggregator.publish.press import Press
from aggregator.publish.search_page import COUNTED, ON_A_PAGE, Found, search_page
from aggregator.publish.standing import (
    Standing,
    all_facts,
    attempt_facts,
    facts,
    incident_facts,
    public,
    standings,
)
from aggregator.publish.status_page import source_page, status_page
from aggregator.record import record
from aggregator.serve import headers, plain
from aggregator.store.watcher import Watcher

T = TypeVar("T")

_AT_ONCE = 2
_LONGEST_QUERY = 200  # characters; more are cut off
_LAST_PAGE = COUNTED // ON_A_PAGE
_HTML = "text/html; charset=utf-8"
_ATOM = "application/atom+xml; charset=utf-8"
_INCIDENTS = 100  # in the feed
_CASES = 20  # of one source


@dataclass(frozen=True)
class Desk:
    """What live pages are made of; `press` is how everything is rendered now.

    `expected` is how much the operator expects of some sources, by id; `problems` are those of a
    configuration that is not in force, since it has them.
    """

    press: Callable[[], Press]
    store: Watcher
    expected: Mapping[str, Rate] = field(default_factory=dict)
    problems: Callable[[], Sequence[Problem]] = lambda: ()
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def routes(desk: Desk) -> list[Route]:
    """Return the routes of the live pages."""
    pages = _Pages(desk)
    return [
        Route("/search", pages.search, methods=plain.METHODS),
        Route("/status", pages.status, methods=plain.METHODS),
        Route("/status.json", pages.status_json, methods=plain.METHODS),
        Route("/status/incidents.atom", pages.incidents, methods=plain.METHODS),
        Route("/status/{source}", pages.source, methods=plain.METHODS),
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
        everything = "all" in request.query_params
        return _page(await self._run(lambda: self._status(everything=everything)))

    async def source(self, request: Request) -> Response:
        """Answer how one source is doing; 404 where there is none of that id."""
        plain.refuse_body(request)
        if request.method == "OPTIONS":
            return plain.options()
        return _page(await self._run(lambda: self._source(request.path_params["source"])))

    async def incidents(self, request: Request) -> Response:
        """Answer with the feed of incidents."""
        plain.refuse_body(request)
        if request.method == "OPTIONS":
            return plain.options()
        return _page(await self._run(self._incidents), _ATOM)

    async def status_json(self, request: Request) -> Response:
        """Answer the same for programs."""
        plain.refuse_body(request)
        if request.method == "OPTIONS":
            return plain.options()
        source = request.query_params.get("source")
        make = self._facts if source is None else lambda: self._facts_of(source)
        return plain.Facts(await self._run(make), HTTPStatus.OK)

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

    def _status(self, *, everything: bool) -> Document:
        look = self._look()
        room = look.sight.room
        problems = self._desk.problems()
        return status_page(
            look.press, look.found, look.now, room, everything=everything, problems=problems
        )

    def _source(self, id_: str) -> Document:
        look = self._look()
        standing, attempts, incidents = self._of(look, id_)
        return source_page(look.press, standing, attempts, incidents, look.now)

    def _incidents(self) -> Document:
        look = self._look()
        known = {standing.state.id: standing for standing in look.found}
        return incidents_feed(look.press, self._desk.store.incidents(_INCIDENTS), known)

    def _facts(self) -> dict[str, object]:
        look = self._look()
        problems = [
            {"line": one.line, "column": one.column, "code": one.code}
            for one in self._desk.problems()
        ]
        return all_facts(look.found, look.sight.room, look.now) | {"config_problems": problems}

    def _facts_of(self, id_: str) -> dict[str, object]:
        look = self._look()
        standing, attempts, incidents = self._of(look, id_)
        return {
            **facts(standing, look.now),
            "attempts": [attempt_facts(attempt) for attempt in attempts],
            "incidents": [incident_facts(incident) for incident in incidents],
        }

    def _of(self, look: _Look, id_: str) -> tuple[Standing, list[Attempt], list[Incident]]:
        """Return how one source is doing, told so that anybody may read it."""
        standing = next((one for one in look.found if one.state.id == id_), None)
        if standing is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        supplier, store = standing.supplier, self._desk.store
        attempts = [
            replace(attempt, error=public(attempt.error, supplier))
            for attempt in store.attempts(id_)
        ]
        incidents = [
            replace(incident, why=public(incident.why, supplier))
            for incident in store.incidents(_CASES, id_)
        ]
        return standing, attempts, incidents

    def _look(self) -> _Look:
        press, now = self._desk.press(), self._desk.clock()
        today = press.local(now).date()
        sight = self._desk.store.sight(now, today)
        found = standings(press.imprint.suppliers, sight, today, self._desk.expected)
        return _Look(press, now, sight, found)


@record(frozen=True, slots=True)
class _Look:
    """What is seen at one moment."""

    press: Press
    now: datetime
    sight: Sight
    found: list[Standing]


def _words(query: str) -> str:
    printable = "".join(one if one.isprintable() else " " for one in query)
    return " ".join(printable.split())[:_LONGEST_QUERY]


def _page_number(text: str) -> int:
    return min(int(text), _LAST_PAGE) if text.isdecimal() and text.isascii() and int(text) else 1


def _page(document: Document, media_type: str = _HTML) -> Response:
    described = headers.safety(media_type)
    described |= {"Content-Type": media_type, "Cache-Control": "no-store"}
    return Response(document.body, headers=described)
