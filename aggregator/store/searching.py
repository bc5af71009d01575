"""Full-text search: what goes into its index, and what a query asks of it.

A word is found by itself and by its beginning, whatever its case and its accents. Scripts that put
no spaces between words (Chinese, Japanese, Thai …) are indexed sign by sign, and signs in a row are
found wherever they stand in a row: so a Chinese word of any length is.
"""

from __future__ import annotations

import re
from unicodedata import category, normalize

_NO_PHRASE = str.maketrans('"\0', "  ")  # what would end a phrase, or the whole query
_MOST_WORDS = 12  # the others are passed over: each one costs a look at what is left
# Thai to Tibetan, Myanmar, Khmer, Han with kana and bopomofo, halfwidth kana.
_UNSPACED = (  # 2 ms to compile, and most commands neither index nor search
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)


def indexed(text: str) -> str:
    """Return *text* as the index takes it: spaces around every sign of a script without spaces."""
    if text.isascii():
        return text
    return re.sub(_UNSPACED, r" \g<0> ", normalize("NFKC", text))


def conditions(query: str) -> tuple[str, list[str]]:
    """Return the SQL that holds for those rows of `search` that hold every word, and its values.

    It is "" where there is no word. What has neither letters nor digits is no word.
    """
    words = [indexed(word).translate(_NO_PHRASE).strip() for word in query.split()[:_MOST_WORDS]]
    phrases = [_phrase(word) for word in words if any(map(_is_in_words, word))]
    return ("search MATCH ?", [" ".join(phrases)]) if phrases else ("", [])


def _phrase(word: str) -> str:
    """Return *word*, in which nothing ends a phrase, so that it is safe in a full-text query.

    One that does not end in a sign of punctuation may go on where it is found.
    """
    return f'"{word}"' + "*" * _is_in_words(word[-1])


def _is_in_words(sign: str) -> bool:
    """Say whether words are made of *sign*: a letter, a number or a mark, as the index has it."""
    return category(sign)[0] in "LNM"
