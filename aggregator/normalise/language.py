"""Language tags (BCP 47) as sources write them."""

from __future__ import annotations

import re

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def tag(text: str) -> str:
    """Return the language tag that *text* means in its usual spelling, "" where it is none.

    `zh_cn` is `zh-CN`, `EN-us` is `en-US`, `zh-hans` is `zh-Hans`; of several the first counts.
    """
    first = re.split(r"[,;.@\s]", text.strip(), maxsplit=1)[0].replace("_", "-")
    if not _TAG.fullmatch(first):
        return ""
    language, *rest = first.lower().split("-")
    return "-".join((language, *map(_spelled, rest)))


def _spelled(subtag: str) -> str:
    """Return a subtag as RFC 5646 §2.1.1 writes it: script `Hans`, region `CN`, the rest small."""
    if len(subtag) == 2:
        return subtag.upper()
    return subtag.capitalize() if len(subtag) == 4 and subtag.isalpha() else subtag
