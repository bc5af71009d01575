"""The connections themselves: guarded where they are made, known to the deadline, kept for reuse.

    Transport (requests' adapter) → urllib3's pools → GuardedConnection → connect()

A connection learns from the context variable EXCHANGE which request it works for: what may be
reached and how long it may take. TLS goes on checking the certificate against the name.
"""

from __future__ import annotations

import socket
import ssl
from contextvars import ContextVar
from functools import cache
from typing import Any

from requests import PreparedRequest
from requests.adapters import DEFAULT_CA_BUNDLE_PATH, HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.util.ssl_ import create_urllib3_context

from aggregator.fetch.connect import Exchange, admit, connect

POOLS = 32  # hosts whose connections are kept open

EXCHANGE: ContextVar[Exchange] = ContextVar("EXCHANGE")


class GuardedConnection(HTTPConnection):
    """A connection that goes only where the exchange may go and ends when its time is up."""

    _next = "gave no answer"  # what can take too long once connected
    _address = ""
    _served = False

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


class GuardedTLSConnection(GuardedConnection, HTTPSConnection):
    """The same under TLS."""

    _next = "did not complete the TLS handshake"


class _Pool(HTTPConnectionPool):
    ConnectionCls = GuardedConnection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = GuardedTLSConnection


class Transport(HTTPAdapter):
    """requests' adapter over guarded connections.

    It is used without a session, so there are no cookies, no redirects, no netrc, no proxies and
    nothing is taken from the environment.
    """

    def __init__(self, per_host: int, trust: ssl.SSLContext | None = None) -> None:
        super().__init__(pool_connections=POOLS, pool_maxsize=per_host)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}
        self._trust = trust

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        """Give every connection the one TLS context: loading the authorities takes 18 ms."""
        place, options = super().build_connection_pool_key_attributes(request, verify, cert)
        if place["scheme"] == "https":
            options["ssl_context"] = self._trust or default_trust()
        return place, options

    def cert_verify(self, *args: Any) -> None:
        """Leave the pool as it is: its context knows whom to trust and always verifies."""


@cache
def default_trust() -> ssl.SSLContext:
    """Trust the authorities of Mozilla's list and those of this machine (SSL_CERT_FILE counts)."""
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    context.load_default_certs()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context
