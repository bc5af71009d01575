"""YAML scalars for the front matter of posts, such as every YAML 1.1 and 1.2 reader understands.

Written out rather than dumped by a library: the bytes of a post are a contract, and a library's way
of breaking lines and choosing quotes is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# what YAML calls not printable (YAML 1.1 §5.1), and what ends a line or vanishes in some reader
_TO_ESCAPE = re.compile(
    '[\\\\"\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]'  # \x85 ends a line
)
_WORD = re.compile(r"\w(?:[\w.+()/-]*[\w)])?")
_READ_AS_SOMETHING_ELSE = re.compile(
    r"null|true|false|yes|no|on|off|y|n"
    r"|[\d.+-][0-9a-fox_.+-]*",  # numbers in every base, dates
    re.IGNORECASE,
)


def quoted(text: str) -> str:
    """Return *text* as a double-quoted scalar on one line."""
    return '"' + _TO_ESCAPE.sub(lambda match: _escaped(match[0]), text) + '"'


def scalar(text: str) -> str:
    """Return *text* plain where every reader takes it for that text, else quoted."""
    return text if all(map(_is_plain, text.split(" "))) else quoted(text)


def word_or_list(texts: Sequence[str]) -> str:
    """Return a single word plain, and anything else as a list of quoted scalars.

    Jekyll splits a `tags` or `categories` that is a text at its spaces, and leaves a list alone.
    """
    if len(texts) == 1 and _is_plain(texts[0]):
        return texts[0]
    return "[" + ", ".join(quoted(text) for text in texts) + "]"


def _is_plain(text: str) -> bool:
    return bool(_WORD.fullmatch(text)) and not _READ_AS_SOMETHING_ELSE.fullmatch(text)


def _escaped(character: str) -> str:
    code = ord(character)
    return _SHORT.get(character) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")
