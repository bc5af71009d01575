"""Answers that are no documents: facts, redirects, refusals."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from aggregator.serve import headers

log = logging.getLogger(__name__)

METHODS = ["GET", "HEAD", "OPTIONS"]
_RETRY_AFTER = "60"  # seconds
_PLAIN = "text/plain; charset=utf-8"


class Facts(Response):
    """A JSON answer that nobody keeps; what JSON does not know is written as text."""

    def __init__(self, facts: dict[str, object], status: int) -> None:
        described = headers.safety("application/json") | {
            "Content-Type": "application/json",
            "Cache-Control": "no-store",
        }
        body = json.dumps(facts, default=str, ensure_ascii=False) + "\n"
        super().__init__(body, status, headers=described)


def refuse_body(request: Request) -> None:
    """Raise HTTPException where a body comes with *request*: nobody would read it."""
    length = request.headers.get("content-length", "0")
    if length != "0" or "transfer-encoding" in request.headers:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def options() -> Response:
    """Return which methods there are (RFC 9110 §9.3.7)."""
    described = headers.safety(_PLAIN) | {"Allow": ", ".join(METHODS)}
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=described)


def moved(address: str, cache: str) -> Response:
    """Return that what was asked for stands at *address*, for good."""
    described = headers.safety(_PLAIN) | {"Location": address, "Cache-Control": cache}
    return Response(status_code=HTTPStatus.MOVED_PERMANENTLY, headers=described)


async def refuse(request: Request, error: Exception) -> Response:
    """Answer for what is not done, with its status."""
    refusal = cast("HTTPException", error)  # it is registered for no other
    return _plain(refusal.status_code, refusal.headers or {})


async def come_again(request: Request, error: Exception) -> Response:
    """Answer for a store or a disk that fails: a reader that is told so does not give a feed up."""
    log.warning("cannot serve path=%a error=%a", request.scope["path"][:200], str(error))
    return _plain(HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": _RETRY_AFTER})


async def fail(request: Request, error: Exception) -> Response:
    """Answer for a fault of our own."""
    return _plain(HTTPStatus.INTERNAL_SERVER_ERROR, {})


def _plain(status: int, more: Mapping[str, str]) -> Response:
    """Return a refusal; the connection ends, since a body that was not read may stand in it."""
    described = {**more, **headers.safety(_PLAIN), "Cache-Control": "no-store"}
    described["Connection"] = "close"
    text = f"{status} {HTTPStatus(status).phrase}\n"
    return PlainTextResponse(text, status, headers=described)
