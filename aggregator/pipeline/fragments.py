"""Finds what articles look like in feeds where it is kept, and gathers what is to be kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aggregator.model import Article
from aggregator.publish.fragments import Fragments, packed, unpacked
from aggregator.store.fragments import Key
from aggregator.store.reader import Reader


class Keeper:
    """Keeps fragments in one store; those just made are kept with the next publication."""

    def __init__(self, store: Reader) -> None:
        self._store = store
        self._made: dict[Key, bytes] = {}

    def of(self, articles: Sequence[Article], language: str) -> Fragments:
        """Return what is kept of *articles* for feeds in *language*, to be given back to `note`.

        A digest is no article of the store: nothing is kept of it.
        """
        own = {one.id: one.public_id for one in articles if one.day is None}
        found = self._store.fragments(language, own)
        for id_ in own:
            if body := self._made.get(Key(id_, language)):
                found[id_] = body
        return Fragments(
            {public_id: unpacked(found.get(id_, b"")) for id_, public_id in own.items()}
        )

    def note(self, fragments: Fragments, articles: Sequence[Article], language: str) -> None:
        """Have all *fragments* of *articles* kept, where some were made that were not yet."""
        for article in articles:
            if forms := fragments.to_keep(article):
                self._made[Key(article.id, language)] = packed(forms)

    def take(self) -> Mapping[Key, bytes]:
        """Hand over what is to be kept."""
        made, self._made = self._made, {}
        return made
