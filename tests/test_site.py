"""The site as people meet it: every kind of page, served, seen in Chromium and read by checkers.

axe-core and the Nu HTML checker come from tests/tools (`npm install` there); what is missing skips.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from tests.cli.inside import aggregator
from tests.command import command, environment
from tests.safety.browser import CHROMIUM, Browser, browsing
from tests.test_daemon import free_port, until

TOOLS = Path(__file__).parent / "tools" / "node_modules"
AXE = TOOLS / "axe-core" / "axe.min.js"
CHECKER = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "feeds"

pytestmark = pytest.mark.long

SITES = {
    "en": 'title = "The Courier"\ndescription = "News from the islands"\nlanguage = "en"\n',
    "zh": 'title = "金融消息"\nlanguage = "zh-CN"\ntimezone = "Asia/Shanghai"\n',
}
CONFIG = """
[site]
{site}
url = "http://127.0.0.1:{port}"
author = "M. Campbell"
[publish]
entries = 6
window = "none"
[fetch]
contact = "https://courier.example/about"
[serve]
address = "127.0.0.1:{port}"
[defaults]
first = "all"
[[source]]
id = "paper"
url = "paper.json"
title = "The Paper"
publisher_url = "https://paper.example/"
licence = "https://creativecommons.org/licenses/by/4.0/"
category = "World"
[[source]]
id = "press"
url = "press.json"
title = "新华日报"
language = "zh-CN"
category = "南昌日报"
[[source]]
id = "lost"
url = "lost.json"
"""
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
RICH = f"""
<h1>A heading of its own</h1><h4>A deep one</h4>
<p>Text with <a href="https://a.example/">a link</a>, <b>bold <p>and a block</p></b>,
<code>{LONG}</code>, <time>soon</time> and <a>an anchor</a>.</p>
<img src="https://paper.example/a.png" srcset="https://paper.example/a.png 600w"><li>stray</li>
<a href="https://paper.example/b"><img src="https://paper.example/b.png"></a><a href="x"></a>
<table><caption>Figures</caption><tr>{"<th scope=col>A long head</th>" * 12}</tr></table>
<pre><code>{"wide code " * 40}</code></pre><blockquote><p>A quotation.</p></blockquote>
<ul><p>in a list</p><li>item</li></ul><dl><dt>term</dt><dd>description</dd></dl>
<figure><img src="https://paper.example/c.png" alt="A ferry">
<figcaption>A ferry</figcaption></figure>
<h2></h2><p dir="rtl" lang="ar">نص عربي</p><details><summary>More</summary>hidden</details>
"""
ZH = "<p>不久前召开的会议确定了“发展与安全”的总基调——良性互动。</p>" * 5


def feed(language: str, *items: dict[str, Any]) -> str:
    """Return a JSON Feed; items are an hour apart, and the first ones older than the month."""
    made = [
        {
            "id": f"{language}-{number}",
            "url": f"https://paper.example/{language}/{number}",
            "date_published": f"2026-{10 + number // 8:02}-{1 + number:02}T10:00:00Z",
            **item,
        }
        for number, item in enumerate(items)
    ]
    site = {"version": "https://jsonfeed.org/version/1.1", "title": "The Paper", "items": made}
    return json.dumps({**site, "home_page_url": "https://paper.example/", "language": language})


ENGLISH: list[dict[str, Any]] = [
    {"title": f"Ferry {number} stops", "content_html": "<p>Quiet.</p>"} for number in range(10)
]
ENGLISH += [
    {"title": "Everything at once", "content_html": RICH, "authors": [{"name": "Alice Li"}],
     "attachments": [{"url": "https://paper.example/talk.mp3", "mime_type": "audio/mpeg"}]},
    {"title": LONG, "content_html": "<p>A long title.</p>"},
    {"title": "عنوان باللغة العربية", "content_html": "<p>نص</p>", "language": "ar"},
    {"title": "Taken down", "content_html": "<p>No more.</p>"},
]  # fmt: skip
CHINESE: list[dict[str, Any]] = [
    {"title": f"第{number}篇：努力实现“发展与安全”良性互动", "content_html": ZH}
    for number in range(9)
]


@dataclass(frozen=True)
class Site:
    """A site that is served, and a page of each kind."""

    folder: Path
    base: str
    pages: tuple[str, ...]

    def body(self, page: str) -> bytes:
        try:
            with urlopen(self.base + page, timeout=20) as answer:
                return bytes(answer.read())
        except HTTPError as refusal:  # 404 and 410 are pages too
            return refusal.read()


@pytest.fixture(scope="module", params=list(SITES))
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp(request.param)
    port = free_port()
    config = CONFIG.format(site=SITES[request.param], port=port)
    (folder / "config.toml").write_text(config, encoding="utf-8")
    (folder / "paper.json").write_text(feed("en", *ENGLISH), encoding="utf-8")
    (folder / "press.json").write_text(feed("zh-CN", *CHINESE), encoding="utf-8")
    assert aggregator(folder, "refresh").status == 1  # one source is lost
    found = {title: page_of(folder, title) for title in ("Everything", "باللغة", "第8篇", "Taken")}
    gone = found["Taken"].rpartition("/")[2].removesuffix(".html")
    assert aggregator(folder, "article", "takedown", gone, "--reason", "wrong").status == 0
    fixed = ("", "world/", "sources.html", "about.html", "no/such/page", "status", "search",
             "all/archive/", "world/archive/2026-10.html", f"search?q={quote('安全')}",
             "search?q=cranes")  # fmt: skip
    with served(folder, f"http://127.0.0.1:{port}/") as base:
        yield Site(folder, base, (*fixed, *found.values()))


def page_of(folder: Path, title: str) -> str:
    rows = aggregator(folder, "search", title, "--json").json()
    return next(
        path.relative_to(folder / "feeds").as_posix()
        for path in (folder / "feeds").rglob(f"{rows[0]['id']}.html")
    )


@contextmanager
def served(folder: Path, base: str) -> Iterator[str]:
    process = subprocess.Popen(
        command("--quiet", "serve"), cwd=folder, env=environment(), stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: answers(base))
        yield base
    finally:
        process.terminate()
        process.wait(timeout=20)


def answers(base: str) -> bool:
    try:
        with urlopen(f"{base}healthz", timeout=5):
            return True
    except OSError:
        return False


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if CHROMIUM is None or not AXE.exists():
        pytest.skip("chromium or axe-core is not installed")
    with browsing(tmp_path_factory.mktemp("chromium")) as running:
        yield running


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_every_page(
    site: Site, browser: Browser, width: int, scheme: str
) -> None:
    browser.see_with(width, scheme)
    script = AXE.read_text(encoding="utf-8")
    run = "axe.run({rules: {'target-size': {enabled: true}}}).then(found => found.violations.map("
    run += "one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 200)).join(' | ')))"
    for page in site.pages:
        browser.open(site.base + page)
        browser.value(f"{script}; 0")
        assert (page, browser.value(run)) == (page, [])
        assert browser.value("document.documentElement.scrollWidth <= innerWidth"), page
        small = browser.value(_SMALL) if width == 390 else []
        assert (page, small) == (page, [])


# What is to be touched, but for links inside a text, is 44 pixels high or wide at least.
_SMALL = """
[...document.querySelectorAll('a, button, input, summary')]
  .filter(one => !one.closest('.text, .skip, .by') && one.getClientRects().length)
  .filter(one => one.getBoundingClientRect().height < 43.5)
  .map(one => one.outerHTML.slice(0, 160))
"""


def test_a_page_asks_nothing_of_others_but_what_its_article_shows(
    site: Site, browser: Browser
) -> None:
    browser.see_with(1280, "light")
    for page in site.pages:
        browser.open(site.base + page)
        asked = browser.value("performance.getEntriesByType('resource').map(one => one.name)")
        others = [url for url in asked if not url.startswith(site.base)]
        assert [url for url in others if not re.search(r"/[abc]\.png$|\.mp3$", url)] == [], page


def check(*paths: Path) -> list[str]:
    """Return what the Nu HTML checker finds wrong in files or folders."""
    if shutil.which("java") is None or not CHECKER.exists():
        pytest.skip("java or the HTML checker is not installed")
    line = ["java", "-jar", str(CHECKER), "--errors-only", "--skip-non-html", "--format", "json"]
    done = subprocess.run([*line, *map(str, paths)], capture_output=True, timeout=600, check=False)
    messages = json.loads(done.stderr)["messages"]
    return [f"{one['url']}: {one['message']} {one.get('extract', '')}" for one in messages]


def test_a_checker_finds_no_fault_in_any_page(site: Site, tmp_path: Path) -> None:
    for number, page in enumerate(site.pages):
        (tmp_path / f"{number}.html").write_bytes(site.body(page))
    assert check(tmp_path, site.folder / "feeds") == []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this checkout")
def test_a_checker_finds_no_fault_in_pages_of_real_articles(tmp_path: Path) -> None:
    sources = "".join(
        f'[[source]]\nid = "s{number}"\nurl = "{path}"\n'
        for number, path in enumerate(sorted(CORPUS.iterdir()))
    )
    config = f'[publish]\nformats = ["html"]\n[defaults]\nfirst = "all"\n{sources}'
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    aggregator(tmp_path, "refresh")
    assert len(list((tmp_path / "feeds").rglob("*.html"))) > 900
    assert check(tmp_path / "feeds") == []
