"""`python -m bench [NAME…]` runs the measurements and prints a table for each."""

from __future__ import annotations

import sys

from bench import finews

BENCHMARKS = {"finews": finews.main}


def main() -> None:
    """Run the measurements named on the command line, or all of them."""
    for name in sys.argv[1:] or BENCHMARKS:
        print(f"\n== {name}\n")
        BENCHMARKS[name]()


main()
