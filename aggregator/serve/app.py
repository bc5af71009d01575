"""The application that the web server runs: which address is answered by whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from aggregator.errors import AggregatorError
from aggregator.publish import manifest
from aggregator.serve import metrics, pages, plain, push
from aggregator.serve.access_log import AccessLog
from aggregator.serve.bodies import Bodies
from aggregator.serve.documents import Documents
from aggregator.serve.library import Library
from aggregator.serve.metrics import Metrics
from aggregator.serve.pages import Desk
from aggregator.serve.plain import METHODS
from aggregator.websub import Switchboard

MAX_AGE = timedelta(minutes=5)  # what readers are told where the operator says nothing
MEMORY = 64_000_000  # bytes of documents that are kept


class Watch(NamedTuple):
    """Who counts what the server does, and the networks whose clients may read it."""

    metrics: Metrics
    networks: tuple[str, ...]


def create_app(
    library: Library,
    directory: Path,
    *,
    max_age: timedelta = MAX_AGE,
    moved: Mapping[str, str] = MappingProxyType({}),
    memory: int = MEMORY,
    switchboard: Switchboard | None = None,
    watch: Watch | None = None,
    desk: Desk | None = None,
) -> ASGIApp:
    """Return the application that serves what *library* names out of the folder *directory*.

    Only documents that the library finds are ever read. *max_age* is how long readers may keep one
    without asking, *moved* old folder → new folder; at most *memory* bytes of documents are held.
    *switchboard* takes what comes in by WebSub; None where nobody would work on it. *watch* is who
    counts requests and who may read the counts; None where nobody does. *desk* makes pages when
    they are asked for; None is a site without them.
    """
    documents = Documents(library, Bodies(directory, memory), max_age, moved)
    app = Starlette(
        routes=[
            Route("/healthz", _health(library), methods=METHODS),
            Route("/readyz", _readiness(library, directory), methods=METHODS),
            *((metrics.route(watch.metrics, watch.networks),) if watch else ()),
            *(push.routes(switchboard) if switchboard else ()),
            *(pages.routes(desk) if desk else ()),
            Route("/{path:path}", documents.answer, methods=METHODS),
        ],
        exception_handlers={
            HTTPException: plain.refuse,
            AggregatorError: plain.come_again,
            OSError: plain.come_again,
            Exception: plain.fail,
        },
    )
    return AccessLog(metrics.Counting(app, watch.metrics) if watch else app)


def _health(library: Library) -> Callable[[Request], Awaitable[Response]]:
    async def health(request: Request) -> Response:
        plain.refuse_body(request)
        if request.method == "OPTIONS":
            return plain.options()
        health = await run_in_threadpool(library.health)
        status = HTTPStatus.OK if health.ok else HTTPStatus.SERVICE_UNAVAILABLE
        return plain.Facts({"ok": health.ok, **health.facts}, status)

    return health


def _readiness(library: Library, directory: Path) -> Callable[[Request], Awaitable[Response]]:
    """Say whether readers can be served: something is out, and where it stands is known.

    Health is another question: what is published is served also while the store fails.
    """

    async def readiness(request: Request) -> Response:
        plain.refuse_body(request)
        if request.method == "OPTIONS":
            return plain.options()
        library.find(manifest.PATH)  # where nothing can be found, this raises
        ready = (directory / manifest.PATH).is_file()
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        return plain.Facts({"ready": ready}, status)

    return readiness
