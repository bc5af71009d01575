"""The operator's rules: steps that change an entry, mark it, or leave it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from aggregator import pattern, template
from aggregator.config.settings import Rule
from aggregator.model import Entry
from aggregator.normalise import fields
from aggregator.record import record


@record(frozen=True, slots=True)
class Step:
    """What one rule did to one entry; a rule that did nothing leaves no step."""

    rule: Rule
    effect: str  # "dropped", "replaced", "set", "category" or "tag"
    value: str = ""  # the new value, category or tag


@record(frozen=True, slots=True)
class Ruled:
    """An entry after the rules: None where one left it out."""

    entry: Entry | None
    steps: tuple[Step, ...] = ()

    def given(self, effect: str) -> list[str]:
        """Return the values of the steps with this *effect*."""
        return [step.value for step in self.steps if step.effect == effect]


def apply(entry: Entry, rules: Iterable[Rule], source: str, age: Callable[[], timedelta]) -> Ruled:
    """Run *rules* over *entry* in their order; each sees what those before it made.

    *age* returns how long ago the entry was published, by its own claim; it is asked only where a
    rule depends on it. Raises EntryError where a pattern takes too long or a template lacks a
    field.
    """
    steps: list[Step] = []
    for rule in rules:
        if rule.sources and source not in rule.sources:
            continue
        matches = _matches(rule, entry) and _is_of_age(rule, age)
        if (rule.drop and matches) or (rule.keep and not matches):
            return Ruled(None, (*steps, Step(rule, "dropped")))
        if matches:
            entry, done = _run(rule, entry, source)
            steps += done
    return Ruled(entry, tuple(steps))


def _matches(rule: Rule, entry: Entry) -> bool:
    return (
        rule.match is None or pattern.find(rule.match, fields.read(entry, rule.field)) is not None
    )


def _is_of_age(rule: Rule, age: Callable[[], timedelta]) -> bool:
    older = rule.older is None or age() > rule.older
    return older and (rule.newer is None or age() <= rule.newer)


def _run(rule: Rule, entry: Entry, source: str) -> tuple[Entry, list[Step]]:
    steps: list[Step] = []
    if rule.match is not None and rule.replace is not None:
        before = fields.read(entry, rule.field)
        after = pattern.replace(rule.match, rule.replace, before)
        if after != before:
            entry = fields.write(entry, rule.field, after)
            steps.append(Step(rule, "replaced", after))
    for name, value in (rule.set or {}).items():
        entry = fields.fill(entry, name, value, fields.Values(entry, source=source))
        steps.append(Step(rule, "set", f"{name} = {fields.read(entry, name)}"))
    for effect, label in (("category", rule.category), ("tag", rule.tag)):
        if label is not None:
            values = fields.Values(entry, source=source)
            steps.append(Step(rule, effect, template.fill_text(label, values)))
    return entry, steps
