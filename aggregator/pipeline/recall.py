"""What is remembered of a source, as far as it still holds under the present configuration. Pure.

Three things may have changed since it was last asked, each with its own consequence:

    its own table    ─► what was learnt of its address and its failures is forgotten
    its recipe       ─► every entry is made anew, so it is asked without validators
    its address      ─► it is asked where it has moved to, with nothing that was for the old place
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from aggregator.config.settings import Rule, Settings, Site, Source
from aggregator.model import Hints, Move, SourceState, fingerprint

_NOT_ASKED_BY = {"expect"}  # keys that change neither what is asked nor what is made of it
# Keys that change only when and how it is asked, and those of the site that no article is made of.
_NOT_MADE_OF = _NOT_ASKED_BY | {"every", "timeout", "max_size", "allow_private"}
_NOT_SITE_OF = {"title", "description", "author"}


def configured(source: Source) -> str:
    """Return a hash of the source's own table; keys that have their default do not count."""
    return fingerprint(_written(source, _NOT_ASKED_BY))


def _written(table: Source | Site | Rule, without: set[str]) -> str:
    return table.model_dump_json(exclude_defaults=True, exclude=without)


def is_changed(source: Source, state: SourceState) -> bool:
    """Say whether the source's own table has changed since it was last asked."""
    return state.configured not in ("", configured(source))


def recalled(state: SourceState, source: Source, settings: Settings) -> SourceState:
    """Return what still holds of *state*."""
    mark = configured(source)
    if state.configured not in ("", mark):
        state = replace(
            state, failures=0, status=None, gone=False, hints=Hints(), address="", move=Move()
        )
    recipe = fingerprint(
        _written(source, _NOT_MADE_OF),
        _written(settings.site, _NOT_SITE_OF),
        *(_written(rule, set()) for rule in settings.rule),
    )
    if state.recipe != recipe:
        state = without_validators(state)
    if (state.recipe, state.configured) == (recipe, mark):
        return state
    return replace(state, recipe=recipe, configured=mark)


def without_validators(state: SourceState) -> SourceState:
    """Return *state* such that the next answer cannot be «not modified»."""
    return replace(state, etag="", last_modified="", body_hash="", document="")


def whereabouts(source: Source, state: SourceState) -> Source:
    """Return *source* as it is to be asked: where it has moved to for good, if anywhere.

    The operator's headers are for the server that he named (they may hold a token).
    """
    if not state.address:
        return source
    headers = source.headers if _origin(source.url) == _origin(state.address) else {}
    return source.model_copy(update={"url": state.address, "headers": headers})


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.rpartition("@")[2].lower()
