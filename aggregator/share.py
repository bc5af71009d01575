"""Share links that lead back to this site: `https://HOST/PATH?NAME=VALUE`, one for each article.

A web server that serves a folder has no way from VALUE to the article's page. So there is a
document for each, `_share/PATH/NAME=VALUE.html`, which leads there; our own server and others find
it alike. What is put together for a file's name is letters, digits, `_` and `-`, whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

FOLDER = "_share"
VALUE = "[A-Za-z0-9_-]{1,100}"
"""A regular expression for what can name a document."""

PATH = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}){0,5}"
_PATH = re.compile(PATH)
_VALUE = re.compile(VALUE)
_MOST = 20  # parameters of a query that are looked at


def place(address: str, hosts: Collection[str], prefix: str = "") -> str:
    """Return where the document of a share link stands, "" where that does not lead to *hosts*.

    *prefix* is the path of the site's own address, which no server sees. Only a link with one
    parameter has a document.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.hostname not in hosts or "&" in parts.query:
        return ""
    found = places(parts.path.removeprefix(f"{prefix}/").removeprefix("/"), parts.query)
    return found[0] if found else ""


def places(path: str, query: str) -> list[str]:
    """Return where the document for `path?query` may stand: one for each parameter."""
    if not _PATH.fullmatch(path):
        return []
    parameters = (parameter.split("=", 1) for parameter in query.split("&", _MOST)[:_MOST])
    return [
        f"{FOLDER}/{path}/{'='.join(parameter)}.html"
        for parameter in parameters
        if len(parameter) == 2 and all(map(_VALUE.fullmatch, parameter))
    ]
