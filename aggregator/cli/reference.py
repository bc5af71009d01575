"""`python -m aggregator.cli.reference` writes the generated documentation, in a checkout."""

from __future__ import annotations

from pathlib import Path

from aggregator.config.reference import reference
from aggregator.publish import FORMATS
from aggregator.sources import KINDS

CONFIG = Path(__file__).parents[2] / "docs" / "config.md"


def main() -> None:
    """Write docs/config.md."""
    CONFIG.write_text(reference(KINDS, FORMATS), encoding="utf-8")


if __name__ == "__main__":
    main()
