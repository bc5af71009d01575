"""What the site says of itself: who is asked for what, under what terms, by which User-Agent."""

from __future__ import annotations

from urllib.parse import urlsplit

from aggregator import __version__, template
from aggregator.config.settings import Publish, Settings, Source
from aggregator.fetch.session import user_agent
from aggregator.normalise.public import public_address
from aggregator.publish.press import Imprint, Supplier


def imprint(settings: Settings) -> Imprint:
    """Return the imprint of the site that *settings* describe."""
    contact = settings.fetch.contact
    suppliers = sorted(
        (_supplier(source, settings.publish) for source in settings.source),
        key=lambda one: one.name.casefold(),
    )
    return Imprint(contact, user_agent(__version__, contact), tuple(suppliers))


def _supplier(source: Source, publish: Publish) -> Supplier:
    """Return what readers may know of a source: no address that is private or holds a secret."""
    address = public_address(source.public_url or source.url)
    category = source.category or source.id
    return Supplier(
        name=source.title or _fixed(source.publisher) or _host(address) or source.id,
        site=public_address(source.publisher_url),
        feed=address if source.kind == "feed" or source.public_url else "",
        licence=source.licence,
        content=source.content or publish.allowed("", source.licence),
        category=None if template.names(category) else category,
    )


def _fixed(text: str | None) -> str:
    """Return *text* where it is the same for every article."""
    return text if text and not template.names(text) else ""


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")
