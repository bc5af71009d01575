"""The tour of the demo: what happens, said in order, each thing when it has come about.

Nothing is said that was not seen: in the store, in the published feeds, in a command's own words.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import URLError
from urllib.request import urlopen

from aggregator.cli.speech import say
from aggregator.cli.stay import Stay
from aggregator.cli.terminal import padded, print_line
from aggregator.demo.newsroom import Newsroom
from aggregator.demo.papers import Paper
from aggregator.errors import StoreError
from aggregator.model import SourceState
from aggregator.record import record
from aggregator.store.reader import Reader

_PAUSE = 1.0  # seconds to read a step in
_PATIENCE = 30.0  # seconds, for anything to come about

_FORMS = {
    "rss": "RSS",
    "atom": "Atom",
    "json-feed": "JSON Feed",
    "api": "JSON API",
    "page": "web page",
    "sitemap": "sitemap",
    "posts": "folder of posts",
}

T = TypeVar("T")
Item = dict[str, Any]
"""An entry of a published JSON Feed."""


@record(frozen=True, slots=True)
class Stand:
    """What is shown: the papers, the program's folder and its site.

    `run` runs a command of the program, whose words go to the terminal.
    """

    newsroom: Newsroom
    folder: Path
    address: str
    run: Callable[..., None]

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def command(self, *arguments: str) -> None:
        """Run a command on the demo's configuration."""
        self.run("--config", str(self.config), *arguments)

    def is_serving(self) -> bool:
        """Say whether readers can be served."""
        return self._get("readyz") is not None

    def items(self, feed: str) -> list[Item]:
        """Return the entries of a published feed, the newest first; none where there is none."""
        body = self._get(f"{feed}/feed.json")
        return json.loads(body)["items"] if body else []

    def states(self) -> dict[str, SourceState]:
        """Return how the sources are that were asked already, by id."""
        with suppress(StoreError):
            return Reader(self.folder / "aggregator.db").states()
        return {}

    def counts(self) -> dict[str, int]:
        """Return how many articles are kept of each source."""
        return Reader(self.folder / "aggregator.db").article_counts()

    def _get(self, path: str) -> bytes | None:
        try:
            with urlopen(f"{self.address}{path}", timeout=5) as answer:  # noqa: S310
                body: bytes = answer.read()
        except (URLError, ConnectionError, TimeoutError):
            return None
        return body


class Guide:
    """Who speaks: numbered steps, with a pause to read in where somebody reads."""

    def __init__(self, stay: Stay, *, unhurried: bool) -> None:
        self._stay = stay
        self._pause = _PAUSE if unhurried else 0.0
        self._steps = 0
        self.well = True
        self.took = 0.0

    def step(self, words: str) -> None:
        """Begin the next step."""
        if self._steps:
            self._stay.wait(self._pause)
        self._steps += 1
        print_line(f"\n{self._steps:2}  {words}")

    def say(self, words: str) -> None:
        print_line(f"    {words}")

    def see(self, look: Callable[[], T]) -> T:
        """Wait until *look* sees something and return it; `took` are the seconds until then.

        Where it never does, that is said, and what it saw last is returned: nothing.
        """
        begun = time.monotonic()
        seen = self._stay.until(look, _PATIENCE)
        self.took = time.monotonic() - begun
        if not seen:
            words = "✗ this did not come about in {seconds:.0f} s, which should not be"
            self.say(say(words, seconds=_PATIENCE))
            self.well = False
        return seen


def show_sources(stand: Stand, guide: Guide) -> None:
    """Say what is there to be asked, before the daemon runs."""
    words = "A newsroom on this machine: ten made-up papers, at {address}/"
    guide.step(say(words, address=stand.newsroom.base))
    guide.say(say("One is slow, one has moved, one fails. Nothing leaves this machine."))
    guide.step(say("One file says it all: {path}", path=stand.config))
    guide.say(say("(`aggregator demo --config` prints it.) What it means:"))
    _have_said(stand, guide, "check")


def show_work(stand: Stand, guide: Guide) -> None:
    """Show the daemon at work; raises Over where it is to end before that."""
    for part in (_refresh, _stories, _failing, _again, _edit, _news, _look_around):
        part(stand, guide)


def _have_said(stand: Stand, guide: Guide, command: str) -> None:
    guide.say(f"$ aggregator {command}")
    stand.command(command)


# ── the steps ─────────────────────────────────────────────────────────────────────────────────────


def _refresh(stand: Stand, guide: Guide) -> None:
    guide.step(say("`aggregator run` asks them all at once, and nobody waits for the slow one"))
    told: set[str] = set()

    def all_told() -> bool:
        for id_, state in stand.states().items():
            if id_ not in told and state.last_attempt_at:
                told.add(id_)
                guide.say(_came(stand.newsroom.papers[id_], state, stand.counts()))
        return told == stand.newsroom.papers.keys()

    guide.see(all_told)


def _came(paper: Paper, state: SourceState, counts: dict[str, int]) -> str:
    named = f"{padded(say(_FORMS[paper.form]), 15)} {paper.title}"
    if state.failures:
        return f"✗ {named}: {state.error}"
    return f"✓ {named}: {say('{count} new', count=counts.get(paper.id, 0))}"


def _stories(stand: Stand, guide: Guide) -> None:
    guide.step(say("Where two papers tell the same story, it is one entry that names them both"))
    for feed in ("town", "chaguan"):
        for item in guide.see(lambda: _merged(stand.items(feed)))[:1]:  # noqa: B023 - called at once
            said = item["_aggregator"]
            others = ", ".join(one["source"] for one in said["also"])
            told = say("({source}; also: {others})", source=said["source"], others=others)
            guide.say(f"{item['title']}  {told}")


def _merged(items: list[Item]) -> list[Item]:
    return [item for item in items if item["_aggregator"].get("also")]


def _failing(stand: Stand, guide: Guide) -> None:
    guide.step(
        say("Where one fails the others do not suffer; the status has it first, and says why")
    )
    _have_said(stand, guide, "status")
    guide.say(
        say("The snail has moved (301). It is followed, and believed when that has held for days.")
    )


def _again(stand: Stand, guide: Guide) -> None:
    guide.step(say("They are asked again every two seconds here, and tell only what has changed"))
    newsroom, articles = stand.newsroom, sum(stand.counts().values())
    enough = newsroom.not_modified + 5
    if guide.see(lambda: newsroom.not_modified >= enough):
        asked, unchanged = newsroom.asked, newsroom.not_modified
        words = "{asked} requests so far, of which {unchanged} brought «not modified» (304)"
        guide.say(say(words, asked=asked, unchanged=unchanged))
        after = sum(stand.counts().values())
        guide.say(say("{before} articles before, {after} after", before=articles, after=after))


def _edit(stand: Stand, guide: Guide) -> None:
    edited = stand.newsroom.script.edit
    guide.step(say("The Gazette edits an article"))
    before = guide.see(lambda: _of(stand, edited.id))
    stand.newsroom.print(edited)
    after = guide.see(
        lambda: [one for one in _of(stand, edited.id) if one["title"] == edited.title]
    )
    for old, new in zip(before, after, strict=False):
        guide.say(say("before  {title}", title=old["title"]))
        guide.say(say("after   {title}", title=new["title"]))
        kept = [name for name in ("id", "url", "date_published") if new[name] == old[name]]
        words = "published {seconds:.1f} s after it was printed; as it was: {names};"
        guide.say(say(words, seconds=guide.took, names=", ".join(kept)))
        guide.say(f"date_modified {old['date_modified']} → {new['date_modified']}")


def _of(stand: Stand, id_: str) -> list[Item]:
    """Return the entry that is the Gazette's story *id_*, none where it is not published."""
    return [item for item in stand.items("town") if item["url"].endswith(f"/gazette/{id_}")]


def _news(stand: Stand, guide: Guide) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    news = replace(stand.newsroom.script.news, published=now)
    guide.step(say("The Gazette has news"))
    stand.newsroom.print(news)
    if guide.see(lambda: _of(stand, news.id)):
        guide.say(f"{news.title}")
        guide.say(say("published {seconds:.1f} s after it was printed", seconds=guide.took))


def _look_around(stand: Stand, guide: Guide) -> None:
    guide.step(say("Look around: {address}", address=stand.address))
    guide.say(f"{stand.address}search?q=duck    {stand.address}status")
    words = "{site}all/atom.xml     for your reader; {site}feeds.opml has all"
    guide.say(say(words, site=stand.address))
