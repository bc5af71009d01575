"""Libraries that readers are made with, of Python and of JavaScript."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
from calendar import timegm
from functools import cache
from pathlib import Path
from urllib.request import urlopen

import feedparser

from tests.readers.desk import Seen, moment, run

_SCRIPT = Path(__file__).with_name("read.mjs")
_FORMATS = {"rss.xml": "rss", "atom.xml": "atom", "feed.json": "json"}


def _fetched(address: str) -> bytes:
    with urlopen(address, timeout=10) as answer:
        body: bytes = answer.read()
        return body


def with_feedparser(address: str, folder: Path) -> Seen:
    one = feedparser.parse(_fetched(address)).entries[0]
    date, content = moment(timegm(one.published_parsed)), one.content[0].value
    return Seen(one.title, one.link, date, one.author, content, one.source.title)


def with_reader(address: str, folder: Path) -> Seen:
    reader = importlib.import_module("reader").make_reader(str(folder / "reader.db"))
    try:
        reader.add_feed(address)
        reader.update_feeds()
        one = next(iter(reader.get_entries(sort="recent", limit=1)))
        source = one.source.title if one.source else None
        content = one.content[0].value
        return Seen(one.title, one.link, one.published, one.authors_str, content, source)
    finally:
        reader.close()


def with_fastfeedparser(address: str, folder: Path) -> Seen:
    parse = importlib.import_module("fastfeedparser").parse
    one = parse(_fetched(address).decode()).entries[0]
    return Seen(one.title, one.link, moment(one.published), one.author, one.content[0]["value"])


@cache
def node_modules() -> Path | None:
    """Return where npm installs for all, None where there is no npm."""
    if not shutil.which("npm"):
        return None
    ended = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=False)
    return Path(ended.stdout.strip()) if ended.returncode == 0 else None


def with_node(library: str, address: str, folder: Path) -> Seen:
    modules = node_modules()
    assert modules is not None
    (folder / "node_modules").symlink_to(modules)
    script = folder / _SCRIPT.name
    shutil.copy(_SCRIPT, script)
    kind = _FORMATS[address.rpartition("/")[2]]
    text = _fetched(address).decode()
    seen = json.loads(run(folder, "node", str(script), library, kind, text=text))
    return Seen(**{**seen, "date": moment(seen["date"])})
