"""What the store keeps in English, in the language that is spoken: known by its pattern.

Why a source is asked when it is was said when it was last asked, maybe by a daemon of another
locale, and programs read it, too. What has no pattern here is told as it stands.
"""

from __future__ import annotations

import re

from aggregator.cli.speech import ENGLISH, say, spoken
from aggregator.schedule.due import GONE

_UNITS = ("s", "min", "h", "d")
_FIELDS = {
    "span": rf"[\d.]+ (?:{'|'.join(_UNITS)})",
    "count": r"\d+",
    "status": r"\d{3}",
    "time": r"[\d-]+ [\d:]+ UTC",
    "url": r"\S+",
    "rest": r".+",  # which is told again by itself
}
_KEPT = (
    GONE,
    "every {span}, as configured",
    "every {span}, as its server (Cache-Control, Expires) asks",
    "every {span}, as its feed (ttl, sy) asks",
    "every {span}: {rest}",
    "it is a file of this machine",
    "its hub tells of news in between",
    "its rhythm is not known yet",
    "it publishes about every {span}",
    "it has published nothing for {span}",
    "its feed does not want to be asked at that hour or day",
    "failed once: {rest}",
    "failed once ({status}): {rest}",
    "failed {count} times in a row: {rest}",
    "failed {count} times in a row ({status}): {rest}",
    "asked again after {span}",
    "the server asked not to be asked before {time}",
    "moved permanently to {url}: change its url in config.toml",
)


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", text)
    kept = map(re.escape, parts[::2])
    named = [f"(?P<{name}>{_FIELDS[name]})" for name in parts[1::2]]
    return re.compile("".join(a + b for a, b in zip(kept, [*named, ""], strict=True)), re.DOTALL)


_PATTERNS = [(text, _pattern(text)) for text in _KEPT]


def retold(words: str) -> str:
    """Return *words* of the store in the language that is spoken, as far as they are known."""
    if spoken() == ENGLISH:
        return words
    for text, pattern in _PATTERNS:
        if match := pattern.fullmatch(words):
            return say(
                text, **{name: _value(name, said) for name, said in match.groupdict().items()}
            )
    first, semicolon, rest = words.partition("; ")
    if not semicolon:
        return words
    told = retold(first)
    return f"{told}{semicolon if told == first else say('; ')}{retold(rest)}"


def _value(name: str, said: str) -> str:
    if name == "rest":
        return retold(said)
    number, _, unit = said.partition(" ")
    return f"{number} {say(unit)}" if name == "span" else said
