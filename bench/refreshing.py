"""A thousand sources of 250 hosts asked: all new, all «not modified», all the same as before.

    python -m bench refreshing

Beside `reader` (a library with the same job) and `sfeed_update` (a shell script over curl and
programs in C, with the recipe of its documentation for ETags). nginx serves the feeds on loopback.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from bench.feeds import Web, nginx, served
from bench.process import Cost, aggregator, in_turn, measure
from bench.table import Row, missing

SOURCES = 1_000
ROUNDS = 3
MEMORY = 250  # MB at most
READER_WORKERS = 16
# Each article stays an entry of its own, and all of a new source are taken in: so it is in reader.
CONFIG = """[publish]
stories = "keep"
[fetch]
allow_private = ["127.0.0.0/8"]
[defaults]
first = "all"
"""
SFEEDRC = """sfeedpath="{folder}/sfeed"
fetch() {{
  etag="{folder}/etags/$(basename "$3")"
  curl -L --max-redirs 0 -H "User-Agent:" -f -s -m 15 --compressed \\
    --etag-save "${{etag}}" --etag-compare "${{etag}}" -z "${{etag}}" "$2" 2>/dev/null
}}
feeds() {{
{feeds}
}}
"""
READER = """
import json, sys
from reader import make_reader
reader = make_reader("reader.db", search_enabled=False)
if sys.argv[1] == "add":
    for url in json.load(open("urls.json")):
        reader.add_feed(url)
else:
    reader.update_feeds(scheduled=False, workers=int(sys.argv[2]))
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with the databases and configurations of all who refresh."""

    folder: Path

    def configure(self, urls: list[str]) -> None:
        """Have everybody ask *urls*; what they know of other ones is gone."""
        sources = (f'[[source]]\nid = "s{n}"\nurl = "{url}"\n' for n, url in enumerate(urls))
        (self.folder / "config.toml").write_text(CONFIG + "".join(sources), encoding="utf-8")
        feeds = "\n".join(f"  feed 's{n}' '{url}'" for n, url in enumerate(urls))
        recipe = SFEEDRC.format(folder=self.folder, feeds=feeds)
        (self.folder / "sfeedrc").write_text(recipe, encoding="utf-8")
        (self.folder / "urls.json").write_text(json.dumps(urls), encoding="utf-8")
        (self.folder / "etags").mkdir(exist_ok=True)
        (self.folder / "with_reader.py").write_text(READER, encoding="utf-8")
        self.forget()

    def forget(self) -> None:
        """Have nobody know anything."""
        for pattern in ("aggregator.db*", "reader.db*"):
            for path in self.folder.glob(pattern):
                path.unlink()

    def ours(self) -> Cost:
        """Refresh with our program."""
        command = aggregator("--quiet", "refresh", "--all", "--no-publish")
        return measure(command, self.folder)

    def reader(self) -> Cost:
        """Refresh with reader, which may have to be told of the feeds first."""
        command = [sys.executable, "with_reader.py"]
        if not (self.folder / "reader.db").exists():
            measure([*command, "add"], self.folder)
        return measure([*command, "update", str(READER_WORKERS)], self.folder)

    def sfeed(self) -> Cost:
        """Refresh with sfeed."""
        return measure(["sfeed_update", "sfeedrc"], self.folder)


def rows(scale: float) -> Iterator[Row]:
    """Yield what each kind of refresh costs us and them."""
    program = nginx()
    if program is None:
        yield missing("refresh", "", "nginx")
        return
    count = max(int(SOURCES * scale), 8)
    rounds = ROUNDS if scale >= 1 else 1
    with (
        tempfile.TemporaryDirectory(prefix="bench-refreshing-") as name,
        served(program, Path(name) / "web", count) as web,
    ):
        yield from _measured(Place(Path(name)), web, rounds)


def _measured(place: Place, web: Web, rounds: int) -> Iterator[Row]:
    """Yield the rows of the sources of *web*, those first that begin with nothing."""
    sources = f"{len(web.names):,} sources"

    def afresh(refresh: Callable[[], Cost]) -> Callable[[], Cost]:
        def refreshed() -> Cost:
            place.forget()
            return refresh()

        return refreshed

    place.configure(web.urls())
    costs = in_turn(1, ours=afresh(place.ours), **_reader(afresh(place.reader)))
    work = f"take in {sources}"
    yield from _beside(work, costs, "reader", wall=8, cpu=10, memory=1)
    limit = f"{MEMORY} MB at most"
    peak = costs["ours"].peak_mb
    yield Row(f"{work}, memory", f"{peak:.0f} MB", limit, MEMORY / peak, 1)
    place.ours()
    peers = _reader(place.reader)
    if shutil.which("sfeed_update"):
        place.sfeed()
        peers["sfeed"] = place.sfeed
    costs = in_turn(rounds, ours=place.ours, **peers)
    yield from _beside(f"ask {sources}, all 304", costs, "reader", cpu=3)
    yield from _beside(f"ask {sources}, all 304", costs, "sfeed", cpu=1, wall=1)
    place.configure(web.urls("whole/"))
    for refresh in (place.ours, *_reader(place.reader).values()):
        refresh()
    costs = in_turn(rounds, ours=place.ours, **_reader(place.reader))
    yield from _beside(f"ask {sources}, all 200 and the same", costs, "reader", cpu=10)


def _reader(refresh: Callable[[], Cost]) -> dict[str, Callable[[], Cost]]:
    return {"reader": refresh} if find_spec("reader") else {}


def _beside(work: str, costs: dict[str, Cost], peer: str, **aims: float) -> Iterator[Row]:
    """Yield a row for each measure that there is an aim for."""
    ours = costs["ours"]
    if peer not in costs:
        yield missing(work, str(ours), peer, aims.get("cpu"))
        return
    theirs = costs[peer]
    for measure_, aim in aims.items():
        name = {"cpu": "CPU", "wall": "clock", "memory": "memory"}[measure_]
        field = "peak_mb" if measure_ == "memory" else measure_
        unit = "MB" if measure_ == "memory" else "s"
        mine, other = getattr(ours, field), getattr(theirs, field)
        said = f"{mine:.3g} {unit}", f"{peer}: {other:.3g} {unit}"
        yield Row(f"{work}, {name}", *said, other / mine, aim)
