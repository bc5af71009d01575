"""The only network code: `Fetcher().get(Request(url))` gives `Fetched | NotModified` or FetchError.

The records are cheap to import; `Fetcher` brings the HTTP library along when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aggregator.fetch.exchange import Fetched, Getter, NotModified, Request

if TYPE_CHECKING:
    from aggregator.fetch.session import Fetcher

__all__ = ["Fetched", "Fetcher", "Getter", "NotModified", "Request"]


def __getattr__(name: str) -> Any:
    """Import `Fetcher` on first use (PEP 562)."""
    if name == "Fetcher":
        from aggregator.fetch.session import Fetcher

        return Fetcher
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
