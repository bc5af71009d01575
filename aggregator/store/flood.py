"""The flood brake: a source that is known brings a document full of entries that nothing knows.

Pure. Mostly it has given its old entries new ids, addresses and titles, and they would all be
published once more; or it serves another feed by mistake. Such entries are kept and not published
until the operator says what they are. What is newer than everything known is news, and never held.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import islice

from aggregator.record import record
from aggregator.store.likeness import titles_alike

FEW = 5  # entries that are new for no reason are no flood
COMPARED = 200  # known articles that entries without a date of their own are compared with …
_SAMPLE = 50  # … and so many of these entries


@record(frozen=True, slots=True)
class Arrival:
    """An entry that is known by nothing; `published` is None where it has no date of its own."""

    guid: str
    title: str
    published: datetime | None


@record(frozen=True, slots=True)
class Remembered:
    """One of the newest articles known of the source, and whether the document still has it."""

    title: str
    published: datetime
    present: bool


def is_many(count: int, size: int) -> bool:
    """Say whether *count* entries are over half of a document of *size* entries, and not few."""
    return count > FEW and 2 * count > size


def is_emptied(withdrawn: int, size: int, present: Collection[str] | None) -> bool:
    """Say whether a source takes back too much at once to be believed.

    *withdrawn* of its *size* articles that are out are to go; *present* is all that it has, None
    where it did not say. A document that lists nothing at all is an accident.
    """
    return is_many(withdrawn, size) or (present is not None and not present and withdrawn > 0)


def held(arrivals: Sequence[Arrival], size: int, known: Sequence[Remembered]) -> frozenset[str]:
    """Return the guids of the *arrivals* to hold, in a document of *size* entries.

    *known* are as many of the source's newest articles as the document could show. Only where most
    of these are gone can the arrivals be the same ones again. An entry without a date, or with that
    of the newest known one (a day is often all there is), is held where the older ones are a flood
    already, or where such entries have the titles of what is gone.
    """
    missing = [one for one in known if not one.present]
    if not is_many(len(arrivals), size) or not is_many(len(missing), len(known)):
        return frozenset()
    newest = max(one.published for one in known)
    older = [one for one in arrivals if one.published is not None and one.published < newest]
    unsure = [one for one in arrivals if one.published in (None, newest)]
    flooding = is_many(len(older), size) or _look_old(unsure, missing)
    suspects = older + (unsure if flooding else [])
    return frozenset(one.guid for one in suspects if is_many(len(suspects), size))


def _look_old(arrivals: Sequence[Arrival], missing: Sequence[Remembered]) -> bool:
    """Say whether most of *arrivals* have the title of something that is *missing*."""
    sample = list(islice(arrivals, _SAMPLE))
    titles = [one.title for one in missing[:COMPARED]]
    found = sum(any(titles_alike(one.title, title) for title in titles) for one in sample)
    return 2 * found > len(sample)
