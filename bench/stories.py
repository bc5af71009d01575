"""What it costs to find that several sources tell one story, where all share one category.

    python -m bench stories

They come in feeds of a hundred.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from bench.process import Cost, aggregator, in_turn, measure
from bench.table import Row

ARTICLES = 3_000
EACH = 100  # articles of a feed
ROUNDS = 3
CONFIG = """[site]
url = "https://finews.example"
language = "zh-CN"
[publish]
stories = "{stories}"
[defaults]
category = "news"
first = "all"
[[source]]
id = "paper-{{n}}"
for = {{ n = {numbers} }}
url = "{kind}-{{n}}.xml"
"""
HAN = [chr(0x4E00 + number) for number in range(1500)]
OFTEN = [1 / (rank + 1) ** 0.8 for rank in range(len(HAN))]
STOPS = ["the", "of", "and", "to", "in", "a", "is", "that", "for", "it", "was", "on", "are", "as"]
LETTERS = "etaoinshrdlucmfwypvbgkjqxz"

Write = Callable[[random.Random], tuple[str, str]]


def rows(scale: float) -> Iterator[Row]:
    """Yield for each kind of text what it costs to merge, beside keeping all apart."""
    feeds = max(int(ARTICLES * scale) // EACH, 2)
    rounds = ROUNDS if scale >= 1 else 1
    for kind, write in {"Chinese": chinese, "English": english, "one form": form}.items():
        apart, merged = _costs(kind.replace(" ", "-"), write, feeds, rounds)
        work = f"merge the stories of {feeds * EACH:,} articles, {kind}"
        yield Row(work, str(merged), f"kept apart: {apart}", apart.cpu / merged.cpu, 0.85)


def chinese(chance: random.Random) -> tuple[str, str]:
    """Return a title and a text of characters as often as in Chinese."""
    title = chance.choices(HAN, OFTEN, k=chance.randint(14, 26))
    return "".join(title), "".join(chance.choices(HAN, OFTEN, k=700))


def english(chance: random.Random) -> tuple[str, str]:
    """Return a title and a text of words."""
    return _words(chance, chance.randint(7, 12)).capitalize(), _words(chance, 300)


def form(chance: random.Random) -> tuple[str, str]:
    """Return a notice as there is one for each company each day."""
    name, sum_ = "".join(chance.choices(HAN, k=3)), f"{chance.randint(1, 9000) / 100}"
    text = "当日融资买入额与融资偿还额基本持平，融券余额处于低位，超过近一年百分之八十的交易日。"
    return (
        f"{name}：11月20日融资净买入{sum_}亿元",
        f"{name}11月20日获融资净买入{sum_}亿元，融资余额{chance.randint(1, 900)}亿元。" + text * 4,
    )


@cache
def _vocabulary() -> tuple[list[str], list[float]]:
    """Return words, the short ones first, and how often each is (Zipf's law)."""
    chance = random.Random(5)
    rare = [
        "".join(chance.choices(LETTERS, range(26, 0, -1), k=chance.randint(4, 10)))
        for _ in range(8000)
    ]
    return STOPS + rare, [1 / (rank + 3) for rank in range(len(STOPS) + len(rare))]


def _words(chance: random.Random, count: int) -> str:
    words, often = _vocabulary()
    return " ".join(chance.choices(words, often, k=count))


def _costs(kind: str, write: Write, feeds: int, rounds: int) -> tuple[Cost, Cost]:
    """Return what a refresh costs where each article is an entry, and where stories are merged."""
    with tempfile.TemporaryDirectory(prefix="bench-stories-") as name:
        folder, numbers = Path(name), list(range(feeds))
        _write_feeds(folder, kind, numbers, write)

        def refresh(stories: str) -> Cost:
            config = CONFIG.format(stories=stories, numbers=numbers, kind=kind)
            (folder / "config.toml").write_text(config, encoding="utf-8")
            for old in folder.glob("aggregator.db*"):
                old.unlink()
            return measure(aggregator("--quiet", "refresh", "--no-publish"), folder)

        found = in_turn(rounds, apart=lambda: refresh("keep"), merged=lambda: refresh("merge"))
        return found["apart"], found["merged"]


def _write_feeds(folder: Path, kind: str, numbers: list[int], write: Write) -> None:
    chance = random.Random(4)
    for number in numbers:
        items = []
        for place in range(EACH):
            title, text = write(chance)
            at = f"{20 + place % 2} Nov 2026 {place % 24:02}:{number % 60:02}:00 GMT"
            link = f"https://paper{number}.example/{place}"
            items.append(
                f"<item><title>{title}</title><link>{link}</link><pubDate>{at}</pubDate>"
                f"<description>&lt;p&gt;{text}&lt;/p&gt;</description></item>"
            )
        feed = (
            f'<rss version="2.0"><channel><title>{number}</title>{"".join(items)}</channel></rss>'
        )
        (folder / f"{kind}-{number}.xml").write_text(feed, encoding="utf-8")
