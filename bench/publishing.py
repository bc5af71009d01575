"""A feed of a hundred entries beside feedgen alone: cold, and of fragments that are kept.

    python -m bench publishing

feedgen alone is given the same words, as far as it has a place for them, and writes the same feed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Any

import lxml.etree  # isort: skip # noqa: F401 - before feedgen, which uses it without importing it
import feedgen.entry
import feedgen.feed
from feedgen.feed import FeedGenerator

_AS_SHIPPED = feedgen.entry.formatRFC2822  # before our own modules put theirs in its place

from aggregator.config.settings import Publish, Site  # noqa: E402
from aggregator.model import Article, Category, Channel  # noqa: E402
from aggregator.publish import addresses, atom, json_feed, rss, wording  # noqa: E402
from aggregator.publish.fragments import Fragments, packed, unpacked  # noqa: E402
from aggregator.publish.press import Press  # noqa: E402
from bench.table import Row  # noqa: E402
from tests.articles import article  # noqa: E402

ENTRIES = 100
ROUNDS = 15
TEXT = "<p>" + "努力实现发展与安全良性互动，认真践行总体国家安全观，" * 20 + "</p>"
CHANNEL = Channel("world", "World")
FORMATS = {"RSS": rss, "Atom": atom, "JSON Feed": json_feed}


def rows(scale: float) -> Iterator[Row]:
    """Yield what a feed costs, cold and from what is kept of its entries."""
    press, entries = _press(), _articles(max(int(ENTRIES * scale), 2))
    work = f"a feed of {len(entries)} entries"
    for name, module in FORMATS.items():
        kept = replace(press, fragments=_kept(press, entries))
        tasks: dict[str, Callable[[], object]] = {
            "cold": partial(_document, module, press, entries),
            "kept": partial(_document, module, kept, entries),
        }
        if name != "JSON Feed":
            tasks["alone"] = partial(_alone, name, press, entries)
        cost = _in_turn(tasks)
        for how, aim in (("cold", 1.3), ("kept", 40.0)):
            said = f"{work}, {name}, {'rendered' if how == 'cold' else 'of kept entries'}"
            if "alone" in cost:
                peer, ratio = f"feedgen {_ms(cost['alone'])}", cost["alone"] / cost[how]
                yield Row(said, _ms(cost[how]), peer, ratio, aim)
            else:
                yield Row(said, _ms(cost[how]))
    bodies = [packed(forms) for forms in _forms(press, entries).values()]
    cost = _in_turn({"unpack": lambda: [unpacked(body) for body in bodies]})
    yield Row(f"{len(entries)} entries in three formats, unpacked", _ms(cost["unpack"]))


def _document(module: Any, press: Press, entries: Sequence[Article]) -> bytes:
    (document,) = module.documents(press, CHANNEL, entries)
    return bytes(document.body)


def _in_turn(tasks: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median seconds of CPU of each task, run in turn with the others."""
    spent: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(ROUNDS):
        for name, task in tasks.items():
            begun = time.process_time()
            task()
            spent[name].append(time.process_time() - begun)
    return {name: median(found) for name, found in spent.items()}


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


def _press() -> Press:
    site = Site.model_validate({"url": "https://finews.example", "language": "zh-CN"})
    categories = {"World": Category("world", "World", "World")}
    return Press(site, Publish.model_validate({}), categories)


def _articles(count: int) -> list[Article]:
    return [
        article(number, content=f"<p>{number}</p>{TEXT}", tags=("财经",), summary="摘要")
        for number in range(1, count + 1)
    ]


def _forms(press: Press, entries: Sequence[Article]) -> dict[str, dict[str, bytes]]:
    language = press.language(CHANNEL)
    return {
        one.public_id: {
            "rss": rss.item(press, one, language),
            "atom": atom.entry(press, one, language),
            "json": json_feed.item(press, one, language),
        }
        for one in entries
    }


def _kept(press: Press, entries: Sequence[Article]) -> Fragments:
    return Fragments(_forms(press, entries))


# ── feedgen alone ─────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _as_shipped() -> Iterator[None]:
    """Have feedgen write dates in its own way in the block."""
    ours = feedgen.entry.formatRFC2822
    feedgen.entry.formatRFC2822 = feedgen.feed.formatRFC2822 = _AS_SHIPPED
    try:
        yield
    finally:
        feedgen.entry.formatRFC2822 = feedgen.feed.formatRFC2822 = ours


def _alone(name: str, press: Press, entries: Sequence[Article]) -> bytes:
    """Write the feed as feedgen's manual does it."""
    own, page = f"{press.site.base}/world/feed", f"{press.site.base}/world/"
    with _as_shipped():
        feed = FeedGenerator()
        feed.load_extension("dc")
        feed.id(own)
        feed.title(CHANNEL.title)
        feed.subtitle("World")
        feed.updated(max(one.updated for one in entries))
        feed.language(press.site.language)
        feed.link([{"href": own, "rel": "self"}, {"href": page, "rel": "alternate"}])
        for one in entries:
            _add(feed, name, press, one)
        markup: bytes = feed.rss_str() if name == "RSS" else feed.atom_str()
        return markup


def _add(feed: FeedGenerator, name: str, press: Press, one: Article) -> None:
    entry = feed.add_entry(order="append")
    entry.id(one.public_id)
    entry.title(one.title)
    entry.published(one.published)
    entry.category([{"term": term.label} for term in wording.terms(press, one)])
    if name == "RSS":
        entry.link(href=addresses.link(press, one))
        entry.content(wording.body(press, one))
        entry.description(one.summary, isSummary=True)
        entry.source(url=addresses.source_address(one), title=one.attribution.publisher)
        entry.dc.dc_creator(one.attribution.publisher)
    else:
        entry.updated(one.updated)
        entry.content(wording.body(press, one), type="html")
        entry.summary(one.summary, type="text")
        entry.author({"name": one.attribution.publisher, "uri": one.attribution.publisher_url})
        entry.source(url=addresses.source_address(one), title=one.attribution.publisher)
        entry.link([{"href": addresses.link(press, one), "rel": "alternate", "type": "text/html"}])
