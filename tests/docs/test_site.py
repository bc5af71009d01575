"""The documentation hangs together: each page is in its menu, each link leads somewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from lxml import html

from tests.command import ROOT
from tests.docs.pages import PAGES

_CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
LINKS = [
    (page, link)
    for page, text in PAGES.items()
    for link in sorted(set(_LINK.findall(_CODE.sub("", text))))
    if not re.match(r"[a-z]+:", link)
]


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as the site and the usual git hosts make them."""
    text = re.sub(r"^```.*?^```$", "", PAGES[page], flags=re.MULTILINE | re.DOTALL)
    words = (re.sub(r"[^\w\s-]", "", heading.lower()).strip() for heading in _HEADING.findall(text))
    return {re.sub(r"\s", "-", heading) for heading in words}


@pytest.mark.parametrize(("page", "link"), LINKS)
def test_a_link_leads_somewhere(page: str, link: str) -> None:
    path, _, anchor = link.partition("#")
    target = (ROOT / page).parent / path if path else ROOT / page
    assert target.exists()
    if anchor:
        assert anchor in anchors(os.path.relpath(target, ROOT))


def test_no_code_in_a_table_has_a_bar() -> None:
    for page, text in PAGES.items():
        rows = re.findall(r"^\|.*\\\|.*$", text, re.MULTILINE)
        assert not rows, f"{page}: what escapes it on a git host shows on the site"


def test_each_page_is_in_the_menu_once() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    menu = re.findall(r": (\S+\.md)$", text[text.index("\nnav:") :], re.MULTILINE)
    pages = [
        Path(page).relative_to("docs").as_posix() for page in PAGES if page.startswith("docs/")
    ]
    outside = ["changelog.md", "contributing.md", "security.md"]
    assert sorted(menu) == sorted([*pages, *outside])


@pytest.mark.skipif(find_spec("mkdocs") is None, reason="mkdocs is not installed: make site")
def test_the_site_builds_strictly_and_asks_nobody_else(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path],
        cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    pages = sorted(tmp_path.rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        tree = html.fromstring(page.read_bytes())
        loaded = tree.xpath("//script/@src | //img/@src | //link[@rel!='canonical']/@href")
        assert loaded
        for address in loaded:
            assert not re.match(r"(?:https?:)?//", address), f"{page.name} loads {address}"
    style = (tmp_path / "assets" / "site.css").read_text(encoding="utf-8")
    assert "http" not in style


def test_no_letters_are_fetched_and_a_lost_anchor_is_a_fault() -> None:
    loaded = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert loaded["theme"]["font"] is False
    assert loaded["validation"]["links"]["anchors"] == "warn"
