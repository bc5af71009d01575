"""What articles look like in feeds, kept so that each is rendered once for each format.

    article ─► is its fragment kept? ─► spliced into the feed as it is
                  │ no
                  ▼
                rendered (feedgen, JSON) ─► kept

Of a hundred entries of a feed one is new at a time: the other ninety-nine are as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from aggregator.coding import zstd
from aggregator.model import Article

_compressor = zstd.ZstdCompressor(level=1)  # to make one takes longer than to compress an article

Forms = Mapping[str, bytes]
"""The fragments of one article by their formats: "rss", "atom", "json"."""


class Fragments:
    """The fragments of the articles that one channel shows, in the language of that channel."""

    def __init__(self, kept: Mapping[str, Forms] | None = None) -> None:
        """Begin with what is *kept*, by the public ids of the articles that may be kept at all.

        That of an article of which nothing is kept yet is {}. Any other article is rendered anew
        each time: our notices have ids of their own or tell of a removal, and what is shown of an
        article elsewhere may be less.
        """
        self._kept = kept or {}
        self._made: dict[str, dict[str, bytes]] = {}

    def of(
        self, name: str, articles: Iterable[Article], render: Callable[[Article], bytes]
    ) -> list[bytes]:
        """Return the fragments of *articles* in the format *name*, in their order."""
        return [self._one(name, article, render) for article in articles]

    def to_keep(self, article: Article) -> Forms:
        """Return all fragments of *article* where one was made that was not kept yet, else {}."""
        made = self._made.get(article.public_id)
        return {**self._kept[article.public_id], **made} if made else {}

    def _one(self, name: str, article: Article, render: Callable[[Article], bytes]) -> bytes:
        forms = self._kept.get(article.public_id)
        if forms is None or article.removal is not None:
            return render(article)
        if name in forms:
            return forms[name]
        made = self._made.setdefault(article.public_id, {})
        if name not in made:
            made[name] = render(article)
        return made[name]


def packed(forms: Forms) -> bytes:
    """Return *forms* as few bytes: they have the article's text in common.

    Neither XML nor JSON has a NUL in it.
    """
    parts = (part for name, body in forms.items() for part in (name.encode(), body))
    return _compressor.compress(b"\0".join(parts), zstd.ZstdCompressor.FLUSH_FRAME)


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return what `packed` wrote; nothing of no bytes."""
    parts = iter(zstd.decompress(data).split(b"\0") if data else ())
    return {name.decode(): body for name, body in zip(parts, parts, strict=True)}
