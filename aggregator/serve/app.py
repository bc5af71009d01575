"""What the web server answers: the published documents, at their addresses and at guessed ones.

request ─► find (memory) ─► bytes by their hash ─► conditions ─► 200 | 304 | 226: what is new
              ├► taken down ─► 410, with the page about it
              ├► a folder without its slash, a guessed feed address ─► 301
              └► nothing ─► 404, with the published 404.html
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import cast

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.coding.encoding import compressible
from aggregator.edition import is_feed
from aggregator.errors import AggregatorError
from aggregator.model import GONE
from aggregator.serve import headers, negotiation, push
from aggregator.serve.aliases import elsewhere
from aggregator.serve.bodies import Bodies
from aggregator.serve.library import Library, Published
from aggregator.websub import Switchboard

log = logging.getLogger(__name__)

MAX_AGE = timedelta(minutes=5)  # what readers are told where the operator says nothing
MEMORY = 64_000_000  # bytes of documents that are kept
_MISSING_MAX_AGE = timedelta(minutes=1)
_RETRY_AFTER = "60"  # seconds
_PLAIN = "text/plain; charset=utf-8"
WELL_KNOWN, OPML, NOT_FOUND = ".well-known/feeds", "feeds.opml", "404.html"
_METHODS = ["GET", "HEAD", "OPTIONS"]


def create_app(
    library: Library,
    directory: Path,
    *,
    max_age: timedelta = MAX_AGE,
    moved: Mapping[str, str] = MappingProxyType({}),
    memory: int = MEMORY,
    switchboard: Switchboard | None = None,
) -> ASGIApp:
    """Return the application that serves what *library* names out of the folder *directory*.

    Only documents that the library finds are ever read. *max_age* is how long readers may keep one
    without asking, *moved* old folder → new folder; at most *memory* bytes of documents are held.
    *switchboard* takes what comes in by WebSub; None where nobody would work on it.
    """
    endpoints = _Endpoints(library, Bodies(directory, memory), max_age, moved)
    app = Starlette(
        routes=[
            Route("/healthz", endpoints.health, methods=_METHODS),
            *(push.routes(switchboard) if switchboard else ()),
            Route("/{path:path}", endpoints.answer, methods=_METHODS),
        ],
        exception_handlers={
            HTTPException: _refuse,
            AggregatorError: _come_again,
            OSError: _come_again,
            Exception: _fail,
        },
    )
    return _Logged(app)


class _Endpoints:
    """Where requests are answered; it knows no request but the one at hand."""

    def __init__(
        self, library: Library, bodies: Bodies, max_age: timedelta, moved: Mapping[str, str]
    ) -> None:
        self._library = library
        self._bodies = bodies
        self._max_age = max_age
        self._moved = moved

    async def health(self, request: Request) -> Response:
        _without_body(request)
        if request.method == "OPTIONS":
            return _options()
        health = await run_in_threadpool(self._library.health)
        status = HTTPStatus.OK if health.ok else HTTPStatus.SERVICE_UNAVAILABLE
        return _Health({"ok": health.ok, **health.facts}, status)

    async def answer(self, request: Request) -> Response:
        _without_body(request)
        if request.method == "OPTIONS":
            return _options()
        path = request.path_params["path"]
        if published := self._find(path):
            return await self._document(request, published)
        if gone := self._library.find(f"{GONE}/{path}"):
            return await self._page(gone, HTTPStatus.GONE)
        if address := elsewhere(path, self._library.find, self._moved):
            return _moved(address, headers.caching(self._max_age))
        return await self._missing()

    def _find(self, path: str) -> Published | None:
        if path.startswith(f"{GONE}/"):
            return None
        if path == "" or path.endswith("/"):
            path += "index.html"
        found = self._library.find(path)
        return self._library.find(OPML) if found is None and path == WELL_KNOWN else found

    async def _document(self, request: Request, published: Published) -> Response:
        coding = ""
        if compressible(published.path):
            coding = negotiation.coding(negotiation.joined(request.headers, "accept-encoding"))
        body = await self._bodies.get(published, coding)
        shared = headers.validators(published, body, coding, self._max_age)
        if negotiation.unchanged(request.headers, shared["ETag"], published.changed_at):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=shared)
        described = shared | {"Content-Type": headers.content_type(published.path)}
        if coding:
            described["Content-Encoding"] = coding
        news = await self._news(request, published, coding)
        if news is None:
            return Response(body.data, headers=described)
        described |= headers.news(news[0], self._max_age)
        return Response(news[1], HTTPStatus.IM_USED, headers=described)

    async def _news(
        self, request: Request, published: Published, coding: str
    ) -> tuple[str, bytes] | None:
        """Return the feed without what the reader has, and the entity tag of what that is.

        None where the reader did not ask for that, or has nothing of it.
        """
        if request.method != "GET" or not is_feed(published.path):
            return None
        if not negotiation.wants_news(request.headers):
            return None
        tags = negotiation.entity_tags(negotiation.joined(request.headers, "if-none-match"))
        hashes = {tag.partition("-")[0]: tag for tag in tags}  # without the mark of its encoding
        held = self._library.held(published.path, list(hashes)) if hashes else None
        body = held and await self._bodies.newer(published, held, coding)
        return (hashes[held.sha256], body.data) if held and body else None

    async def _missing(self) -> Response:
        """Return the published page about missing ones, which knows where old articles went."""
        page = self._library.find(NOT_FOUND)
        if page is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return await self._page(page, HTTPStatus.NOT_FOUND)

    async def _page(self, page: Published, status: HTTPStatus) -> Response:
        """Return the page that says why there is no document."""
        body = await self._bodies.get(page, "")
        kind = headers.content_type(page.path)
        described = headers.safety(kind) | {
            "Content-Type": kind,
            "Cache-Control": headers.caching(_MISSING_MAX_AGE),
        }
        return Response(body.data, status, headers=described)


class _Health(Response):
    """A JSON answer that nobody keeps; what JSON does not know is written as text."""

    def __init__(self, facts: dict[str, object], status: int) -> None:
        described = headers.safety("application/json") | {
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
        }
        body = json.dumps(facts, default=str, ensure_ascii=False) + "\n"
        super().__init__(body, status, headers=described)


def _without_body(request: Request) -> None:
    length = request.headers.get("content-length", "0")
    if length != "0" or "transfer-encoding" in request.headers:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _options() -> Response:
    described = headers.safety(_PLAIN) | {"Allow": ", ".join(_METHODS)}
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=described)


def _moved(address: str, cache: str) -> Response:
    described = headers.safety(_PLAIN) | {"Location": address, "Cache-Control": cache}
    return Response(status_code=HTTPStatus.MOVED_PERMANENTLY, headers=described)


async def _refuse(request: Request, error: Exception) -> Response:
    refusal = cast("HTTPException", error)  # it is registered for no other
    return _plain(refusal.status_code, refusal.headers or {})


async def _come_again(request: Request, error: Exception) -> Response:
    """Answer for a store or a disk that fails: a reader that is told so does not give a feed up."""
    log.warning("cannot serve path=%a error=%a", request.scope["path"][:200], str(error))
    return _plain(HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": _RETRY_AFTER})


async def _fail(request: Request, error: Exception) -> Response:
    return _plain(HTTPStatus.INTERNAL_SERVER_ERROR, {})


def _plain(status: int, more: Mapping[str, str]) -> Response:
    """Return a refusal; the connection ends, since a body that was not read may stand in it."""
    described = {**more, **headers.safety(_PLAIN), "Cache-Control": "no-store"}
    described["Connection"] = "close"
    text = f"{status} {HTTPStatus(status).phrase}\n"
    return PlainTextResponse(text, status, headers=described)


class _Logged:
    """Writes one DEBUG line for each request, with nothing in it that a terminal would obey."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not log.isEnabledFor(logging.DEBUG):
            await self._app(scope, receive, send)
            return
        status = 0
        started = time.monotonic()

        async def noting(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            _log_request(scope, status, time.monotonic() - started)


def _log_request(scope: Scope, status: int, seconds: float) -> None:
    """Log the request without its query, which may hold a token.

    `%a` escapes all that is not printable ASCII.
    """
    log.debug(
        "answered client=%s method=%s path=%a status=%d ms=%.1f",
        scope["client"][0] if scope["client"] else "-",
        scope["method"],
        scope["path"][:200],
        status,
        seconds * 1000,
    )
