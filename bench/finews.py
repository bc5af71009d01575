"""The real job at its real size: 17,000 articles in 2,000 categories, beside `jekyll build`.

python -m bench finews
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from aggregator.cli.composition import Invocation, load, working_on
from aggregator.model import SourceState
from aggregator.pipeline.publication import Publisher
from aggregator.store.intake import Intake
from bench.process import Cost, aggregator, measure
from bench.table import Row, missing
from tests.articles import NOW, article
from tests.newsroom import SPACES, Newsroom, serving

ARTICLES, CATEGORIES = 17_000, 2_000
ROUNDS = 7  # of one more article
ONE = "publish one new, in a running process"
PARAGRAPH = (
    "<p>" + SPACES + "认真践行总体国家安全观，牢固树立底线思维，发扬斗争精神，" * 4 + "。</p>\n "
)

# What the site had before: a page for each post and each category, a home page with each tag's five
# newest, a feed. Ours has three feeds for each category besides.
LAYOUTS = {
    "post": "<!doctype html><html><head><title>{{ page.title }}</title></head><body>"
    "<h1>{{ page.title }}</h1><p>{{ page.date }}</p>{{ content }}</body></html>",
    "category": "<!doctype html><html><head><title>{{ page.category }}</title></head><body><ul>"
    "{% for post in site.categories[page.category] %}"
    '<li>{{ post.date }} <a href="{{ post.url }}">{{ post.title }}</a></li>{% endfor %}</ul>'
    "</body></html>",
}
INDEX = """---
---
{% for tag in site.tags %}<h2>{{ tag[0] }}</h2>
<ul>{% for post in tag[1] limit: 5 %}<li><a href="{{ post.url }}">{{ post.title }}</a></li>
{% endfor %}</ul>{% endfor %}
"""
FEED = """---
---
<?xml version="1.0"?><rss version="2.0"><channel><title>finews</title>
{% for post in site.posts limit: 100 %}<item><title>{{ post.title | xml_escape }}</title>
<description>{{ post.content | xml_escape }}</description></item>{% endfor %}</channel></rss>
"""


def rows(scale: float) -> Iterator[Row]:
    """Yield what taking in, publishing and one more article cost."""
    articles, categories = max(int(ARTICLES * scale), 10), max(int(CATEGORIES * scale), 2)
    with tempfile.TemporaryDirectory(prefix="bench-finews-") as name:
        folder = Path(name)
        with serving(newsroom(articles, categories)) as room:
            (folder / "config.toml").write_text(room.config(), encoding="utf-8")
            taken = measure(aggregator("--quiet", "refresh", "--no-publish"), folder)
            yield Row(
                f"refresh, {articles:,} new articles in {categories:,} categories", str(taken)
            )
            full = measure(aggregator("--quiet", "publish", "--all"), folder)
            one = yield from _one_more(room, folder)
        yield from _beside_jekyll(folder, full, one, categories)


def newsroom(articles: int, categories: int) -> Newsroom:
    """Return a newsroom of this size; its articles are those of the last ten days."""
    room = Newsroom()
    begun = datetime(2026, 11, 10, 8, 0)
    for number in range(articles):
        medium = f"第{number % categories}日报"
        credit = f'<p class="em_media">（文章来源：{medium}）</p>'
        room.sell(
            37,
            f"NW{number:08}",
            f"第{number}篇文章：努力实现发展与安全良性互动",
            medium,
            datetime=f"{begun + timedelta(seconds=number * 40):%Y-%m-%d %H:%M:%S}",
            body=PARAGRAPH * 8 + credit,
        )
    return room


def _one_more(room: Newsroom, folder: Path) -> Generator[Row, None, Cost]:
    """Measure what one new article costs: the command, and inside a process that is running.

    The latter is returned.
    """
    room.sell(37, "NEW1", "新的文章", "第1日报", datetime="2026-11-22 09:00:00")
    cost = measure(aggregator("--quiet", "refresh", "market-37"), folder)
    yield Row("refresh and publish, one new", str(cost))
    settings = load(Invocation(folder / "config.toml"))
    costs = []
    with working_on(settings) as store:
        publisher = Publisher(settings, store)
        for number in range(ROUNDS + 1):  # the first one has everything imported and read
            made = article(number, id=f"bench{number:05}", categories=("第1日报",))
            with store.transaction():
                store.take_in(Intake(SourceState("market-37", last_ok_at=NOW), (made,)))
            begun, clock = time.process_time(), time.monotonic()
            paths = publisher.publish()
            costs.append(Cost(time.monotonic() - clock, time.process_time() - begun, 0))
    one = Cost(median(cost.wall for cost in costs[1:]), median(cost.cpu for cost in costs[1:]), 0)
    said = f"{one.cpu * 1000:.1f} ms of CPU, {one.wall * 1000:.0f} ms, {len(paths)} documents"
    yield Row(ONE, said, "50 ms of CPU at most", 0.050 / one.cpu, 1)
    return one


def _beside_jekyll(folder: Path, ours: Cost, one: Cost, categories: int) -> Iterator[Row]:
    """Have Jekyll build the same posts, where it is installed."""
    work = "publish everything, beside `jekyll build`"
    jekyll = shutil.which("jekyll")
    if jekyll is None:
        yield missing(work, str(ours), "jekyll", 50)
        return
    site = folder / "jekyll"
    (site / "_layouts").mkdir(parents=True)
    (site / "category").mkdir()
    for name, layout in LAYOUTS.items():
        (site / "_layouts" / f"{name}.html").write_text(layout, encoding="utf-8")
    for number in range(categories):
        name = f"di{number}ribao"
        page = f"---\nlayout: category\ncategory: {name}\n---\n"
        (site / "category" / f"{name}.html").write_text(page, encoding="utf-8")
    (site / "index.html").write_text(INDEX, encoding="utf-8")
    (site / "feed.xml").write_text(FEED, encoding="utf-8")
    (site / "_config.yml").write_text("future: true\n", encoding="utf-8")
    shutil.copytree(folder / "feeds" / "_posts", site / "_posts")
    theirs = measure([jekyll, "build", "--quiet"], site)
    yield Row(work, str(ours), f"jekyll: {theirs}", theirs.wall / ours.wall, 50)
    yield Row(f"{work}, CPU", f"{ours.cpu:.2f} s", f"{theirs.cpu:.2f} s", theirs.cpu / ours.cpu)
    said = f"{one.wall * 1000:.0f} ms, {one.cpu * 1000:.1f} ms of CPU"
    yield Row(f"{ONE}, beside `jekyll build`", said, str(theirs), theirs.wall / one.wall, 2000)
