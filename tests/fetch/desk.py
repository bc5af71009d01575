"""A fetcher for tests: it may reach loopback, and every name under `.test` is this machine."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from aggregator.config.settings import Fetch
from aggregator.fetch import Fetcher
from aggregator.fetch.names import Resolver

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def names(host: str, port: int) -> Sequence[str]:
    if host.rstrip(".").endswith(".test"):
        return ["127.0.0.1"]
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@contextmanager
def fetching(
    *,
    timeout: float = 5,
    max_size: int = 1_000_000,
    per_host: int = 2,
    allow: tuple[str, ...] = ("127.0.0.0/8", "::1"),
    contact: str = "",
    resolve: Resolver = names,
    trust: ssl.SSLContext | None = None,
) -> Iterator[Fetcher]:
    """Give a fetcher whose clock says NOW."""
    settings = Fetch.model_construct(
        contact=contact,
        timeout=timedelta(seconds=timeout),
        max_size=max_size,
        per_host=per_host,
        allow_private=allow,
    )
    with Fetcher(
        settings, version="1.2.3", resolve=resolve, now=lambda: NOW, trust=trust
    ) as fetcher:
        yield fetcher
