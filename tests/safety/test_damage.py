"""A store that is damaged, in whatever way: feeds stay served, and a copy brings all back."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.cli.inside import aggregator
from tests.safety.wholeness import damage, differing, malformed
from tests.test_daemon import Site, running, until
from tests.test_keeping import findings, running_damaged
from tests.web import document, rss, serving

pytestmark = pytest.mark.long
TITLES = [f"News {n}" for n in range(40)]


def middle(store: Path) -> None:
    """Overwrite all but the first and the last pages."""
    body = store.read_bytes()
    store.write_bytes(body[:8192] + b"\x5a" * (len(body) - 16384) + body[-8192:])


def header(store: Path) -> None:
    store.write_bytes(b"\0" * 100 + store.read_bytes()[100:])


def cut(store: Path) -> None:
    body = store.read_bytes()
    store.write_bytes(body[: len(body) // 8192 * 4096 - 100])


def emptied(store: Path) -> None:
    """Have a file of zeros, as some file systems leave after a power cut."""
    store.write_bytes(bytes(store.stat().st_size))


DAMAGES: dict[str, Callable[[Path], None]] = {
    "middle": middle, "header": header, "cut": cut, "zeros": emptied
}  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    made.answers["/feed"] = document(rss(*TITLES))
    with serving(made.answers) as port:
        made.configure(port)
        config = tmp_path / "config.toml"
        config.write_text(config.read_text() + 'first = "all"\n')
        assert aggregator(tmp_path, "refresh").status == 0
        assert aggregator(tmp_path, "backup", "copy.db").status == 0
        yield made


def is_unwell(site: Site) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{site.port}/healthz", timeout=5):
            return False
    except HTTPError as refused:
        return refused.code == 503 and json.load(refused)["ok"] is False


@pytest.mark.parametrize("how", DAMAGES)
def test_what_is_published_stays_served_until_a_copy_is_put_back(site: Site, how: str) -> None:
    DAMAGES[how](site.folder / "aggregator.db")
    with running_damaged(site) as daemon:
        assert sorted(site.titles()) == sorted(TITLES)
        until(lambda: is_unwell(site))
        found = findings(site)["store"]
        assert found["state"] == "fail"
        assert "backup in its place" in found["what"] + found["advice"]
        restored = aggregator(site.folder, "restore", "copy.db")
        assert restored.status == 0, restored.err
        if how == "middle":
            until(site.healthy, 60)  # it looks again by itself every ten seconds
        else:
            daemon.send_signal(signal.SIGHUP)
            until(site.healthy, 8)
        site.answers["/feed"] = document(rss(*TITLES, "more"))
        until(lambda: "more" in site.titles(), 30)
    assert malformed(site.folder / "feeds") == []
    assert aggregator(site.folder, "publish", "--all").status == 0
    assert differing(site.folder / "feeds") == []
    assert damage(site.folder / "aggregator.db") == []
    assert aggregator(site.folder, "status", "--json").json()["articles"] == len(TITLES) + 1


def test_a_store_that_is_damaged_under_the_daemon_ends_nothing(site: Site) -> None:
    with running(site) as daemon:
        until(lambda: len(site.titles()) == len(TITLES))
        middle(site.folder / "aggregator.db")
        site.answers["/feed"] = document(rss(*TITLES, "more"))
        for _ in range(30):
            assert site.titles()
            assert daemon.poll() is None
        assert findings(site)["store"]["state"] == "fail"
        daemon.terminate()
        _, said = daemon.communicate(timeout=20)
    assert "Traceback" not in said
    assert malformed(site.folder / "feeds") == []
    assert aggregator(site.folder, "restore", "copy.db").status == 0
    again = aggregator(site.folder, "refresh", "--all")
    assert again.status == 0, again.err
    assert damage(site.folder / "aggregator.db") == []
