"""What other programs filter by, as rules of ours.

A rule of ours looks at one field: alternatives of several fields can be said where they leave out,
not where they keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from aggregator import pattern
from aggregator.cli.speech import say

Rule = Mapping[str, Any]

_QUOTED = re.compile(r'(-?)(?:(\w+):)?(?:"([^"]*)"|\'([^\']*)\'|/((?:[^/\\]|\\.)*)/(\w*)|(\S+))')
_FRESHRSS_FIELDS = {"intitle": "title", "inurl": "link", "author": "author", "intext": "content"}
_MINIFLUX_FIELDS = {
    "EntryTitle": "title",
    "EntryURL": "link",
    "EntryContent": "content",
    "EntryAuthor": "author",
}
_LEGACY = ("title", "link", "author")  # what miniflux' older lists look at, besides tags


@dataclass(slots=True)
class Translated:
    """What came of something that another program had: keys of ours, rules, and what was lost."""

    keys: dict[str, Any] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def lose(self, what: str, why: str) -> None:
        """Note that *what* could not be translated."""
        self.lost.append(say("{what} is not taken over: {why}", what=what, why=why))

    def rule(self, what: str, rule: Rule) -> None:
        """Add a rule, unless its pattern is none of ours."""
        if fault := pattern.fault(rule.get("match", "")):
            self.lose(what, fault)
        else:
            self.rules.append(rule)

    def all_keys(self) -> dict[str, Any]:
        """Return the keys of the [[source]], its rules among them."""
        return {**self.keys, "rule": [dict(rule) for rule in self.rules]}


def full_text(found: Translated, what: str, selector: str = "") -> None:
    """Have the text taken from each article's page, where the extra for that is installed."""
    if find_spec("trafilatura") is None:
        found.lose(what, say("full_text needs an extra; pip install '.[fulltext]' and set it"))
        return
    found.keys["full_text"] = True
    if selector:
        what = say("the selector {selector!r}", selector=selector)
        found.lose(what, say("full_text finds an article's body by itself"))


# ── miniflux ──────────────────────────────────────────────────────────────────────────────────────


def blocked(found: Translated, expression: str) -> None:
    """Leave out what miniflux' `blocklist_rules` match: an address, a title, an author or a tag."""
    for name in _LEGACY:
        found.rule("blocklist_rules", {"field": name, "match": expression, "drop": True})


def kept(found: Translated, expression: str) -> None:
    """Keep what miniflux' `keeplist_rules` match, as far as that is a matter of titles."""
    found.rule("keeplist_rules", {"match": expression, "keep": True})
    found.lost.append(
        say("keeplist_rules look at the title alone here, not at address, author and tags")
    )


def block_filters(found: Translated, text: str) -> None:
    """Leave out what one of miniflux' `block_filter_entry_rules` matches; each stands on a line."""
    for name, expression in _filters(text):
        if name == "EntryDate" and expression.startswith("max-age:"):
            found.rules.append({"older": expression.removeprefix("max-age:"), "drop": True})
        elif name in _MINIFLUX_FIELDS:
            rule = {"field": _MINIFLUX_FIELDS[name], "match": expression, "drop": True}
            found.rule("block_filter_entry_rules", rule)
        else:
            what = say("the filter {filter}", filter=f"{name}={expression}")
            found.lose(what, say("rules have no such field"))


def keep_filters(found: Translated, text: str) -> None:
    """Keep what one of miniflux' `keep_filter_entry_rules` matches, where all are of one field."""
    filters = list(_filters(text))
    names = {name for name, _ in filters}
    if len(names) == 1 and names <= _MINIFLUX_FIELDS.keys():
        match = "|".join(one for _, one in filters)
        rule = {"field": _MINIFLUX_FIELDS[names.pop()], "match": match, "keep": True}
        found.rule("keep_filter_entry_rules", rule)
    elif filters:
        why = say("a rule keeps by one field; here are several")
        found.lose("keep_filter_entry_rules", why)


def _filters(text: str) -> Iterable[tuple[str, str]]:
    lines = (line.strip() for line in text.splitlines())
    for line in filter(None, lines):
        name, _, expression = line.partition("=")
        yield name.strip(), expression.strip()


# ── FreshRSS ──────────────────────────────────────────────────────────────────────────────────────


def read_filters(found: Translated, text: str) -> None:
    """Leave out what FreshRSS marks as read by itself; each line is a search of its own."""
    for line in filter(None, map(str.strip, text.splitlines())):
        terms = [_term(part) for part in re.split(r"\s+OR\s+", line)]
        what = say("the filter {filter}", filter=repr(line))
        if None in terms:
            found.lose(what, say("only single terms are, and several with OR"))
            continue
        for fields, match in filter(None, terms):
            for name in fields:
                found.rule(what, {"field": name, "match": match, "drop": True})


def _term(text: str) -> tuple[tuple[str, ...], str] | None:
    """Return the fields and the pattern of a search of one term, None where it is another one."""
    term = _QUOTED.fullmatch(text)
    if term is None or term[1] or (term[2] and term[2] not in _FRESHRSS_FIELDS):
        return None
    fields = (_FRESHRSS_FIELDS[term[2]],) if term[2] else ("title", "content")
    if term[5] is not None:
        return fields, f"(?{term[6]}){term[5]}" if term[6] else term[5]
    words = next(words for words in (term[3], term[4], term[7]) if words is not None)
    return None if words[0] in "#(!" else (fields, f"(?i){re.escape(words)}")
