"""The pages of the documentation, and the blocks of code in them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))
}
_BLOCK = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str, *pages: str) -> dict[str, str]:
    """Return the blocks in *language* of all pages, or those named, by page and line."""
    return {
        f"{page}:{text.count(chr(10), 0, found.start()) + 1}": found[2]
        for page, text in PAGES.items()
        if not pages or page in pages
        for found in _BLOCK.finditer(text)
        if found[1] == language
    }
