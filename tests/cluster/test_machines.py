"""Real schedulers and workers, processes of their own, some of which are killed."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from aggregator.cluster.link import Link
from aggregator.config.engine import Engine
from aggregator.model import Outcome, Status
from aggregator.store.reader import ENGINE
from tests.cluster.desk import Coordinator, Machines, coordinator, machines, until
from tests.cluster.test_engine import ALLOWED, LARGE, answer, feed, sources
from tests.command import command, environment
from tests.fetch.server import Answer, Heard, Server, reply

pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("default")]

# A worker that dies of a source, as of a fault in a library in C.
POISON = """
import os
from aggregator.pipeline import gather

def deadly(source, *rest, collect=gather.KINDS["feed"].collect):
    if "poison" in source.url:
        os.kill(os.getpid(), 9)
    return collect(source, *rest)

gather.KINDS = {**gather.KINDS, "feed": gather.KINDS["feed"]._replace(collect=deadly)}
"""


def link_to(there: Machines, hands: int = 1, **tls: Path) -> Link:
    link = Link(Engine.model_validate({"dask": there.address, **tls}), pulse=0.3, again=0.5)
    until(lambda: link.hands >= hands)
    return link


def elsewhere(server: Server, count: int, path: str = "") -> str:
    """Return sources at so many sites."""
    return "".join(
        f'[[source]]\nid = "s{n}"\nurl = "{server.at(f"127.0.1.{n + 1}", f"/{path}{n}")}"\n'
        for n in range(count)
    )


@pytest.fixture
def everywhere() -> Iterator[Server]:
    with Server(answer, host="0.0.0.0") as made:
        yield made


def test_two_processes_of_a_local_cluster_share_the_work(
    tmp_path: Path, everywhere: Server
) -> None:
    from distributed import LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        link = Link(Engine.model_validate({"dask": cluster.scheduler_address}), pulse=0.3)
        until(lambda: link.hands == 2)
        with coordinator(tmp_path, ALLOWED + elsewhere(everywhere, 20), link) as office:
            first = office.refresh()
            assert {one.status for one in first.values()} == {Status.OK}
            assert len(office.titles()) == 20
            again = office.refresh()
            assert {one.status for one in again.values()} == {Status.NOT_MODIFIED}
            assert office.here == []


def test_large_feeds_are_read_by_children_of_the_workers(tmp_path: Path) -> None:
    body = reply(body=feed("large", f"<![CDATA[{LARGE}]]>"))
    with Server(lambda heard: body) as server, machines(tmp_path, workers=1) as there:
        link = link_to(there)
        with coordinator(tmp_path, ALLOWED + sources(server, "a"), link) as office:
            assert office.refresh()["a"].new == 1
            assert office.here == []
            worker = there.workers[0].pid
            assert len(_below(worker)) >= 3, "the nanny has a worker, which has its own children"


def test_work_of_a_machine_that_is_killed_is_done_by_another(tmp_path: Path) -> None:
    heard: list[str] = []

    def slowly(one: Heard) -> Answer:
        heard.append(one.target)
        time.sleep(1)
        return answer(one)

    with Server(slowly, host="0.0.0.0") as server, machines(tmp_path) as there:
        link = link_to(there, hands=4)
        with coordinator(tmp_path, ALLOWED + elsewhere(server, 8), link) as office:
            office.refresher.start(office.settings.source)
            until(lambda: len(heard) >= 4)
            os.killpg(there.workers[0].pid, signal.SIGKILL)
            outcomes = _finish(office, 8)
            assert {one.status for one in outcomes} == {Status.OK}
            assert len(office.titles()) == 8
            assert office.here == []
            assert len(heard) > 8, "what it was at was asked for again"


@dataclass(frozen=True)
class Killed:
    """What came of sources one of which kills each worker that is given it."""

    outcomes: dict[str, Outcome]
    titles: set[str]
    here: list[str]
    sent: set[str | None]
    logs: str


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    folder = tmp_path_factory.mktemp("killed")
    (folder / "poison.py").write_text(POISON, encoding="utf-8")
    secrets = 'headers = { Authorization = "env:NEWS_TOKEN" }'
    with (
        pytest.MonkeyPatch.context() as patched,
        Server(answer, host="0.0.0.0") as server,
        machines(folder, workers=0) as there,
    ):
        patched.setenv("NEWS_TOKEN", "secret-of-the-header")
        for _ in range(2):
            there.start_worker("--preload", str(folder / "poison.py"))
        link = link_to(there, hands=4)
        text = ALLOWED + elsewhere(server, 3)
        text += sources(server, "a", "poison?key=secret-of-the-query", "b", lines=secrets)
        text = text.replace('id = "poison?key=secret-of-the-query"', 'id = "poison"')
        with coordinator(folder, text, link) as office:
            outcomes = office.refresh()
            sent = {heard.headers.get("authorization") for heard in server.heard}
            return Killed(outcomes, office.titles(), office.here, sent, there.logs())


def test_a_source_that_kills_each_worker_is_given_up_and_the_others_come_through(
    killed: Killed,
) -> None:
    assert killed.outcomes["poison"].status is Status.FAILED
    assert "ends the process that gathers it" in killed.outcomes["poison"].error
    assert killed.titles == {"0", "1", "2", "a", "b"}
    assert "poison" not in killed.here


def test_secrets_are_in_no_log_of_the_cluster(killed: Killed) -> None:
    assert "secret-of-the-header" in killed.sent
    assert "gather-127.0.0.1" in killed.logs, "the errand that killed its workers is named"
    assert "secret-of" not in killed.logs


def test_a_scheduler_that_is_away_is_done_without_and_found_again(
    tmp_path: Path, everywhere: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "aggregator")
    there = Machines(tmp_path)
    try:
        link = Link(Engine.model_validate({"dask": there.address}), pulse=0.3, again=0.5)
        text = ALLOWED + elsewhere(everywhere, 3)
        with coordinator(tmp_path, text, link) as office:
            assert office.refresh()["s0"].status is Status.OK
            assert sorted(office.here) == ["s0", "s1", "s2"]
            said = f"{there.address} cannot be reached"
            assert office.store.meta(ENGINE) == f"threads of this process, as {said}"
            assert f"the cluster is not used: {said}" in caplog.text
            there.start_scheduler()
            there.start_worker()
            until(lambda: link.hands == 2)
            assert office.refresh()["s0"].status is Status.NOT_MODIFIED
            assert len(office.here) == 3, "nothing more"
            assert f"gathering on the cluster address={there.address}" in caplog.text
    finally:
        there.close()


def test_a_scheduler_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    may_answer = threading.Event()

    def late(one: Heard) -> Answer:
        may_answer.wait(60)
        return answer(one)

    with Server(late, host="0.0.0.0") as server, machines(tmp_path) as there:
        link = link_to(there, hands=4)
        with coordinator(tmp_path, ALLOWED + elsewhere(server, 6), link) as office:
            office.refresher.start(office.settings.source)
            until(lambda: len(server.heard) >= 4)
            assert there.scheduler is not None
            os.killpg(there.scheduler.pid, signal.SIGKILL)
            until(lambda: not link.hands)
            may_answer.set()
            outcomes = _finish(office, 6)
            assert {one.status for one in outcomes} == {Status.OK}
            assert len(office.titles()) == 6
            assert len(office.here) == 6


def test_a_coordinator_that_is_killed_begins_again(tmp_path: Path) -> None:
    slow = threading.Event()

    def late(one: Heard) -> Answer:
        if not slow.is_set():
            time.sleep(0.5)
        return answer(one)

    with Server(late, host="0.0.0.0") as server, machines(tmp_path, workers=1) as there:
        until(lambda: "Registered to" in there.logs())
        text = f'[engine]\ndask = "{there.address}"\n{ALLOWED}{elsewhere(server, 12)}'
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        refresh = command("refresh", "--all", "--no-publish")
        with subprocess.Popen(refresh, cwd=tmp_path, env=environment()) as process:
            until(lambda: len(server.heard) >= 3)
            process.kill()
        slow.set()
        ended = subprocess.run(
            refresh, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
        assert "12 sources: 12 ok" in ended.stdout
        status = subprocess.run(
            command("status"), cwd=tmp_path, env=environment(), capture_output=True, text=True
        )
        assert "12 articles from 12 sources" in status.stdout
        assert f"gathered by {there.address}, 2 errands at a time" in status.stdout


def test_with_tls_nobody_without_a_certificate_is_let_in(
    tmp_path: Path, everywhere: Server
) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1")
    pem = {name: tmp_path / f"{name}.pem" for name in ("ca", "cert", "key")}
    authority.cert_pem.write_to_path(pem["ca"])
    issued.private_key_pem.write_to_path(pem["key"])
    issued.cert_chain_pems[0].write_to_path(pem["cert"])
    tls = [f"--tls-{option}={pem[name]}" for name, option in _OPTIONS.items()]
    with machines(tmp_path, *tls, workers=1, scheme="tls") as there:
        link = link_to(there, hands=2, **pem)
        stranger = Link(Engine.model_validate({"dask": there.address}), pulse=0.3, again=60)
        assert (stranger.hands, stranger.fault) == (0, "cannot be reached")
        stranger.close()
        with coordinator(tmp_path, ALLOWED + elsewhere(everywhere, 2), link) as office:
            assert office.refresh()["s0"].status is Status.OK
            assert office.here == []


_OPTIONS = {"ca": "ca-file", "cert": "cert", "key": "key"}


def _finish(office: Coordinator, count: int) -> list[Outcome]:
    outcomes: list[Outcome] = []

    def done() -> bool:
        outcomes.extend(office.refresher.finish(0.5))
        return len(outcomes) >= count

    until(done, 90)
    return outcomes


def _below(pid: int) -> list[int]:
    """Return the processes below *pid*."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found[1:]
