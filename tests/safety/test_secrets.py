"""What is secret is said nowhere, and nothing that a source says steers a terminal or a log."""

from __future__ import annotations

import io
import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from subprocess import PIPE, Popen
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from aggregator.cli.composition import log_to_stderr
from aggregator.config.settings import Source
from aggregator.fetch.exchange import Getter
from aggregator.model import SourceState
from aggregator.sources import KINDS, Harvest, Known
from tests.cli.inside import aggregator
from tests.command import Ended, command, environment
from tests.command import aggregator as in_a_process
from tests.fetch.server import Answer, Heard, Server, for_ever, reply
from tests.test_daemon import Site, free_port, until
from tests.web import rss

USER, QUERY, ENVIRONMENT, FILE, WRITTEN, DETAIL, COOKIE = SECRETS = tuple(
    f"planted{name}" for name in ("user", "query", "env", "file", "header", "detail", "cookie")
)
OUR_OWN = (ENVIRONMENT, FILE)  # never stored either, in whatever form
ANSWERS: dict[str, Answer] = {
    "good": reply(body=rss("one", "two")),
    "unknown": reply(404, body=f"<p>{QUERY}".encode()),
    "forbidden": reply(401),
    "broken": reply(500),
    "busy": reply(429, "Retry-After: 60"),
    "circle": reply(302, f"Location: /circle?token={QUERY}"),
    "away": reply(302, f"Location: http://u:{USER}@10.1.2.3/?token={QUERY}"),
    "moved": reply(301, f"Location: /good?token={QUERY}"),
    "nowhere": reply(302, f"Location: gopher://{QUERY}"),
    "junk": [b"junk\r\n\r\n"],
    "page": reply(body=f"<!doctype html><title>{QUERY[:3]}</title>".encode()),
    "half": reply(body=rss("one", "two")[:-40]),
    "empty": reply(),
    "gzip": reply(200, "Content-Encoding: gzip", body=b"plain"),
    "cookie": reply(403, f"Set-Cookie: a={COOKIE}"),
    "echo": [b"HTTP/1.1 500 token=" + QUERY.encode() + b"\r\n\r\n"],
}
ROWS = reply(body=json.dumps({"rows": [{"id": "1", "t": "one"}, {"id": "2", "t": "b"}]}).encode())


def answer(heard: Heard) -> Answer:
    name = heard.target.strip("/").partition("?")[0]
    if name == "slow":
        return for_ever(b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n", 0.05)
    if name == "rows":
        return ROWS
    return ANSWERS.get(name, reply(404))


@pytest.fixture(autouse=True)
def planted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTED", ENVIRONMENT)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(answer) as made:
        yield made


def configure(folder: Path, server: Server) -> None:
    (folder / "secret.txt").write_text(f"{FILE}\n")
    place = f"http://someone:{USER}@127.0.0.1:{server.port}"
    elsewhere = place.replace("127.0.0.1", "localhost")  # it wants its whole host left alone
    headers = (
        f'headers = {{ X-One = "env:PLANTED", X-Two = "file:secret.txt", X-Three = "{WRITTEN}" }}'
    )
    names = [*ANSWERS, "slow"]
    sources = [
        f'[[source]]\nid = "{name}"\nurl = "{elsewhere if name == "busy" else place}/{name}'
        f'?token={QUERY}"\n{headers}\n'
        for name in names
    ]
    sources.append(
        f'[[source]]\nid = "rows"\nkind = "json"\nurl = "{place}/rows?token={QUERY}"\n'
        f'items = "rows"\n{headers}\ndetail = "{place}/detail?key={DETAIL}&id={{id}}"\n'
        '[source.fields]\nid = "id"\ntitle = "t"\ncontent = "detail.x"\n'
    )
    (folder / "config.toml").write_text(
        f'[fetch]\ntimeout = "1s"\nspacing = "0s"\nallow_private = ["127.0.0.1:{server.port}", '
        f'"localhost:{server.port}"]\n' + "".join(sources),
        encoding="utf-8",
    )


def said(folder: Path, *commands: tuple[str, ...]) -> str:
    return "".join(
        ended.out + ended.err for ended in (aggregator(folder, *command) for command in commands)
    )


COMMANDS = (
    ("-v", "refresh", "--all"),
    ("-v", "refresh", "--all", "--json"),
    ("-v", "publish", "--all"),
    ("status",),
    ("status", "--json"),
    ("check",),
    ("doctor", "--net", "--json"),
    ("doctor", "--net"),
    ("search", "one", "--json"),
    ("explain", "http://paper.example/one", "--json"),
    ("explain", "https://paper.example/one"),
    *(("preview", name) for name in ("away", "nowhere", "half", "rows")),
    ("preview", "--json", "good"),
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, server: Server) -> tuple[Path, str]:
    """Do everything once; return the folder, and all that was said."""
    folder = tmp_path_factory.mktemp("secrets")
    configure(folder, server)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLANTED", ENVIRONMENT)
        return folder, said(folder, *COMMANDS)


def test_every_secret_reaches_the_server_it_is_meant_for(
    told: tuple[Path, str], server: Server
) -> None:
    heard = "".join(f"{one.target} {one.headers}" for one in server.heard)
    assert all(secret in heard for secret in (QUERY, ENVIRONMENT, FILE, WRITTEN, DETAIL))


def test_no_command_says_a_secret(told: tuple[Path, str]) -> None:
    assert len(told[1]) > 5_000
    assert "404" in told[1]
    lines = [line for line in told[1].splitlines() if any(one in line for one in SECRETS)]
    assert lines == []


SURFACES = (
    "metrics", "status", "status?all", "status.json", "status.json?source=good", "healthz",
    "readyz", "status/incidents.atom", *(f"status/{name}" for name in ANSWERS), "status/rows",
    "status/slow", "search?q=one", f"search?q={QUERY[:4]}", "feeds.opml", "sitemap.xml",
)  # fmt: skip


@pytest.mark.long
def test_the_server_says_no_secret(told: tuple[Path, str]) -> None:
    port = free_port()
    config = told[0] / "config.toml"
    config.write_text(f'[serve]\naddress = "127.0.0.1:{port}"\n{config.read_text()}')
    site = Site(told[0])
    site.port = port
    said = b""
    with Popen(command("serve"), cwd=told[0], env=environment(), stderr=PIPE) as server:
        try:
            until(lambda: site.serves("healthz"), 60)
            for path in SURFACES:
                with suppress(HTTPError), urlopen(f"http://127.0.0.1:{port}/{path}") as answer:
                    said += bytes(str(answer.headers), "utf-8") + answer.read()
        finally:
            server.terminate()
        _, logged = server.communicate(timeout=20)
    assert b"aggregator_source_failures" in said
    assert b"404" in said
    assert [one for one in SECRETS if one.encode() in said + logged] == []


def test_no_document_holds_a_secret(told: tuple[Path, str]) -> None:
    documents = [path for path in (told[0] / "feeds").rglob("*") if path.is_file()]
    assert len(documents) > 10
    found = [
        path for path in documents if any(one.encode() in path.read_bytes() for one in SECRETS)
    ]
    assert found == []


def test_what_was_not_written_in_the_configuration_is_not_in_the_store(
    told: tuple[Path, str],
) -> None:
    with closing(sqlite3.connect(told[0] / "aggregator.db")) as store:
        dump = "\n".join(store.iterdump())
    assert "paper.example" in dump
    assert [one for one in (*OUR_OWN, WRITTEN, COOKIE) if one in dump] == []


def test_a_fault_that_nobody_thought_of_says_no_secret(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(source: Source, state: SourceState, getter: Getter, known: Known) -> Harvest:
        raise RuntimeError(f"no route to {source!r}: {source.url} {ENVIRONMENT}")

    configure(tmp_path, server)
    kinds = {**KINDS, "feed": KINDS["feed"]._replace(collect=fail)}
    monkeypatch.setattr("aggregator.pipeline.gather.KINDS", kinds)
    text = said(tmp_path, ("-v", "refresh", "good"), ("status",), ("status", "--json"))
    assert "unexpected fault" in text
    assert [one for one in SECRETS if one in text] == []


FAULTY = {
    "unknown key": 'intervall = "5m"',
    "wrong type": "every = []",
    "no kind": 'kind = "x"',
    "header": 'headers = { X-One = ["{s}"] }',
    "broken": 'headers = { X-One = "{s}',
    "url": 'url = "http://u:{s}@[/?token={s}"',
    "twice": 'url = "http://u:{s}@x.example/?token={s}"',
    "detail": 'detail = "http://x.example/?key={s}&{{nothing"',
    "field": 'detail = "http://x.example/?key={s}&{{nothing}}"',
}


@pytest.mark.parametrize("line", FAULTY.values(), ids=FAULTY)
def test_a_fault_of_the_configuration_says_no_secret(tmp_path: Path, line: str) -> None:
    (tmp_path / "config.toml").write_text(
        f'[[source]]\nid = "a"\nurl = "http://u:{USER}@x.example/?t={QUERY}"\n'
        + line.replace("{s}", WRITTEN).replace("{{", "{").replace("}}", "}")
        + "\n"
    )
    commands = (("check",), ("refresh",), ("check", "--json"), ("doctor",))
    text = said(tmp_path, *commands)
    assert "config.toml" in text
    assert [one for one in SECRETS if one in text] == []


# ── terminals and logs ────────────────────────────────────────────────────────────────────────────

STEERING = "\x1b]0;owned\x07\x1b[31m\x9b31m\x08\r\x00\x7f\u202e\u2066\u200f\u2028"
_RAW = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
FORGED = "2026-11-22 12:00:00,000 ERROR aggregator: all is lost"


def steering_feed() -> bytes:
    text = f"rain{STEERING}\n{FORGED}"
    items = [
        {"id": text, "url": f"http://x.example/{text}", "title": text, "content_text": text,
         "tags": [text], "authors": [{"name": text}], "date_published": text},
        {"id": 7, "title": None}, {"id": f"x{text}", "url": "javascript:x"}, text,
    ]  # fmt: skip
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": text, "items": items}).encode()


@pytest.fixture
def steered(tmp_path: Path, server: Server) -> Path:
    hostile = STEERING.replace("\r", "").replace("\x00", "").encode()
    ANSWERS["steering"] = reply(body=steering_feed())
    ANSWERS["words"] = [b"HTTP/1.1 418 " + hostile + b"\r\nRetry-After: " + hostile + b"\r\n\r\n"]
    ANSWERS["title"] = reply(body=b"<!doctype html><title>" + hostile + b"</title>")
    ANSWERS["lead"] = [b"HTTP/1.1 302 x\r\nLocation: http://a" + hostile + b"/\r\n\r\n"]
    posts = tmp_path / "posts"
    posts.mkdir()
    (posts / f"2026-01-01-{STEERING}.md".replace("\x00", "")).write_text("---\ntitle: [\n---\nx")
    names = ("steering", "words", "title", "lead")
    (tmp_path / "config.toml").write_text(
        f'[fetch]\nspacing = "0s"\nallow_private = ["127.0.0.1:{server.port}"]\n'
        + "".join(
            f'[[source]]\nid = "{n}"\nurl = "{server.at("127.0.0.1", "/" + n)}"\n' for n in names
        )
        + '[[source]]\nid = "posts"\nkind = "jekyll"\nurl = "posts"\n'
    )
    return tmp_path


def test_nothing_that_a_source_says_steers_the_terminal(steered: Path) -> None:
    ends = [
        aggregator(steered, *command)
        for command in (
            ("-v", "refresh", "--all"),
            ("refresh", "--all", "--json"),
            ("status",),
            ("status", "--json"),
            ("search", "rain"),
            ("search", "rain", "--json"),
            ("explain", "http://x.example/"),
            ("preview", "steering"),
            ("preview", "--json", "steering"),
            ("preview", "posts"),
            ("doctor",),
            ("doctor", "--json"),
            ("export", "opml"),
            ("article", "log"),
        )
    ]
    for ended in ends:
        assert_quiet(ended)
    assert "rain" in "".join(ended.out for ended in ends)


@pytest.mark.long
def test_nothing_that_a_source_says_steers_what_a_process_logs(steered: Path) -> None:
    assert_quiet(in_a_process(steered, "-v", "refresh", "--all"))


def assert_quiet(ended: Ended) -> None:
    text = ended.out + ended.err
    found = _RAW.search(text)
    assert not found, repr(text[max(0, found.start() - 200) : found.end() + 20])
    assert not any(line.startswith(FORGED) for line in ended.err.splitlines())


def test_a_line_of_the_log_cannot_be_forged(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log, stderr = logging.getLogger("aggregator"), io.StringIO()
    monkeypatch.setattr(log, "handlers", [])
    monkeypatch.setattr(log, "level", log.level)
    monkeypatch.setattr("sys.stderr", stderr)
    log_to_stderr(logging.INFO)
    logging.getLogger("aggregator.x").warning("the page says: %s", f"x\n{FORGED}{STEERING}")
    lines = stderr.getvalue().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("    2026")
    assert not _RAW.search(stderr.getvalue())
