"""An archive of its real size, 17,000 posts in 2,000 categories, moved in; and once more.

python -m bench moving-in
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.process import aggregator, measure
from bench.table import Row
from tests.posts import write_archive

ARTICLES, CATEGORIES = 17_000, 2_000
CONFIG = """[site]
url = "https://finews.example"
language = "zh-CN"
timezone = "Asia/Shanghai"
[publish]
credit = ""
"""


def rows(scale: float) -> Iterator[Row]:
    """Yield what an archive costs, and what it costs again."""
    articles, categories = max(int(ARTICLES * scale), 10), max(int(CATEGORIES * scale), 2)
    with tempfile.TemporaryDirectory(prefix="bench-moving-in-") as name:
        folder = Path(name)
        posts = write_archive(folder / "site", articles, categories)
        (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
        command = aggregator("--quiet", "import", "jekyll", "site")
        what = f"{articles:,} posts in {categories:,} categories"
        yield Row(f"import {what}", str(measure([*command, "--no-publish"], folder)))
        yield Row("publish them", str(measure(aggregator("--quiet", "publish"), folder)))
        yield Row("import them again", str(measure(command, folder)))
        for post in posts:
            post.touch()
        yield Row("import them again, touched", str(measure(command, folder)))
