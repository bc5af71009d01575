"""How an article came about, in words that can be kept beside it."""

from __future__ import annotations

import json

from aggregator.config.settings import Rule
from aggregator.excerpt import shorten
from aggregator.given import pack
from aggregator.model import Entry, Provenance
from aggregator.normalise.article import Explanation

_LONGEST = 200  # characters of what a rule made of a field


def provenance(entry: Entry, explanation: Explanation) -> Provenance:
    """Return *entry* and what *explanation* made of it; a rule as it stands in the file."""
    return Provenance(
        explanation.candidates,
        tuple(
            (_words(step.rule), step.effect, shorten(step.value, _LONGEST))
            for step in explanation.steps
        ),
        pack(entry, explanation.article) if explanation.article else "",
    )


def _words(rule: Rule) -> str:
    keys = rule.model_dump(exclude_none=True, exclude_defaults=True)
    return ", ".join(
        f"{name} = {json.dumps(value, ensure_ascii=False, default=str)}"
        for name, value in keys.items()
    )
