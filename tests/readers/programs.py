"""Feed readers that people use, each run as they run it."""

from __future__ import annotations

import email
import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from email import policy
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.request import urlopen

from tests.readers.desk import Seen, moment, run

_RSS2EMAIL = """
[DEFAULT]
from = feeds@example.org
to = me@example.org
email-protocol = maildir
maildir-path = {folder}/mail
maildir-mailbox = inbox
html-mail = True
date-header = True
"""
_LIFEREA_LIST = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Liferea Feed List Export</title></head><body>
<outline text="w" title="w" type="{kind}" xmlUrl="{address}" id="abcdefg" updateInterval="10"/>
</body></opml>
"""


def newsboat(address: str, folder: Path) -> Seen:
    (folder / "urls").write_text(address + "\n")
    (folder / "config").write_text("auto-reload no\n")
    files = ["-u", "urls", "-c", "cache.db", "-C", "config"]
    options = [option if option[0] == "-" else str(folder / option) for option in files]
    run(folder, "newsboat", *options, "-x", "reload")
    with closing(sqlite3.connect(folder / "cache.db")) as database:
        title, link, date, author, content = database.execute(
            "SELECT title, url, pubDate, author, content FROM rss_item ORDER BY pubDate DESC"
        ).fetchone()
    return Seen(title, link, moment(date), author, content)


def sfeed(address: str, folder: Path) -> Seen:
    with urlopen(address, timeout=10) as answer:
        lines = run(folder, "sfeed", text=answer.read().decode())
    date, title, link, content, kind, _, author, *_ = lines.split("\n")[0].split("\t")
    assert kind == "html"
    return Seen(title, link, moment(date), author, content.replace("\\n", "\n"))


def rss2email(address: str, folder: Path) -> Seen:
    (folder / "mail").mkdir()
    (folder / "config").write_text(_RSS2EMAIL.format(folder=folder))
    files = ["r2e", "-c", str(folder / "config"), "-d", str(folder / "data")]
    for arguments in (["add", "world", address], ["run"]):
        run(folder, *files, *arguments)
    mails = [
        email.message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (folder / "mail").rglob("*")
        if path.is_file()
    ]
    newest = max(mails, key=lambda mail: parsedate_to_datetime(mail["Date"]))
    author = newest["From"].addresses[0].display_name.removeprefix("World: ")
    body = newest.get_content()
    date = parsedate_to_datetime(newest["Date"])
    return Seen(newest["Subject"], newest["X-RSS-URL"], moment(date.timestamp()), author, body)


def liferea(address: str, folder: Path) -> Seen:
    kind = "atom" if address.endswith("atom.xml") else "rss"
    for path, text in (
        ("config/liferea/feedlist.opml", _LIFEREA_LIST.format(kind=kind, address=address)),
        ("config/glib-2.0/settings/keyfile", "[net/sf/liferea]\nstartup-feed-action=0\n"),
    ):
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_text(text)
    (folder / "run").mkdir(mode=0o700)
    names = {"XDG_CONFIG_HOME": "config", "XDG_DATA_HOME": "data", "XDG_CACHE_HOME": "cache"}
    names["XDG_RUNTIME_DIR"] = "run"
    environment = {name: str(folder / place) for name, place in names.items()}
    environment |= {"HOME": str(folder), "PATH": "/usr/bin:/bin", "GSETTINGS_BACKEND": "keyfile"}
    started = subprocess.Popen(
        ["dbus-run-session", "--", "xvfb-run", "-a", "liferea"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        return _from_liferea(folder / "data" / "liferea" / "liferea.db")
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def _from_liferea(database: Path) -> Seen:
    for _ in range(300):
        time.sleep(0.1)
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(database)) as opened:
            rows = opened.execute(
                "SELECT title, source, date, description, item_id FROM items ORDER BY date DESC"
            ).fetchall()
            if len(rows) == 2:
                title, link, date, content, item = rows[0]
                facts = dict(
                    opened.execute("SELECT key, value FROM metadata WHERE item_id = ?", [item])
                )
                author = (facts.get("author") or facts["creator"]).split(" (<a")[0]
                return Seen(
                    title, link, moment(date), author, content, facts.get("realSourceTitle")
                )
    raise AssertionError("liferea has read nothing")
