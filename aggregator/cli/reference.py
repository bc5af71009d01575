"""`python -m aggregator.cli.reference` writes the generated documentation, in a checkout."""

from __future__ import annotations

from pathlib import Path

from aggregator.cli import codes
from aggregator.cli.manual import manual
from aggregator.config.reference import reference
from aggregator.publish import FORMATS
from aggregator.sources import KINDS

DOCS = Path(__file__).parents[2] / "docs"


def main() -> None:
    """Write docs/config.md, docs/cli.md and docs/errors.md."""
    (DOCS / "config.md").write_text(reference(KINDS, FORMATS), encoding="utf-8")
    (DOCS / "cli.md").write_text(manual(), encoding="utf-8")
    (DOCS / "errors.md").write_text(codes.reference(), encoding="utf-8")


if __name__ == "__main__":
    main()
