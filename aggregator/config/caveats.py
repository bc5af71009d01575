"""What is no fault of a configuration, and yet should be thought about: what `check` warns of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from aggregator.config.describe import Say, english
from aggregator.config.document import Document
from aggregator.config.expand import expand
from aggregator.config.faults import Kind, in_words
from aggregator.config.settings import Settings, Source
from aggregator.errors import Problem
from aggregator.licence import licence, reserves

_COPIED = (
    "re-publishes full text, and no licence is known that allows it;"
    ' name one with licence = "…", or write content = "excerpt"'
)


_NO_EDITS = (
    'corrections = "new-entry" finds nothing: write edits = "significant" in the [[source]] whose'
    " edits count, or in [defaults]"
)


def caveats(
    document: Document,
    settings: Settings,
    kinds: Mapping[str, Kind],
    rights: Callable[[str], list[str]],
    say: Say = english,
) -> Iterator[Problem]:
    """Yield a warning for each [[source]] of *document* that re-publishes more than it may.

    And for corrections that no source can bring.

    *settings* is what *document* means; *rights* returns what the newest articles of a source say
    of their rights, as far as they are known.
    """
    edited = any(source.edits == "significant" for source in settings.source)
    if settings.publish.corrections == "new-entry" and not edited:
        place = document.position(("publish", "corrections"))
        yield Problem(document.file, *place, f"[publish]: {say(_NO_EDITS)}", "W102")
    drafts = expand(document.data, kinds, [])
    warned: set[int] = set()
    for draft, source in zip(drafts, settings.source, strict=True):
        if draft.origin not in warned and _is_copied(source, settings, rights):
            warned.add(draft.origin)
            message = f"{in_words(document.data, draft.keys)}: {say(_COPIED)}"
            yield Problem(document.file, *document.position(draft.keys), message, "W101")


def _is_copied(source: Source, settings: Settings, rights: Callable[[str], list[str]]) -> bool:
    """Say whether articles of *source* are published in full though no licence allows it."""
    if source.content is not None and source.content != "full":
        return False
    if source.licence and not reserves(source.licence):
        return False
    said = rights(source.id) or [""]
    return any(
        not licence(line)
        and (source.content or settings.publish.allowed(line, source.licence)) == "full"
        for line in said
    )
