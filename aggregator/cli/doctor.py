"""The doctor: how everything is that the program depends on, and what to do where it is ill."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from aggregator.cli.composition import Invocation, fetcher, load
from aggregator.cli.speech import say
from aggregator.cli.terminal import print_json, print_line
from aggregator.config.settings import Settings
from aggregator.errors import AlreadyRunningError, ConfigError, FetchError, StoreError, coded
from aggregator.fetch.exchange import Call
from aggregator.fetch.freshness import read_date
from aggregator.schedule.lock import alone
from aggregator.store.backup import Backups, faults
from aggregator.store.connection import sqlite_version
from aggregator.store.reader import Reader

_OLDEST_SQLITE = (3, 38, 0)  # RETURNING, and JSON built in
_LITTLE = 500_000_000  # bytes
_NOTHING = 1_000_000
_SKEW = timedelta(minutes=2)
_SHOWN = 3  # of many of a kind
_MARKS = {"ok": "✓", "note": "·", "warn": "!", "fail": "✗"}


class Finding(NamedTuple):
    """What the doctor found: `state` is ok, note, warn or fail; `advice` says what to do.

    `code` is that of the error behind it, "" where there is none.
    """

    subject: str
    state: str
    what: str
    advice: str = ""
    code: str = ""


def examine(invocation: Invocation, *, net: bool, as_json: bool) -> int:
    """Print how everything is that the program depends on; return the exit status.

    Reads only. With *net* a server is asked for the time, and every source for an answer.
    """
    findings = list(_findings(invocation, net=net))
    if as_json:
        print_json({"findings": [finding._asdict() for finding in findings]})
    else:
        for finding in findings:
            advice = f"; {finding.advice}" if finding.advice else ""
            words = coded(f"{say(finding.subject)}: {finding.what}{advice}", finding.code)
            print_line(f"{_MARKS[finding.state]} {words}")
    return 1 if any(finding.state == "fail" for finding in findings) else 0


def _findings(invocation: Invocation, *, net: bool) -> Iterator[Finding]:
    yield _sqlite()
    try:
        settings = load(invocation)
    except ConfigError as error:
        first = str(error).splitlines()[0]
        advice = say("`aggregator check` names every fault")
        yield Finding("config", "fail", first, advice, error.code)
        return
    count = len(settings.source)
    words = "{file} has {count} source" if count == 1 else "{file} has {count} sources"
    yield Finding("config", "ok", say(words, file=invocation.config, count=count))
    yield _daemon(settings)
    yield from _store(settings)
    yield _backups(settings)
    yield from _disks(settings)
    if net:
        yield from _network(settings)


def _sqlite() -> Finding:
    version = sqlite_version()
    words = say("version {version}", version=".".join(map(str, version)))
    if version < _OLDEST_SQLITE:
        advice = say("3.38 or newer is needed: take a newer Python")
        return Finding("sqlite", "fail", words, advice)
    return Finding("sqlite", "ok", words)


def _daemon(settings: Settings) -> Finding:
    try:
        with alone(settings.store.path):
            words, advice = say("is not running"), say("`aggregator run` starts it")
            return Finding("daemon", "note", words, advice)
    except AlreadyRunningError:
        return Finding("daemon", "ok", say("works on {path}", path=settings.store.path))
    except StoreError as error:
        return Finding("daemon", "fail", str(error), code=error.code)


def _store(settings: Settings) -> Iterator[Finding]:
    path = settings.store.path
    if not path.exists():
        words = say("there is none at {path}", path=path)
        yield Finding("store", "note", words, say("`aggregator refresh` makes it"))
        return
    try:
        found = faults(path, thorough=True)
        yield from (
            Finding(
                "store",
                "fail",
                fault,
                say("put a backup in its place: `aggregator restore FILE`"),
                "E404",
            )
            for fault in found
        )
        if not found:
            size = path.stat().st_size // 10**6
            yield Finding("store", "ok", say("{path} is whole, {size} MB", path=path, size=size))
        yield from _contents(settings)
    except StoreError as error:
        yield Finding("store", "fail", str(error), code=error.code)


def _contents(settings: Settings) -> Iterator[Finding]:
    """Compare the files with what the store knows of them, and its times with the clock."""
    reader = Reader(settings.store.path)
    directory = settings.publish.directory
    missing, differing = [], []
    for record in reader.records():
        try:
            body = (directory / record.path).read_bytes()
        except OSError:
            missing.append(record.path)
        else:
            if sha256(body).hexdigest() != record.sha256:
                differing.append(record.path)
    for paths, what in (
        (missing, "{count} documents in {folder} are missing: {names}"),
        (differing, "{count} documents in {folder} are not as they were written: {names}"),
    ):
        if paths:
            named = ", ".join(paths[:_SHOWN]) + (" …" if len(paths) > _SHOWN else "")
            words = say(what, count=len(paths), folder=directory, names=named)
            advice = say("`aggregator publish --all` writes them again")
            yield Finding("files", "warn", words, advice)
    if not missing and not differing:
        words = say("every document in {folder} is as it was written", folder=directory)
        yield Finding("files", "ok", words)
    asked = [state.last_attempt_at for state in reader.states().values() if state.last_attempt_at]
    if asked and max(asked) > datetime.now(UTC) + _SKEW:
        time = f"{max(asked):%Y-%m-%d %H:%M}"
        words = say("sources were last asked in what is now the future ({time})", time=time)
        advice = say("set the clock right; the next run heals the times")
        yield Finding("clock", "warn", words, advice)


def _backups(settings: Settings) -> Finding:
    copies = Backups(settings.store.path, settings.store.backups).all()
    if copies:
        words = say("{count}, the newest is {path}", count=len(copies), path=copies[-1])
        return Finding("backups", "ok", words)
    if settings.store.backups:
        words, advice = say("there are none yet"), say("`aggregator run` makes one a day")
        return Finding("backups", "note", words, advice)
    advice = say("set backups in [store], or copy it yourself: `aggregator backup FILE`")
    return Finding("backups", "warn", say("none are made"), advice)


def _disks(settings: Settings) -> Iterator[Finding]:
    """Look at the disks of the store and of what is published: one, as a rule."""
    folders = {}
    for path in (settings.store.path.absolute().parent, settings.publish.directory.absolute()):
        folder = next(one for one in (path, *path.parents) if one.exists())
        folders[folder.stat().st_dev] = folder
    for folder in folders.values():
        yield _disk(folder)


def _disk(folder: Path) -> Finding:
    status = os.statvfs(folder)
    free = status.f_bavail * status.f_frsize
    words = say("{size} MB are free at {folder}", size=free // 10**6, folder=folder)
    if status.f_flag & os.ST_RDONLY:
        words = say(
            "{folder} is on a read-only disk: what is published stays served", folder=folder
        )
        advice = say("mount it writable; all goes on by itself then")
        return Finding("disk", "fail", words, advice)
    if free < _NOTHING:
        return Finding("disk", "fail", words, say("make room; all goes on by itself then"))
    return (
        Finding("disk", "warn", words, say("make room"))
        if free < _LITTLE
        else Finding("disk", "ok", words)
    )


def _network(settings: Settings) -> Iterator[Finding]:
    """Ask the first sources' servers what time it is, and whether they answer."""
    failing = 0
    dates = []
    asked = [source for source in settings.source if source.url.startswith("http")]
    with fetcher(settings) as network:
        for source in asked:
            begun = datetime.now(UTC)
            try:
                reply = network.call(Call(source.url))
            except FetchError as error:
                failing += 1
                yield Finding("source", "warn", f'"{source.id}" {error}', code=error.code)
                continue
            if date := read_date(reply.headers.get("date", "")):
                dates.append(date - begun)
    answered = len(asked) - failing
    words = say("{answered} of {asked} sources answer", answered=answered, asked=len(asked))
    yield Finding("network", "ok" if answered or not asked else "fail", words)
    if dates and abs(skew := sorted(dates)[len(dates) // 2]) > _SKEW:
        seconds = f"{skew.total_seconds():.0f}"
        words = say(
            "this machine's clock differs from most servers' by {seconds} s", seconds=seconds
        )
        yield Finding("clock", "warn", words, say("set it right, best by NTP"))
