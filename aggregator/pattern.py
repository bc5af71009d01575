"""The operator's regular expressions, with a time limit: `(a+)+$` must not hold up the others.

Sole user of the regex package, which unlike `re` can be stopped.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from aggregator.errors import EntryError

if TYPE_CHECKING:
    import regex  # slow to import, and most configurations have no pattern

TIME_LIMIT = 0.25  # seconds for one pattern on one text


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> regex.Pattern[str]:
    import regex

    return regex.compile(pattern)


def fault(pattern: str, replacement: str | None = None) -> str | None:
    """Return what is wrong with *pattern* or its *replacement*, None where both can be used."""
    import regex

    try:
        _compiled(pattern)
    except (regex.error, RecursionError) as error:
        return f"is not a regular expression: {error}"
    return None if replacement is None else _fault_of_replacement(pattern, replacement)


def _fault_of_replacement(pattern: str, replacement: str) -> str | None:
    import regex

    try:
        # regex reads a replacement only once something matches; with "|" the empty text does.
        regex.compile(f"{pattern}|").sub(replacement, "", timeout=TIME_LIMIT)
    except (regex.error, IndexError) as error:
        return f"has a replacement that cannot be used: {error}"
    except TimeoutError:
        return "never ends, even on an empty text; make it simpler"
    return None


def find(pattern: str, text: str) -> str | None:
    """Return the first match of *pattern* in *text* (its first group, where it has one), else None.

    Raises EntryError where the time limit passes.
    """
    compiled = _compiled(pattern)
    try:
        match = compiled.search(text, timeout=TIME_LIMIT)
    except TimeoutError:
        raise EntryError(_too_slow(pattern), code="E313") from None
    if match is None:
        return None
    return str(match[1] or "") if compiled.groups else str(match[0])


def replace(pattern: str, replacement: str, text: str) -> str:
    r"""Return *text* with every match of *pattern* replaced (`\1` is the first group).

    Raises EntryError where the time limit passes.
    """
    try:
        return _compiled(pattern).sub(replacement, text, timeout=TIME_LIMIT)
    except TimeoutError:
        raise EntryError(_too_slow(pattern), code="E313") from None


def _too_slow(pattern: str) -> str:
    return f"pattern {pattern!r} took more than {TIME_LIMIT} s on this text; make it simpler"
