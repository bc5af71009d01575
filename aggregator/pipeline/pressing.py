"""What pages and feeds are rendered with, from the configuration and the store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aggregator.config.settings import Settings, Source
from aggregator.pipeline.imprint import imprint
from aggregator.publish.press import Press
from aggregator.publish.templating import Templates
from aggregator.store.reader import Reader


def press_for(settings: Settings, store: Reader, templates: Templates, now: datetime) -> Press:
    """Return the press for everything that is rendered at *now*."""
    window = settings.publish.window
    return Press(
        settings.site,
        settings.publish,
        store.categories(),
        {slug: table.title for slug, table in settings.category.items() if table.title},
        {slug: table.language for slug, table in settings.category.items() if table.language},
        cutoff=None if window is None else now - window,
        sources=with_terms(settings),
        imprint=imprint(settings, store.names()),
        templates=templates,
    )


def with_terms(settings: Settings) -> Mapping[str, Source]:
    """Return the sources that say how much of an article may be published, by their ids."""
    return {one.id: one for one in settings.source if one.content or one.licence}
