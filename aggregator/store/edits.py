"""What an edit of an article amounts to. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from html import unescape

_TEXTS = ("title", "summary", "content")
_ADDRESSES = frozenset({"link", "share_link", "publisher_url", "feed_url", "feed_id", "image"})
_MUCH = 0.1  # of the words
_WORD = r"[^\W_\u2e80-\U0003ffff]+|[\u2e80-\U0003ffff]"  # 3 ms to compile, and seldom needed
_MARKUP = re.compile(r"<[^>]*>")
_HTTP = re.compile(r"^http://", re.IGNORECASE)

Row = Mapping[str, str | int | None]


def is_shown(old: Row, new: Row) -> bool:
    """Say whether a reader sees any difference between two rows of an article.

    An address that only moved to https still leads to the same place: no reader is troubled for it.
    """
    return any(_told(name, old[name]) != _told(name, value) for name, value in new.items())


def _told(name: str, value: str | int | None) -> str | int | None:
    return _HTTP.sub("https://", value) if name in _ADDRESSES and isinstance(value, str) else value


def is_edit(old: Row, new: Row) -> bool:
    """Say whether the title or the text has changed, even by a character."""
    return any(old[name] != new[name] for name in _TEXTS)


def is_significant(old: Row, new: Row) -> bool:
    """Say whether the title has changed, or more than a tenth of the words of the text.

    Letters count and digits; markup, spaces and punctuation do not. In scripts without spaces a
    character is a word.
    """
    if _words(str(old["title"])) != _words(str(new["title"])):
        return True
    name = "content" if old["content"] and new["content"] else "summary"
    before, after = _words(str(old[name])), _words(str(new[name]))
    changed = max((before - after).total(), (after - before).total())
    return changed > _MUCH * max(before.total(), after.total())


def _words(text: str) -> Counter[str]:
    plain = unescape(_MARKUP.sub(" ", text)).lower()
    return Counter(re.findall(_WORD, plain))
