"""`python -m bench [NAME…]` runs the measurements and prints a table for each."""

from __future__ import annotations

import sys

from bench import finews, moving_in, serving, stories

BENCHMARKS = {
    "finews": finews.main,
    "moving-in": moving_in.main,
    "serving": serving.main,
    "stories": stories.main,
}


def main() -> None:
    """Run the measurements named on the command line, or all of them."""
    for name in sys.argv[1:] or BENCHMARKS:
        print(f"\n== {name}\n")
        BENCHMARKS[name]()


main()
