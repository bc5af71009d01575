"""The connections themselves: guarded where they are made, known to the deadline, kept for reuse.

    Transport (requests' adapter) → urllib3's pools → GuardedConnection → connect()

A connection learns from the context variable EXCHANGE which request it works for: what may be
reached and how long it may take. TLS goes on checking the certificate against the name.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections import OrderedDict
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import DEFAULT_CA_BUNDLE_PATH, HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.util.ssl_ import create_urllib3_context

from aggregator.fetch.connect import Exchange, admit, connect

POOLS = 128  # hosts whose connections are kept open

EXCHANGE: ContextVar[Exchange] = ContextVar("EXCHANGE")


class _Answer(HTTPResponse):
    """An answer, past what may come before it: 102 Processing, 103 Early Hints (RFC 9110 §15.2)."""

    def begin(self) -> None:
        super().begin()  # http.client itself passes over 100 Continue alone
        while 101 < self.status < 200:
            self.headers = None  # type: ignore[assignment]  # else it takes them for read already
            super().begin()


class GuardedConnection(HTTPConnection):
    """A connection that goes only where the exchange may go and ends when its time is up."""

    response_class = _Answer
    _next = "gave no answer"  # what can take too long once connected
    _address = ""
    _served = False
    _certificate_until: datetime | None = None

    def _new_conn(self) -> socket.socket:
        exchange = EXCHANGE.get()
        try:
            self.sock, self._address = connect(self._dns_host, self.port, exchange)
        except OSError as error:  # as urllib3 wants it; a bare ECONNRESET it would pass over
            raise NewConnectionError(self, "no connection") from error
        self._served = False
        exchange.attach(self.sock, self._next)
        return self.sock

    def request(self, *args: Any, **kwargs: Any) -> None:
        exchange = EXCHANGE.get()
        exchange.reused = self._served and self.sock is not None
        if self.sock is not None:
            # It was perhaps opened for another request, which may have been allowed more.
            admit(self._dns_host, self.port, self._address, exchange)
            exchange.attach(self.sock, "gave no answer")
        super().request(*args, **kwargs)
        self._served = True
        exchange.certificate_until = self._certificate_until


class GuardedTLSConnection(GuardedConnection, HTTPSConnection):
    """The same under TLS."""

    _next = "did not complete the TLS handshake"

    def connect(self) -> None:
        super().connect()
        self._certificate_until = _end_of_certificate(self.sock)


class _Pool(HTTPConnectionPool):
    ConnectionCls = GuardedConnection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = GuardedTLSConnection


class _Unread(Response):
    """An answer of which nothing but its bytes is of use; requests' own makes a jar of cookies."""

    def __init__(self, raw: BaseHTTPResponse) -> None:
        self.raw = raw


class Transport(HTTPAdapter):
    """requests' adapter over guarded connections.

    It is used without a session, so there are no cookies, no redirects, no netrc, no proxies and
    nothing is taken from the environment. What the adapter does anew for each request is done once
    for each host: to find its pool by a dozen attributes takes as long as to talk to it.
    """

    def __init__(self, per_host: int, trust: ssl.SSLContext | None = None) -> None:
        super().__init__(pool_connections=1, pool_maxsize=per_host)
        self._per_host = per_host
        self._trust = trust
        self._pools: OrderedDict[str, HTTPConnectionPool] = OrderedDict()
        self._lock = threading.Lock()

    def ask(
        self, url: str, headers: dict[str, str], seconds: float, body: bytes | None = None
    ) -> BaseHTTPResponse:
        """Return the answer, unread, of the server at *url*, to which *body* goes by POST.

        Neither connecting nor waiting for the next byte may take more *seconds*.
        """
        prepared = PreparedRequest()
        prepared.method, prepared.url, prepared.body = "GET" if body is None else "POST", url, body
        # A plain dict: requests' own kind is copied from request to request at a high price.
        prepared.headers = headers  # type: ignore[assignment]
        return self.send(prepared, stream=True, timeout=seconds).raw

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> HTTPConnectionPool:
        """Return the connections to the request's host; those not used for longest are closed."""
        origin, _ = _parted(str(request.url))
        with self._lock:
            pool = self._pools.get(origin)
            if pool is None:
                pool = self._pools[origin] = self._new_pool(origin)
            else:
                self._pools.move_to_end(origin)
            oldest = self._pools.popitem(last=False)[1] if len(self._pools) > POOLS else None
        if oldest is not None:
            oldest.close()
        return pool

    def build_response(self, req: PreparedRequest, resp: BaseHTTPResponse) -> Response:
        """Return *resp* as it is in a response of requests: nobody looks at the rest of it."""
        return _Unread(resp)

    def request_url(self, request: PreparedRequest, proxies: Any) -> str:
        """Return what is asked of the host: there are no proxies."""
        return _parted(str(request.url))[1]

    def cert_verify(self, *args: Any) -> None:
        """Leave the pool as it is: its context knows whom to trust and always verifies."""

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            pools = list(self._pools.values())
            self._pools.clear()
        for pool in pools:
            pool.close()
        super().close()

    def _new_pool(self, origin: str) -> HTTPConnectionPool:
        """Every connection has the one TLS context: loading the authorities takes 18 ms."""
        parts = urlsplit(origin)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        if parts.scheme == "http":
            return _Pool(host, parts.port, maxsize=self._per_host)
        trust = self._trust or default_trust()
        return _TLSPool(
            host, parts.port, maxsize=self._per_host, ssl_context=trust, cert_reqs="CERT_REQUIRED"
        )


def _parted(url: str) -> tuple[str, str]:
    """Part the address of a target into the origin and what is asked of it."""
    path = url.index("/", len("https://"))  # there is one: `target` sees to it
    return url[:path], url[path:]


def _end_of_certificate(sock: socket.socket | None) -> datetime | None:
    """Return until when the certificate is good that the server has shown."""
    shown = sock.getpeercert() if isinstance(sock, ssl.SSLSocket) else None
    end = (shown or {}).get("notAfter")
    if not isinstance(end, str):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC)


@cache
def default_trust() -> ssl.SSLContext:
    """Trust the authorities of Mozilla's list and those of this machine (SSL_CERT_FILE counts)."""
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    context.load_default_certs()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context
