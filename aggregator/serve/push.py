"""WebSub over HTTP: our hub, and the callbacks at which the hubs of sources tell us.

    POST /hub            somebody wants to be told (§5.1) ─► 202, and is asked back later
    GET  /hub/<token>    a hub asks back (§5.3)           ─► the challenge | 404
    POST /hub/<token>    a hub has news (§7)              ─► 202 | 410

What is decided is decided elsewhere: here requests are read within limits and handed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from aggregator import websub
from aggregator.serve import headers
from aggregator.websub import HUB_PATH, IntentError, Subscription, Switchboard

_MOST_FORM = 16_384  # bytes
_MOST_NEWS = 10_000_000  # bytes of a topic's content, of which nothing but the signature is used
_RETRY_AFTER = {"Retry-After": "60"}
_PLAIN = "text/plain; charset=utf-8"


class _Token(StringConvertor):
    """What no document below `hub/` is called."""

    regex = "[A-Za-z0-9_-]{32}"


register_url_convertor("token", _Token())


def routes(switchboard: Switchboard) -> list[Route]:
    """Return the routes of WebSub; what they do not know is for the documents."""
    endpoints = _Endpoints(switchboard)
    callback = f"/{HUB_PATH}/{{token:token}}"
    return [
        Route(f"/{HUB_PATH}", endpoints.subscribe, methods=["POST"]),
        Route(callback, endpoints.confirm, methods=["GET"]),
        Route(callback, endpoints.news, methods=["POST"]),
    ]


class _Endpoints:
    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    async def subscribe(self, request: Request) -> Response:
        """Take what somebody wants of our hub."""
        if not self._switchboard.has_hub():
            raise HTTPException(HTTPStatus.NOT_FOUND)
        form = _form((await _body(request, _MOST_FORM)).decode("utf-8", "replace"))
        try:
            intent = websub.read_intent(form)
        except IntentError as error:
            return _answer(HTTPStatus.BAD_REQUEST, f"{error}\n")
        if not await run_in_threadpool(self._switchboard.is_topic, intent.topic):
            return _answer(HTTPStatus.NOT_FOUND, "hub.topic is not a feed of this site\n")
        if not self._switchboard.asked(intent):
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, headers=_RETRY_AFTER)
        return _answer(HTTPStatus.ACCEPTED, "")

    async def confirm(self, request: Request) -> Response:
        """Answer a hub that asks whether we meant it, or says that it will not."""
        asked = websub.read_confirmation(_form(request.url.query))
        subscription = await self._subscription(request)
        # We end nothing ourselves: what is not wanted any more is answered 410 and left to lapse.
        if (
            subscription is None
            or asked.topic != subscription.topic
            or asked.mode not in ("subscribe", "denied")
        ):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        self._switchboard.confirmed(subscription, asked)
        return _answer(HTTPStatus.OK, asked.challenge)

    async def news(self, request: Request) -> Response:
        """Take it that a source has news; what a hub sends is never taken for content."""
        subscription = await self._subscription(request)
        if subscription is None:
            raise HTTPException(HTTPStatus.GONE)  # the hub ends what it still has (§7)
        if await _is_genuine(request, subscription):
            self._switchboard.pushed(subscription)
        # Whether the signature was right is nobody's business (§7.1.2).
        return _answer(HTTPStatus.ACCEPTED, "")

    async def _subscription(self, request: Request) -> Subscription | None:
        token = request.path_params["token"]
        return await run_in_threadpool(self._switchboard.subscription, token)


async def _is_genuine(request: Request, subscription: Subscription) -> bool:
    body = await _body(request, _MOST_NEWS)
    if not subscription.secret:
        return True
    signature = request.headers.get("x-hub-signature", "")
    return await run_in_threadpool(websub.is_signed, signature, subscription.secret, body)


async def _body(request: Request, most: int) -> bytes:
    """Return the request's body; refuse one that is larger than *most* bytes."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return body


def _form(text: str) -> Mapping[str, str]:
    try:
        return websub.read_form(text)
    except ValueError:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from None


def _answer(status: HTTPStatus, text: str) -> Response:
    described = headers.safety(_PLAIN) | {"Cache-Control": "no-store"}
    return PlainTextResponse(text, status, headers=described)
