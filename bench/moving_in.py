"""An archive of its real size, 17,000 posts in 2,000 categories, moved in; and once more.

    python -m bench moving-in

AGGREGATOR_BENCH_ARTICLES and AGGREGATOR_BENCH_CATEGORIES make it smaller.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from bench.process import aggregator, measure
from tests.posts import write_archive

ARTICLES = int(os.environ.get("AGGREGATOR_BENCH_ARTICLES", "17000"))
CATEGORIES = int(os.environ.get("AGGREGATOR_BENCH_CATEGORIES", "2000"))
CONFIG = """[site]
url = "https://finews.example"
language = "zh-CN"
timezone = "Asia/Shanghai"
[publish]
credit = ""
"""


def main() -> None:
    """Measure, and print a table."""
    folder = Path(tempfile.mkdtemp(prefix="bench-moving-in-"))
    try:
        posts = write_archive(folder / "site", ARTICLES, CATEGORIES)
        (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
        print(f"{ARTICLES} posts, {CATEGORIES} categories")
        command = aggregator("--quiet", "import", "jekyll", "site")
        print(f"import, stored          {measure([*command, '--no-publish'], folder)}")
        print(f"publish                 {measure(aggregator('--quiet', 'publish'), folder)}")
        print(f"import again            {measure(command, folder)}")
        for post in posts:
            post.touch()
        print(f"import again, touched   {measure(command, folder)}")
    finally:
        shutil.rmtree(folder)
