"""The real job at its real size: 17,000 articles in 2,000 categories, beside `jekyll build`.

    python -m bench finews

AGGREGATOR_BENCH_ARTICLES and AGGREGATOR_BENCH_CATEGORIES make it smaller.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.cli.composition import Invocation, load, working_on
from aggregator.pipeline.publication import Publisher
from bench.process import Cost, aggregator, measure
from tests.newsroom import SPACES, Newsroom, serving

ARTICLES = int(os.environ.get("AGGREGATOR_BENCH_ARTICLES", "17000"))
CATEGORIES = int(os.environ.get("AGGREGATOR_BENCH_CATEGORIES", "2000"))
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


def newsroom() -> Newsroom:
    """Return a newsroom of this size; its articles are those of the last ten days."""
    room = Newsroom()
    begun = datetime(2026, 11, 10, 8, 0)
    for number in range(ARTICLES):
        medium = f"第{number % CATEGORIES}日报"
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


def main() -> None:
    """Measure, and print a table."""
    folder = Path(tempfile.mkdtemp(prefix="bench-finews-"))
    try:
        with serving(newsroom()) as room:
            (folder / "config.toml").write_text(room.config(), encoding="utf-8")
            print(f"{ARTICLES} articles, {CATEGORIES} categories")
            taken = measure(aggregator("--quiet", "refresh", "--no-publish"), folder)
            print(f"refresh, all new        {taken}")
            full = measure(aggregator("--quiet", "publish", "--all"), folder)
            print(f"publish, everything     {full}")
            _one_more(room, folder)
        _beside_jekyll(folder, full)
    finally:
        shutil.rmtree(folder)


def _one_more(room: Newsroom, folder: Path) -> None:
    """Measure what one new article costs: the command, and inside a process that is running."""
    room.sell(37, "NEW1", "新的文章", "第1日报", datetime="2026-11-22 09:00:00")
    cost = measure(aggregator("--quiet", "refresh", "market-37"), folder)
    print(f"refresh, one new        {cost}")
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
    print(f"publish, one new        {spent * 1000:8.1f} ms cpu, running, {len(paths)} files")


def _beside_jekyll(folder: Path, ours: Cost) -> None:
    """Have Jekyll build the same posts, where it is installed."""
    jekyll = shutil.which("jekyll")
    if jekyll is None:
        print("jekyll is not installed: no comparison")
        return
    site = folder / "jekyll"
    (site / "_layouts").mkdir(parents=True)
    (site / "category").mkdir()
    for name, layout in LAYOUTS.items():
        (site / "_layouts" / f"{name}.html").write_text(layout, encoding="utf-8")
    for number in range(CATEGORIES):
        name = f"di{number}ribao"
        page = f"---\nlayout: category\ncategory: {name}\n---\n"
        (site / "category" / f"{name}.html").write_text(page, encoding="utf-8")
    (site / "index.html").write_text(INDEX, encoding="utf-8")
    (site / "feed.xml").write_text(FEED, encoding="utf-8")
    (site / "_config.yml").write_text("future: true\n", encoding="utf-8")
    shutil.copytree(folder / "feeds" / "_posts", site / "_posts")
    theirs = measure([jekyll, "build", "--quiet"], site)
    print(f"jekyll build            {theirs}")
    print(
        f"jekyll ÷ publish: {theirs.wall / ours.wall:.1f} × wall, {theirs.cpu / ours.cpu:.1f} × cpu"
    )
