"""What Prometheus is told: how each source is, and what this process has done. Sole user of
prometheus_client.

Nothing is kept for it but counters: how sources are is read from the store when it asks.
"""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from types import MappingProxyType

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, Summary
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aggregator.errors import StoreError
from aggregator.health.rate import Rate
from aggregator.publish.standing import Standing, standings
from aggregator.publish.supplier import Supplier
from aggregator.serve import headers, plain
from aggregator.store.watcher import Watcher

_PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-real-ip")


class Metrics:
    """Counts what the process does and renders it beside how the *sources* (ids) in *store* are.

    *faulty* says whether config.toml has faults, so that another one is in force. *process* is the
    id of the one whose memory, time and handles are told; None is this one. *expected* is how much
    the operator expects of some sources.
    """

    def __init__(
        self,
        store: Path,
        sources: Collection[str],
        faulty: Callable[[], bool] = lambda: False,
        process: int | None = None,
        expected: Mapping[str, Rate] = MappingProxyType({}),
    ) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_StoreCollector(store, sources, expected))
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

    def __init__(self, store: Path, sources: Iterable[str], expected: Mapping[str, Rate]) -> None:
        self._path = store
        self._suppliers = [Supplier(source, source) for source in sources]
        self._expected = expected
        self._watcher = Watcher(store)

    def collect(self) -> Iterable[Metric]:
        try:
            found = [*self._of_sources(), *self._of_store()] if self._path.exists() else []
        except StoreError:
            yield GaugeMetricFamily("aggregator_store_up", "1 where the store can be read.", 0)
        else:
            yield GaugeMetricFamily("aggregator_store_up", "1 where the store can be read.", 1)
            yield from found

    def _of_store(self) -> Iterator[Metric]:
        total = self._watcher.article_total()
        yield GaugeMetricFamily("aggregator_articles", "Articles that are kept.", total)
        files = (self._path, self._path.with_name(self._path.name + "-wal"))
        size = sum(file.stat().st_size for file in files if file.exists())
        yield GaugeMetricFamily("aggregator_store_bytes", "The store, with its log.", size)
        incidents = CounterMetricFamily("aggregator_incidents", "Incidents that began.")
        incidents.add_metric([], self._watcher.incident_total())
        yield incidents
        if room := self._watcher.room():
            yield GaugeMetricFamily(
                "aggregator_disk_used_bytes", "Store and published folder.", room.used
            )
            yield GaugeMetricFamily("aggregator_disk_free_bytes", "Free beside them.", room.free)
            if room.days is not None:
                words = "In how many days the disk is full as these grow."
                yield GaugeMetricFamily("aggregator_disk_days_left", words, room.days)

    def _of_sources(self) -> Iterator[Metric]:
        now = datetime.now(UTC)
        sight = self._watcher.sight(now, now.date())
        found = standings(self._suppliers, sight, now.date(), self._expected)
        yield from _states(found)
        open_now = sum(one.incident is not None for one in found)
        yield GaugeMetricFamily("aggregator_incidents_open", "Incidents that last.", open_now)
        met = [one for one in found if one.state.id in sight.states]
        for name, words, value in _OF_EACH:
            yield _gauge(name, words, ((one.state.id, value(one)) for one in met))


def _states(found: Iterable[Standing]) -> Iterator[Metric]:
    """Yield how many sources are in each state, and for each source the one that it is in."""
    found = list(found)
    counts = GaugeMetricFamily("aggregator_sources", "Sources by state.", labels=["state"])
    for state, count in Counts(one.word for one in found).items():
        counts.add_metric([state], count)
    yield counts
    each = GaugeMetricFamily(
        "aggregator_source_state", "1 for the state that it is in.", labels=["source", "state"]
    )
    for one in found:
        each.add_metric([one.state.id, one.word], 1)
    yield each


_OF_EACH: tuple[tuple[str, str, Callable[[Standing], float | None]], ...] = (
    ("last_attempt_timestamp_seconds", "When it was asked last.",
     lambda one: _seconds(one.state.last_attempt_at)),
    ("last_success_timestamp_seconds", "When it answered last.",
     lambda one: _seconds(one.state.last_ok_at)),
    ("next_due_timestamp_seconds", "When it is asked next.",
     lambda one: _seconds(one.state.next_due_at)),
    ("failures", "Failures in a row.", lambda one: one.state.failures),
    ("articles", "Its articles.", lambda one: one.articles),
    ("articles_per_day", "New ones a day, in seven days.", lambda one: one.seen_rate),
    ("expected_articles_per_day", "As configured, or usual.", lambda one: one.expected_rate),
    ("not_modified_ratio", "Answers with nothing new, in seven days.",
     lambda one: one.same_share),
    ("publish_delay_seconds", "From asking to publication, the median.",
     lambda one: one.vitals.delay),
    ("certificate_end_timestamp_seconds", "When its certificate ends.",
     lambda one: _seconds(one.vitals.certificate_until)),
    ("held", "Articles that wait for the operator's word.", lambda one: one.held),
)  # fmt: skip


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
