"""The published documents, at their addresses and at guessed ones.

request ─► find (memory) ─► bytes by their hash ─► conditions ─► 200 | 304 | 226: what is new
              ├► a share link ─► what leads to its article
              ├► taken down ─► 410, with the page about it
              ├► a folder without its slash, a guessed feed address ─► 301
              └► nothing ─► 404, with the published 404.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aggregator import share
from aggregator.coding.encoding import compressible
from aggregator.edition import is_feed
from aggregator.model import GONE
from aggregator.serve import headers, negotiation, plain
from aggregator.serve.aliases import elsewhere
from aggregator.serve.bodies import Bodies
from aggregator.serve.library import Library, Published

_ELSEWHERE = (f"{GONE}/", f"{share.FOLDER}/")  # what stands there is answered at other addresses
WELL_KNOWN, OPML, NOT_FOUND = ".well-known/feeds", "feeds.opml", "404.html"
MISSING_MAX_AGE = timedelta(minutes=1)


class Documents:
    """Answers with what *library* names; it knows no request but the one at hand."""

    def __init__(
        self, library: Library, bodies: Bodies, max_age: timedelta, moved: Mapping[str, str]
    ) -> None:
        self._library = library
        self._bodies = bodies
        self._max_age = max_age
        self._moved = moved

    async def answer(self, request: Request) -> Response:
        """Answer a request for whatever path."""
        plain.refuse_body(request)
        if request.method == "OPTIONS":
            return plain.options()
        path = request.path_params["path"]
        if published := self._find(path) or self._shared(path, request.url.query):
            return await self._document(request, published)
        if gone := self._library.find(f"{GONE}/{path}"):
            return await self._page(gone, HTTPStatus.GONE)
        if address := elsewhere(path, self._library.find, self._moved):
            # It may have come out since it was looked for, and this redirect would outlive that.
            if published := self._find(path):
                return await self._document(request, published)
            return plain.moved(address, headers.caching(self._max_age))
        return await self._missing()

    def _find(self, path: str) -> Published | None:
        if path.startswith(_ELSEWHERE):
            return None
        if path == "" or path.endswith("/"):
            path += "index.html"
        found = self._library.find(path)
        return self._library.find(OPML) if found is None and path == WELL_KNOWN else found

    def _shared(self, path: str, query: str) -> Published | None:
        """Return the document that leads from a share link to its article."""
        found = map(self._library.find, share.places(path, query))
        return next(filter(None, found), None)

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
            "Cache-Control": headers.caching(MISSING_MAX_AGE),
        }
        return Response(body.data, status, headers=described)
