"""What Prometheus is told: how each source is, and what this process has done. Sole user of
prometheus_client.

Nothing is kept for it but counters: how sources are is read from the store when it asks.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, Summary
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.errors import StoreError
from aggregator.serve import headers, plain
from aggregator.store.reader import Reader

_PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-real-ip")


class Metrics:
    """Counts what the process does and renders it beside how the *sources* (ids) in *store* are.

    *faulty* says whether config.toml has faults, so that another one is in force. *process* is the
    id of the one whose memory, time and handles are told; None is this one.
    """

    def __init__(
        self,
        store: Path,
        sources: Collection[str],
        faulty: Callable[[], bool] = lambda: False,
        process: int | None = None,
    ) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_StoreCollector(store, frozenset(sources)))
        ProcessCollector(pid=lambda: process or "self", registry=self._registry)
        self._requests = Counter(
            "aggregator_http_requests", "Requests answered.", ["status"], registry=self._registry
        )
        self._publishing = Summary(
            "aggregator_publish_seconds", "How long publications took.", registry=self._registry
        )
        self._documents = Counter(
            "aggregator_documents", "Documents written or removed.", registry=self._registry
        )
        Gauge(
            "aggregator_config_faulty",
            "1 where config.toml has faults and the one before is in force.",
            registry=self._registry,
        ).set_function(faulty)

    def answered(self, status: int) -> None:
        """Count a request that was answered with *status*."""
        self._requests.labels(str(status)).inc()

    def published(self, documents: int, seconds: float) -> None:
        """Count a publication of so many documents."""
        self._publishing.observe(seconds)
        self._documents.inc(documents)

    def text(self) -> bytes:
        """Return it all in Prometheus' text format, version 0.0.4."""
        return generate_latest(self._registry)


class _StoreCollector(Collector):
    """How the sources are, by the store; where that fails, that alone."""

    def __init__(self, store: Path, sources: frozenset[str]) -> None:
        self._path = store
        self._sources = sources
        self._reader = Reader(store)

    def collect(self) -> Iterable[Metric]:
        try:
            found = [*self._of_sources(), *self._of_store()] if self._path.exists() else []
        except StoreError:
            yield GaugeMetricFamily("aggregator_store_up", "1 where the store can be read.", 0)
        else:
            yield GaugeMetricFamily("aggregator_store_up", "1 where the store can be read.", 1)
            yield from found

    def _of_store(self) -> Iterator[Metric]:
        total = self._reader.article_total()
        yield GaugeMetricFamily("aggregator_articles", "Articles that are kept.", total)
        files = (self._path, self._path.with_name(self._path.name + "-wal"))
        size = sum(file.stat().st_size for file in files if file.exists())
        yield GaugeMetricFamily("aggregator_store_bytes", "The store, with its log.", size)

    def _of_sources(self) -> Iterator[Metric]:
        states = [state for id_, state in self._reader.states().items() if id_ in self._sources]
        counts = self._reader.article_counts()
        yield _gauge(
            "last_attempt_timestamp_seconds",
            "When it was asked last.",
            ((state.id, _seconds(state.last_attempt_at)) for state in states),
        )
        yield _gauge(
            "last_success_timestamp_seconds",
            "When it answered last.",
            ((state.id, _seconds(state.last_ok_at)) for state in states),
        )
        yield _gauge(
            "next_due_timestamp_seconds",
            "When it is asked next.",
            ((state.id, _seconds(state.next_due_at)) for state in states),
        )
        yield _gauge(
            "failures", "Failures in a row.", ((state.id, state.failures) for state in states)
        )
        yield _gauge(
            "articles", "Its articles.", ((state.id, counts.get(state.id, 0)) for state in states)
        )


def _gauge(name: str, words: str, values: Iterable[tuple[str, float | None]]) -> Metric:
    family = GaugeMetricFamily(f"aggregator_source_{name}", words, labels=["source"])
    for source, value in values:
        if value is not None:
            family.add_metric([source], value)
    return family


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


# ── served ────────────────────────────────────────────────────────────────────────────────────────


def route(metrics: Metrics, networks: Collection[str]) -> Route:
    """Return the address `/metrics`, which is there for clients in one of *networks* alone.

    Who asks through another web server has its address, so such requests are refused: what is said
    of sources is the operator's.
    """
    allowed = [ip_network(network, strict=False) for network in networks]

    async def answer(request: Request) -> Response:
        client = _address(request)
        if client is None or not any(client in network for network in allowed):
            raise HTTPException(404)
        plain.refuse_body(request)
        if request.method == "OPTIONS":
            return plain.options()
        described = headers.safety(CONTENT_TYPE_PLAIN_0_0_4) | {"Cache-Control": "no-store"}
        described["Content-Type"] = CONTENT_TYPE_PLAIN_0_0_4
        return Response(await run_in_threadpool(metrics.text), headers=described)

    return Route("/metrics", answer, methods=plain.METHODS)


def _address(request: Request) -> IPv4Address | IPv6Address | None:
    """Return who asks; None where that is unknown, or another server asks for somebody."""
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return None
    address = ip_address(request.client.host.partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address


class Counting:
    """Counts each request by the status that it is answered with."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.answered(message["status"])
            await send(message)

        await self._app(scope, receive, noting)
