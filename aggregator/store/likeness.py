"""Whether two titles or two texts are alike: the same one, edited or cut. Pure, for any language.

What is compared are runs of five letters or digits, without markup, spaces and punctuation.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

_RUN = 5
_READ = 12_000  # characters of markup …
_COMPARED = 3_000  # … and of what is left of it
_ALIKE = 0.8  # of the shorter one's runs: forms that are filled in share half and more

_MARKUP = re.compile(r"<[^>]*>")
_NO_LETTER = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+")


def titles_alike(one: str, other: str) -> bool:
    """Say whether two titles are one, reworded at most: their numbers must be the same.

    `Episode 12` and `Episode 13` are two.
    """
    same_numbers = sorted(_NUMBER.findall(one)) == sorted(_NUMBER.findall(other))
    return same_numbers and _share(_runs_of_title(one), _runs_of_title(other))


def alike(one: str, other: str) -> bool:
    """Say whether two texts (or HTML) are one, or one the beginning of the other; "" is like none.

    A feed that changes from excerpts to whole articles has the same texts.
    """
    return _share(_runs(one), _runs(other))


def _share(runs: frozenset[str], others: frozenset[str]) -> bool:
    fewer = min(len(runs), len(others))
    return fewer > 0 and len(runs & others) >= _ALIKE * fewer


def _runs(text: str) -> frozenset[str]:
    letters = _NO_LETTER.sub("", unescape(_MARKUP.sub(" ", text[:_READ]))).lower()[:_COMPARED]
    count = max(len(letters) - _RUN + 1, min(len(letters), 1))
    return frozenset(letters[start : start + _RUN] for start in range(count))


_runs_of_title = lru_cache(maxsize=512)(_runs)  # titles are compared with many others
