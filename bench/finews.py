"""The real job at its real size: 17,000 articles in 2,000 categories, beside `jekyll build`.

python -m bench finews
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.cli.composition import Invocation, load, working_on
from aggregator.pipeline.publication import Publisher
from bench.process import Cost, aggregator, measure
from bench.table import Row, missing
from tests.newsroom import SPACES, Newsroom, serving

ARTICLES, CATEGORIES = 17_000, 2_000
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
            yield from _one_more(room, folder)
        yield _beside_jekyll(folder, full, categories)


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


def _one_more(room: Newsroom, folder: Path) -> Iterator[Row]:
    """Measure what one new article costs: the command, and inside a process that is running."""
    room.sell(37, "NEW1", "新的文章", "第1日报", datetime="2026-11-22 09:00:00")
    cost = measure(aggregator("--quiet", "refresh", "market-37"), folder)
    yield Row("refresh and publish, one new", str(cost))
    settings = load(Invocation(folder / "config.toml"))
    for minute in (1, 2):  # the first one only has everything imported
        title = f"又一篇文章 {minute}"
        room.sell(37, f"MORE{minute}", title, "第1日报", datetime=f"2026-11-22 09:0{minute}:00")
        measure(aggregator("--quiet", "refresh", "market-37", "--no-publish"), folder)
        with working_on(settings) as store:
            publisher = Publisher(settings, store)
            begun = time.process_time()
            paths = publisher.publish()
            spent = time.process_time() - begun
    said = f"{spent * 1000:.1f} ms of CPU, {len(paths)} documents"
    yield Row("publish one new, in a running process", said)


def _beside_jekyll(folder: Path, ours: Cost, categories: int) -> Row:
    """Have Jekyll build the same posts, where it is installed."""
    work = "publish everything, beside `jekyll build`"
    jekyll = shutil.which("jekyll")
    if jekyll is None:
        return missing(work, str(ours), "jekyll")
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
    return Row(work, str(ours), f"jekyll: {theirs}", theirs.wall / ours.wall)
