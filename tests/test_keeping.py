"""Copies, restoring and the doctor, as the operator meets them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.cli.inside import aggregator
from tests.command import aggregator as in_a_process
from tests.command import command, environment
from tests.test_daemon import Site, running, until
from tests.web import document, rss, serving


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    made.answers["/feed"] = document(rss("one", "two"))
    with serving(made.answers) as port:
        made.configure(port)
        yield made


def findings(site: Site) -> dict[str, Any]:
    found = aggregator(site.folder, "doctor", "--json").json()["findings"]
    return {finding["subject"]: finding for finding in found}


def damage(site: Site) -> None:
    store = site.folder / "aggregator.db"
    store.write_bytes(b"not a database any more" * 1000)
    for suffix in ("-wal", "-shm"):
        store.with_name(store.name + suffix).unlink(missing_ok=True)


def test_a_daily_copy_is_made_and_can_be_put_back(site: Site) -> None:
    copies = site.folder / "aggregator.db.backups"
    with running(site):
        until(lambda: site.titles() == ["two", "one"])
        until(lambda: len(list(copies.glob("*.db"))) == 1)
        copied = aggregator(site.folder, "backup", "mine.db", "--json")
        assert copied.status == 0, copied.err
        restored = aggregator(site.folder, "restore", "mine.db")
        assert restored.status == 4, "not under a running daemon"
    damage(site)
    assert aggregator(site.folder, "status").status == 3
    assert aggregator(site.folder, "restore", "mine.db").status == 0
    assert aggregator(site.folder, "status", "--json").json()["articles"] == 2
    again = aggregator(site.folder, "publish", "--all", "--json")
    assert (again.status, again.json()["published"]) == (0, [])


def test_feeds_stay_served_while_the_store_is_damaged(site: Site) -> None:
    assert aggregator(site.folder, "refresh").status == 0
    assert aggregator(site.folder, "backup", "good.db").status == 0
    damage(site)
    with running_damaged(site):
        assert site.titles() == ["two", "one"]
        with pytest.raises(HTTPError) as refused:
            urlopen(f"http://127.0.0.1:{site.port}/healthz", timeout=5)
        facts = json.load(refused.value)
        assert refused.value.code == 503
        assert facts["error"] == "the store cannot be read"


@contextmanager
def running_damaged(site: Site) -> Iterator[subprocess.Popen[bytes]]:
    """Run the daemon and wait until it serves, though it is not well."""
    with subprocess.Popen(command("run"), cwd=site.folder, env=environment()) as process:
        try:
            until(lambda: site.titles() != [])
            yield process
        finally:
            process.kill()


def test_a_damaged_store_without_anything_published_ends_the_daemon(site: Site) -> None:
    damage(site)
    ended = in_a_process(site.folder, "run", timeout=30)
    assert ended.status == 3
    assert "the file is damaged" in ended.err


def test_the_doctor_finds_all_well_after_a_refresh(site: Site) -> None:
    assert findings(site)["store"]["state"] == "note"
    assert aggregator(site.folder, "refresh").status == 0
    found = findings(site)
    assert {subject: finding["state"] for subject, finding in found.items()} == {
        "sqlite": "ok",
        "config": "ok",
        "daemon": "note",
        "store": "ok",
        "files": "ok",
        "backups": "note",
        "disk": found["disk"]["state"],
    }


def test_the_doctor_names_what_is_wrong_and_what_to_do(site: Site) -> None:
    assert aggregator(site.folder, "refresh").status == 0
    (site.folder / "feeds" / "paper" / "rss.xml").unlink()
    files = findings(site)["files"]
    assert files["state"] == "warn"
    assert "paper/rss.xml" in files["what"]
    assert "publish --all" in files["advice"]
    damage(site)
    ended = aggregator(site.folder, "doctor")
    assert ended.status == 1
    assert "✗ store: " in ended.out
    config = site.folder / "config.toml"
    config.write_text(config.read_text().replace("[site]", "[sight]"))
    ended = aggregator(site.folder, "doctor")
    assert ended.status == 1
    assert "✗ config: " in ended.out
    assert "Traceback" not in ended.out + ended.err


def test_the_doctor_asks_the_sources(site: Site) -> None:
    assert "1 of 1 sources answer" in aggregator(site.folder, "doctor", "--net").out
