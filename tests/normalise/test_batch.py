from __future__ import annotations

from aggregator.model import Entry
from aggregator.normalise.batch import joined, make, portions
from tests.normalise.places import NOW, entry, place


def test_articles_made_in_portions_are_those_made_at_once() -> None:
    entries = [entry(id=str(n), title=f"title {n}") for n in range(600)]
    entries[300] = Entry(id="bad")
    left = list(entries)
    parts = list(portions(left))
    assert [one for part in parts for one in part] == entries
    assert left == [], "they are taken out"
    assert len(parts) == 3
    made = make(entries, place(), NOW)
    assert joined(make(part, place(), NOW) for part in parts) == made
    assert (len(made.articles), len(made.bad)) == (599, 1)


def test_no_entries_are_no_portion() -> None:
    assert list(portions([])) == []
    assert joined([]) == make([], place(), NOW)
