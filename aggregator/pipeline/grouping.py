"""Which channels belong together, by the operator's word."""

from __future__ import annotations

from collections.abc import Mapping

from aggregator.config.settings import Settings
from aggregator.model import Group
from aggregator.normalise import slugs


def groups(settings: Settings) -> Mapping[str, Group]:
    """Return the groups that categories and own feeds are put into, by their labels.

    Each has a slug of its own: `papers`, and `papers-2` for another label that would have the same.
    """
    labels = {table.group for table in settings.category.values()}
    labels |= {selection.group for selection in settings.feed}
    found: dict[str, Group] = {}
    taken: set[str] = set()
    for label in sorted(labels - {""}):
        slug = proposal = slugs.propose(label)[0]
        number = 1
        while slug in taken:
            number += 1
            slug = f"{proposal}-{number}"
        taken.add(slug)
        found[label] = Group(label, slug)
    return found
