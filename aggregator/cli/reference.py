"""`python -m aggregator.cli.reference` writes the generated documentation, in a checkout."""

from __future__ import annotations

from pathlib import Path

from aggregator.cli import codes
from aggregator.cli.man import man_page
from aggregator.cli.manual import manual
from aggregator.config.reference import reference
from aggregator.publish.formats import FORMATS
from aggregator.sources import KINDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
MAN_PAGE = ROOT / "share" / "man" / "man1" / "aggregator.1"


def main() -> None:
    """Write docs/config.md, docs/cli.md, docs/errors.md and the man page."""
    (DOCS / "config.md").write_text(reference(KINDS, FORMATS), encoding="utf-8")
    (DOCS / "cli.md").write_text(manual(), encoding="utf-8")
    (DOCS / "errors.md").write_text(codes.reference(), encoding="utf-8")
    MAN_PAGE.write_text(man_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
