"""One DEBUG line for each request."""

from __future__ import annotations

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)


class AccessLog:
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
