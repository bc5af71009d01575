"""What must not be said of a source, wherever a text about it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from aggregator.config.settings import Source

_SHORTEST = 4  # characters; a shorter one would be found in any text


def without_secrets(text: str, source: Source) -> str:
    """Return *text* without the header values, credentials and queries of *source*.

    For texts that are not ours, such as those of an exception that nobody thought of.
    """
    for secret in sorted(set(_secrets(source)), key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, "…")
    return text


def _secrets(source: Source) -> Iterator[str]:
    for value in source.headers.values():
        yield value.get_secret_value()
    for address in (source.url, source.detail or "", source.next or ""):
        _, at, rest = address.partition("://")
        place = rest.partition("/")[0]
        if at and "@" in place:
            yield from _both(place.rpartition("@")[0])
            for part in place.rpartition("@")[0].split(":"):
                yield from _both(part)
        yield from _of_query(address.partition("?")[2])


def _of_query(query: str) -> Iterator[str]:
    yield from _both(query)
    for part in query.split("&"):
        yield from _both(part.partition("=")[2])


def _both(text: str) -> tuple[str, str]:
    return text, unquote(text)
