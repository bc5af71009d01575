"""A source, as the site tells of it."""

from __future__ import annotations

from aggregator.model import Content
from aggregator.record import record


@record(frozen=True, slots=True)
class Supplier:
    """A source as the site tells of it; addresses are fit for any reader, or "".

    `category` is the label of the one all its articles are in; None where each article has its own.
    One that is `private` is read at an address that is for nobody else.
    """

    id: str
    name: str
    site: str = ""
    feed: str = ""
    licence: str = ""
    content: Content = "full"
    category: str | None = None
    private: bool = False
