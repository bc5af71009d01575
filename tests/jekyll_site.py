"""A site that Jekyll, where it is installed, builds of our posts."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import html

needs_jekyll = pytest.mark.skipif(not shutil.which("jekyll"), reason="jekyll is not installed")

_CONFIG = """
title: The site
url: https://site.example
timezone: Asia/Shanghai
permalink: /:year/:month/:day/:title.html
future: true
plugins: [jekyll-feed]
feed: { posts_limit: 5000 }
secret: LEAKED
"""
_LAYOUT = """<!doctype html>
<html><head><meta charset="utf-8"><title>{{ page.title | escape }}</title></head>
<body id="{{ page.path | escape }}"><h1>{{ page.title | escape }}</h1>
<time>{{ page.date | date_to_xmlschema }}</time>
<i>{{ page.categories | jsonify }}</i><b>{{ page.tags | jsonify }}</b>
<p id="excerpt">{{ page.excerpt | strip_html }}</p><main>{{ content }}</main></body></html>
"""


@dataclass(frozen=True)
class Site:
    """What Jekyll has built: its pages by the paths of the posts, and its feed."""

    pages: dict[str, Any]
    feed: Any


def built(folder: Path, posts: Mapping[str, bytes]) -> Site:
    """Return the site that Jekyll makes in *folder* of *posts*, given by their paths."""
    (folder / "_layouts").mkdir(parents=True)
    (folder / "_config.yml").write_text(_CONFIG, encoding="utf-8")
    (folder / "_layouts" / "post.html").write_text(_LAYOUT, encoding="utf-8")
    for path, body in posts.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(body)
    ended = subprocess.run(
        ["jekyll", "build", "--strict_front_matter", "--disable-disk-cache"],
        cwd=folder,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    said = ended.stdout + ended.stderr
    if ended.returncode and "jekyll-feed" in said:
        pytest.skip("jekyll-feed is not installed")
    assert ended.returncode == 0, said
    assert "Warning" not in said, said
    out = folder / "_site"
    pages = [html.document_fromstring(path.read_bytes()) for path in out.rglob("*.html")]
    by_path = {page.find("body").get("id"): page for page in pages}
    return Site(by_path, feedparser.parse(BytesIO((out / "feed.xml").read_bytes())))
