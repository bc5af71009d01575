"""What the store keeps in English, in the language that is spoken: known by its pattern.

Why a source is asked when it is, and what is amiss with it, was said when it was last asked, maybe
by a daemon of another locale, and programs read it, too. What has no pattern here is told as it
stands.
"""

from __future__ import annotations

import re
from functools import lru_cache

from aggregator.cli.speech import ENGLISH, say, spoken
from aggregator.schedule.due import GONE

_UNITS = ("s", "min", "h", "d")
_SPAN = rf"[\d.]+ (?:{'|'.join(_UNITS)})"
_FIELDS = {
    "span": _SPAN,
    "longest": _SPAN,
    "count": r"\d+",
    "usual": r"\d+",
    "made": r"\d+",
    "share": r"\d+%",
    "rate": r"\d+/[a-z]+",
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
    # what is amiss with one that answers
    "{count} articles wait for your word: `aggregator release`",
    "it lists no entries; usually there are {usual}",
    "it lists {count} entry; usually there are {usual}",
    "it lists {count} entries; usually there are {usual}",
    "{count} of its {made} entries cannot be read",
    "none of its newest {made} articles have a date that can be read; usually {share} do",
    "{count} of its newest {made} articles have a date that can be read; usually {share} do",
    "none of its newest {made} articles have both title and link; usually {share} do",
    "{count} of its newest {made} articles have both title and link; usually {share} do",
    "its newest texts are empty; usually there are {usual} characters",
    "its newest texts have {count} characters; usually there are {usual} characters",
    "it answers now and then: {count} of the last {made} attempts failed",
    "{count} articles in {span}, where {rate} are expected",
    "nothing new for {span}; it was never silent for over {longest}",
)


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", text)
    kept = map(re.escape, parts[::2])
    named = [f"(?P<{name}>{_FIELDS[name]})" for name in parts[1::2]]
    return re.compile("".join(a + b for a, b in zip(kept, [*named, ""], strict=True)), re.DOTALL)


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(text, _pattern(text)) for text in _KEPT]


def retold(words: str) -> str:
    """Return *words* of the store in the language that is spoken, as far as they are known."""
    if spoken() == ENGLISH:
        return words
    for text, pattern in _patterns():
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
    return f"{number} {say(unit)}" if _FIELDS[name] == _SPAN else said
