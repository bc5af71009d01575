"""What Prometheus reads, and who else may not; whether readers can be served."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from aggregator.health.condition import Health
from aggregator.health.incident import Incident
from aggregator.model import Attempt, SourceState, Status, Tally
from aggregator.publish import manifest
from aggregator.serve.app import Watch, create_app
from aggregator.serve.metrics import Metrics
from aggregator.store.intake import Intake
from tests.articles import NOW
from tests.serve.conftest import Current, Shelf, Site
from tests.stores import new_store

LOOPBACK = ("127.0.0.0/8", "::1")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    store = new_store(tmp_path / "aggregator.db")
    paper = SourceState("paper", last_ok_at=NOW, next_due_at=NOW + timedelta(hours=1), failures=3)
    with store.transaction():
        for state in (paper, SourceState("gone", last_ok_at=NOW)):
            store.take_in(Intake(state, ()))
    store.close()
    return tmp_path / "aggregator.db"


def figures(text: str) -> dict[tuple[str, str], float]:
    """Return (name, labels as text) → value, read as Prometheus reads it."""
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_each_source_that_is_configured_is_told_of(store: Path) -> None:
    found = figures(Metrics(store, ["paper"]).text().decode())
    assert found["aggregator_source_failures", "paper"] == 3
    assert found["aggregator_source_articles", "paper"] == 0
    assert found["aggregator_source_last_success_timestamp_seconds", "paper"] == NOW.timestamp()
    due = datetime.fromtimestamp(
        found["aggregator_source_next_due_timestamp_seconds", "paper"], UTC
    )
    assert due == NOW + timedelta(hours=1)
    assert found["aggregator_store_up", ""] == 1
    assert found["aggregator_store_bytes", ""] > 0
    assert not any(labels == "gone" for _, labels in found)


def test_how_sources_are_is_told(tmp_path: Path) -> None:
    path, now = tmp_path / "aggregator.db", datetime.now(UTC)
    store = new_store(path)
    state = SourceState("paper", last_attempt_at=now, last_ok_at=now, failures=2)
    with store.transaction():
        store.take_in(Intake(state, ()))
        store.count("paper", now.date(), Tally(ok=4, same=3))
        attempt = Attempt(now, Status.OK, 200, 90, new=1)
        store.watch.note("paper", attempt, Health(met_at=now), 2.5, now)
        store.watch.published(now + timedelta(seconds=4))
        store.watch.keep_incident(Incident("paper", "failing", "", now, now, now), now)
        store.watch.note_room(now.date(), 1_000)
    store.close()
    found = figures(Metrics(path, ["paper", "new"]).text().decode())
    assert found["aggregator_source_state", "paper,failing"] == 1
    assert found["aggregator_source_state", "new,new"] == 1
    states = {
        labels: value for (name, labels), value in found.items() if name == "aggregator_sources"
    }
    assert states == {"failing": 1, "new": 1}
    assert found["aggregator_source_not_modified_ratio", "paper"] == 0.75
    assert found["aggregator_source_publish_delay_seconds", "paper"] == 4
    assert found["aggregator_source_expected_articles_per_day", "paper"] == 2.5
    end = found["aggregator_source_certificate_end_timestamp_seconds", "paper"]
    assert end == int(now.timestamp())
    assert found["aggregator_incidents_open", ""] == 1
    assert found["aggregator_incidents_total", ""] == 1
    assert found["aggregator_disk_used_bytes", ""] == 1_000
    assert found["aggregator_disk_free_bytes", ""] > 0


def test_what_the_process_did_is_counted(store: Path) -> None:
    metrics = Metrics(store, [], faulty=lambda: True)
    metrics.published(11, 0.5)
    metrics.published(4, 0.25)
    found = figures(metrics.text().decode())
    assert found["aggregator_documents_total", ""] == 15
    assert found["aggregator_publish_seconds_sum", ""] == 0.75
    assert found["aggregator_publish_seconds_count", ""] == 2
    assert found["aggregator_config_faulty", ""] == 1


def test_a_store_that_fails_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "aggregator.db"
    path.write_bytes(b"this is no database" * 1000)
    found = figures(Metrics(path, ["paper"]).text().decode())
    assert found["aggregator_store_up", ""] == 0


@pytest.fixture
def counted(site: Site, current: Current, shelf: Shelf, store: Path) -> Site:
    watch = Watch(Metrics(store, []), LOOPBACK)
    current.app = create_app(shelf, shelf.directory, watch=watch)
    return site


def test_requests_are_counted_by_status(counted: Site) -> None:
    for path in ("/all/rss.xml", "/all/atom.xml", "/nothing"):
        counted.get(path)
    answer = counted.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["Cache-Control"] == "no-store"
    found = figures(answer.text)
    assert found["aggregator_http_requests_total", "200"] == 2
    assert found["aggregator_http_requests_total", "404"] == 1


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_who_comes_through_another_server_is_not_told(counted: Site, header: str) -> None:
    assert counted.get("/metrics").status_code == 200
    assert counted.get("/metrics", {header: "127.0.0.1"}).status_code == 404


def test_who_is_not_in_the_networks_is_not_told(
    site: Site, current: Current, shelf: Shelf, store: Path
) -> None:
    assert site.get("/metrics").status_code == 404
    watch = Watch(Metrics(store, []), ("10.0.0.0/8", "fd00::/8"))
    current.app = create_app(shelf, shelf.directory, watch=watch)
    assert site.get("/metrics").status_code == 404


def test_ready_is_a_site_that_has_something_out(site: Site, shelf: Shelf) -> None:
    assert (site.get("/readyz").status_code, site.get("/readyz").json()) == (503, {"ready": False})
    (shelf.directory / manifest.PATH).write_bytes(b"")
    assert (site.get("/readyz").status_code, site.get("/readyz").json()) == (200, {"ready": True})
    shelf.broken = True
    assert site.get("/readyz").status_code == 503
