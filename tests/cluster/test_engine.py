"""The engine with workers that are threads; what travels is pickled all the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.cluster.hand import leave
from aggregator.model import Status
from aggregator.store.reader import ENGINE
from tests.cluster.desk import Near, coordinator, until
from tests.fetch.server import Answer, Heard, Server, reply

ALLOWED = '[fetch]\nallow_private = ["127.0.0.0/8"]\n'
LARGE = "<p>" + "What has happened in the world. " * 2_000 + "</p>"


def feed(title: str, text: str = "Text") -> bytes:
    item = f"<item><guid>{title}</guid><title>{title}</title><description>{text}</description>"
    return f'<rss version="2.0"><channel><title>P</title>{item}</item></channel></rss>'.encode()


def answer(heard: Heard) -> Answer:
    """Answer a feed with one article, named by its path; `"1"` is its ETag."""
    if heard.headers.get("if-none-match") == '"1"':
        return reply(304)
    return reply(200, 'ETag: "1"', body=feed(heard.target.strip("/")))


@pytest.fixture(autouse=True)
def _leave() -> Iterator[None]:
    yield
    leave()


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(answer) as made:
        yield made


def sources(server: Server, *paths: str, lines: str = "") -> str:
    return "".join(
        f'[[source]]\nid = "{path}"\nurl = "{server.at("127.0.0.1", f"/{path}")}"\n{lines}\n'
        for path in paths
    )


def test_sources_are_gathered_by_workers_and_stored_here(tmp_path: Path, server: Server) -> None:
    link = Near()
    with coordinator(tmp_path, ALLOWED + sources(server, "a", "b"), link) as office:
        outcomes = office.refresh()
        assert {one.status for one in outcomes.values()} == {Status.OK}
        assert office.titles() == {"a", "b"}
        assert [len(parcel.turns) for parcel in link.sent] == [2], "one site, one errand"
        assert office.here == []
        assert office.store.meta(ENGINE) == "tcp://near:1, 4 errands at a time"


def test_what_is_known_travels_along(tmp_path: Path, server: Server) -> None:
    text = ALLOWED + sources(server, "a")
    with coordinator(tmp_path, text, Near()) as office:
        office.refresh()
        assert office.refresh()["a"].status is Status.NOT_MODIFIED
        assert server.heard[-1].headers["if-none-match"] == '"1"'
        entries = office.store.newest_entries("a", 10)
        assert len(entries) == 1


def test_an_entry_that_is_known_is_not_made_again(tmp_path: Path) -> None:
    bodies = iter([feed("one"), feed("one") + b"\n"])
    with Server(lambda heard: reply(body=next(bodies))) as server:
        link = Near()
        with coordinator(tmp_path, ALLOWED + sources(server, "a"), link) as office:
            assert office.refresh()["a"].new == 1
            again = office.refresh()["a"]
            assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
            assert list(link.sent[-1].known.of["a"].entries) == ["one"]


def test_a_file_of_this_machine_stays_here(tmp_path: Path, server: Server) -> None:
    (tmp_path / "paper.xml").write_bytes(feed("paper"))
    text = ALLOWED + sources(server, "a") + '[[source]]\nid = "file"\nurl = "paper.xml"\n'
    with coordinator(tmp_path, text, Near()) as office:
        office.refresh()
        assert office.titles() == {"a", "paper"}
        assert office.here == ["file"]


def test_the_address_guard_holds_where_the_connection_is_made(
    tmp_path: Path, server: Server
) -> None:
    with coordinator(tmp_path, sources(server, "a"), Near()) as office:
        failed = office.refresh()["a"]
        assert failed.status is Status.FAILED
        assert "private address" in failed.error
    assert server.connections == 0


def test_what_a_host_asks_for_is_heard_here_and_told_to_the_next_worker(tmp_path: Path) -> None:
    with Server(lambda heard: reply(429, "Retry-After: 3600")) as server:
        link = Near()
        with coordinator(tmp_path, ALLOWED + sources(server, "a", "b"), link) as office:
            outcomes = office.refresh()
            assert outcomes["a"].status is Status.FAILED
            assert outcomes["b"].status is Status.WAITING
            assert [pause.host for pause in office.store.pauses()] == [f"127.0.0.1:{server.port}"]
            assert office.refresh()["a"].status is Status.WAITING
            assert [pause.host for pause in link.sent[-1].pauses] == [f"127.0.0.1:{server.port}"]
    assert len(server.heard) == 1


def test_robots_rules_that_a_worker_has_read_are_kept(tmp_path: Path) -> None:
    def page(heard: Heard) -> Answer:
        if heard.target == "/robots.txt":
            return reply(body=b"User-agent: *\nDisallow: /private/")
        return reply(200, "Content-Type: text/html", body=b"<a class=x href=/one>One</a>")

    rows = 'kind = "html"\nitems = "a.x"\nfields = { title = "a", link = "a@href" }'
    with Server(page) as server:
        text = ALLOWED + sources(server, "a", lines=rows)
        link = Near()
        with coordinator(tmp_path, text, link) as office:
            office.refresh()
            assert [rules.origin for rules in office.store.host_rules()] == [
                f"http://127.0.0.1:{server.port}"
            ]
            office.refresh()
            assert [rules.origin for rules in link.sent[-1].rules] == [
                f"http://127.0.0.1:{server.port}"
            ]


def test_a_source_that_kills_workers_is_singled_out_and_blamed(
    tmp_path: Path, server: Server
) -> None:
    link = Near(deadly={"b"})
    with coordinator(tmp_path, ALLOWED + sources(server, "a", "b", "c"), link) as office:
        outcomes = office.refresh()
        assert office.titles() == {"a", "c"}
        assert outcomes["b"].status is Status.FAILED
        assert "ends the process that gathers it" in outcomes["b"].error
        state = office.store.state("b")
        assert state.failures == 1
        assert state.next_due_at is not None
        assert [len(parcel.turns) for parcel in link.sent] == [3, 1, 1, 1, 1]


def test_a_source_whose_worker_died_of_another_is_not_blamed(tmp_path: Path) -> None:
    link = Near(deadly={"b"}, unlucky={"x"})
    with Server(answer, host="0.0.0.0") as server:
        there = f'[[source]]\nid = "x"\nurl = "{server.at("127.0.1.1", "/x")}"\n'
        text = ALLOWED + there + sources(server, "a", "b")
        with coordinator(tmp_path, text, link) as office:
            outcomes = office.refresh()
            assert office.titles() == {"a", "x"}
            failed = [id_ for id_, one in outcomes.items() if one.status is Status.FAILED]
            assert failed == ["b"]


def test_what_waits_while_all_workers_have_died_goes_out_when_they_are_back(
    tmp_path: Path, server: Server
) -> None:
    link = Near(deadly={"b"}, dying=True)
    with coordinator(tmp_path, ALLOWED + sources(server, "a", "b", "c"), link) as office:
        back = threading.Timer(0.5, setattr, [link, "hands", 4])
        back.start()
        outcomes = office.refresh()
        back.join()
        assert office.titles() == {"a", "c"}
        assert outcomes["b"].status is Status.FAILED
        assert office.here == []


def test_what_is_out_when_the_cluster_is_lost_is_gathered_here(
    tmp_path: Path, server: Server
) -> None:
    link = Near(holding=True)
    with coordinator(tmp_path, ALLOWED + sources(server, "a", "b"), link) as office:
        office.refresher.start(office.settings.source)
        assert office.refresher.finish(0) == []
        assert len(link.sent) == 1
        link.lose()
        outcomes: list[str] = []

        def done() -> bool:
            outcomes.extend(one.id for one in office.refresher.finish(0.1))
            return len(outcomes) == 2

        until(done, 10)
        assert sorted(office.here) == ["a", "b"]
        assert office.store.meta(ENGINE) == (
            "threads of this process, as tcp://near:1 cannot be reached"
        )


def test_a_feed_is_too_large_for_nobody(tmp_path: Path) -> None:
    with (
        Server(lambda heard: reply(body=feed("large", f"<![CDATA[{LARGE}]]>"))) as server,
        coordinator(tmp_path, ALLOWED + sources(server, "a"), Near()) as office,
    ):
        assert office.refresh()["a"].new == 1
