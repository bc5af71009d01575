"""In which language the program speaks to a person: English, or Chinese where the locale says so.

English stands in the code where it is said, its translation in chinese.py. What programs read
(JSON, the log) is always English, and so are errors, whose codes can be looked up in both.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

ENGLISH, CHINESE_TAG = "en", "zh-CN"


class _Chosen:
    language = ENGLISH


def language_of(environment: Mapping[str, str]) -> str:
    """Return `en` or `zh-CN`: AGGREGATOR_LANG, else the locale of messages (POSIX, XBD 8.2)."""
    for name in ("AGGREGATOR_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return CHINESE_TAG if value.lower().startswith("zh") else ENGLISH
    return ENGLISH


def choose(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> None:
    """Speak from now on as *environment* says; English where *arguments* want JSON."""
    _Chosen.language = ENGLISH if "--json" in arguments else language_of(environment)


def spoken() -> str:
    """Return the language that is spoken now."""
    return _Chosen.language


def say(text: str, /, **values: object) -> str:
    """Return *text* in the language that is spoken, its `{fields}` filled."""
    if _Chosen.language == CHINESE_TAG:
        from aggregator.cli.chinese import CHINESE  # most speak English, and it is long

        text = CHINESE.get(text, text)
    return text.format(**values)
