"""Pull articles from any source on a schedule, keep them in SQLite, publish them with credit.

`from aggregator import load_config, refresh, articles, render_feed` is the program as a library
(library.py). What is not named here is not promised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aggregator.library import (
        AggregatorError,
        AlreadyRunningError,
        Article,
        Attribution,
        ConfigError,
        Enclosure,
        Outcome,
        Person,
        PublishError,
        Settings,
        Source,
        Status,
        StoreError,
        articles,
        load_config,
        publish_changes,
        refresh,
        render_feed,
        search,
    )

__version__ = "0.1.0"
__all__ = [
    "AggregatorError",
    "AlreadyRunningError",
    "Article",
    "Attribution",
    "ConfigError",
    "Enclosure",
    "Outcome",
    "Person",
    "PublishError",
    "Settings",
    "Source",
    "Status",
    "StoreError",
    "articles",
    "load_config",
    "publish_changes",
    "refresh",
    "render_feed",
    "search",
]


def __getattr__(name: str) -> Any:
    """Import the library when something of it is first used: the commands need little of it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from aggregator import library

    return getattr(library, name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
