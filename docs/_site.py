"""What mkdocs needs to know besides mkdocs.yml: the pages that stand outside of this folder.

CHANGELOG.md and others stand where a visitor of the repository looks for them. They are pages of
the site too, and a link that leads to one or comes from one is turned accordingly.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGES = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "README.md": "index.md",
}


def on_files(files: Any, config: Any) -> Any:
    """Add the pages that stand outside."""
    from mkdocs.structure.files import File

    for name, page in PAGES.items():
        if not files.get_file_from_path(page):
            text = (ROOT / name).read_text(encoding="utf-8")
            files.append(File.generated(config, page, content=text.replace("](docs/", "](")))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Turn links to the pages that stand outside."""
    for name, page in PAGES.items():
        markdown = re.sub(rf"\]\((\.\./)?{re.escape(name)}", f"]({page}", markdown)
    return markdown
