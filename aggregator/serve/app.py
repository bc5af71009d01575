"""The application that the web server runs: which address is answered by whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from aggregator.errors import AggregatorError
from aggregator.serve import plain, push
from aggregator.serve.access_log import AccessLog
from aggregator.serve.bodies import Bodies
from aggregator.serve.documents import Documents
from aggregator.serve.library import Library
from aggregator.serve.plain import METHODS
from aggregator.websub import Switchboard

MAX_AGE = timedelta(minutes=5)  # what readers are told where the operator says nothing
MEMORY = 64_000_000  # bytes of documents that are kept


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
    documents = Documents(library, Bodies(directory, memory), max_age, moved)
    app = Starlette(
        routes=[
            Route("/healthz", _health(library), methods=METHODS),
            *(push.routes(switchboard) if switchboard else ()),
            Route("/{path:path}", documents.answer, methods=METHODS),
        ],
        exception_handlers={
            HTTPException: plain.refuse,
            AggregatorError: plain.come_again,
            OSError: plain.come_again,
            Exception: plain.fail,
        },
    )
    return AccessLog(app)


def _health(library: Library) -> Callable[[Request], Awaitable[Response]]:
    async def health(request: Request) -> Response:
        plain.refuse_body(request)
        if request.method == "OPTIONS":
            return plain.options()
        health = await run_in_threadpool(library.health)
        status = HTTPStatus.OK if health.ok else HTTPStatus.SERVICE_UNAVAILABLE
        return plain.Facts({"ok": health.ok, **health.facts}, status)

    return health
