"""The connections themselves: guarded where they are made, known to the deadline, kept for reuse.

    Transport → urllib3's pools → GuardedConnection → connect()

A connection learns from the context variable EXCHANGE which request it works for: what may be
reached and how long it may take. TLS goes on checking the certificate against the name.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections import OrderedDict
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import certifi
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.util.ssl_ import create_urllib3_context

from aggregator.fetch.connect import Exchange, admit, connect

POOLS = 128  # hosts whose connections are kept open

EXCHANGE: ContextVar[Exchange] = ContextVar("EXCHANGE")


class GuardedConnection(HTTPConnection):
    """A connection that goes only where the exchange may go and ends when its time is up."""

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


class Transport:
    """Asks servers over guarded connections; safe in threads.

    There are no cookies, no redirects, no netrc, no proxies, and nothing is tried again.
    """

    def __init__(self, per_host: int, trust: ssl.SSLContext | None = None) -> None:
        self._per_host = per_host
        self._trust = trust
        self._pools: OrderedDict[tuple[str, str], HTTPConnectionPool] = OrderedDict()
        self._lock = threading.Lock()

    def ask(
        self, url: str, headers: Mapping[str, str], seconds: float, body: bytes | None = None
    ) -> BaseHTTPResponse:
        """Return the answer, unread, of the server at *url*, to which *body* goes by POST.

        Neither connecting nor waiting for the next byte may take more *seconds*.
        """
        scheme, place, path, query, _ = urlsplit(url)
        return self._pool(scheme, place).urlopen(
            "GET" if body is None else "POST",
            f"{path or '/'}{'?' if query else ''}{query}",
            body,
            headers,
            retries=False,
            redirect=False,
            assert_same_host=False,
            timeout=seconds,
            preload_content=False,
            decode_content=False,
        )

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            pools = list(self._pools.values())
            self._pools.clear()
        for pool in pools:
            pool.close()

    def _pool(self, scheme: str, place: str) -> HTTPConnectionPool:
        """Return the connections to a host; those not used for longest are closed."""
        with self._lock:
            pool = self._pools.get((scheme, place))
            if pool is None:
                pool = self._pools[scheme, place] = self._new_pool(scheme, place)
            else:
                self._pools.move_to_end((scheme, place))
            oldest = self._pools.popitem(last=False)[1] if len(self._pools) > POOLS else None
        if oldest is not None:
            oldest.close()
        return pool

    def _new_pool(self, scheme: str, place: str) -> HTTPConnectionPool:
        """Every connection has the one TLS context: loading the authorities takes 18 ms."""
        parts = urlsplit(f"{scheme}://{place}")
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        if scheme == "http":
            return _Pool(host, parts.port, maxsize=self._per_host)
        trust = self._trust or default_trust()
        return _TLSPool(
            host, parts.port, maxsize=self._per_host, ssl_context=trust, cert_reqs="CERT_REQUIRED"
        )


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
    context.load_verify_locations(certifi.where())
    return context
