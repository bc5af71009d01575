"""What the site says of itself: who is asked for what, under what terms, by which User-Agent."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from aggregator import __version__, template
from aggregator.config.settings import Publish, Settings, Source
from aggregator.fetch.session import user_agent
from aggregator.normalise.public import public_address
from aggregator.publish.press import Imprint
from aggregator.publish.supplier import Supplier

Names = Mapping[str, tuple[str, str]]
"""What each source calls itself and the address of its site, by id; each may be ""."""


def imprint(settings: Settings, names: Names) -> Imprint:
    """Return the imprint of the site that *settings* describe."""
    contact = settings.fetch.contact
    suppliers = sorted(
        (_supplier(source, settings.publish, names) for source in settings.source),
        key=lambda one: one.name.casefold(),
    )
    return Imprint(contact, user_agent(__version__, contact), tuple(suppliers))


def _supplier(source: Source, publish: Publish, names: Names) -> Supplier:
    """Return what readers may know of a source: no address that is private or holds a secret."""
    address = public_address(source.public_url or source.url)
    own_name, own_site = names.get(source.id, ("", ""))
    category = source.category or source.id
    return Supplier(
        id=source.id,
        name=_name(source, own_name, address),
        site=public_address(source.publisher_url) or own_site,
        feed=address if source.kind == "feed" or source.public_url else "",
        licence=source.licence,
        content=source.content or publish.allowed("", source.licence),
        category=None if template.names(category) else category,
        private=not address,
    )


def _name(source: Source, own_name: str, address: str) -> str:
    return source.title or _fixed(source.publisher) or own_name or _host(address) or source.id


def _fixed(text: str | None) -> str:
    """Return *text* where it is the same for every article."""
    return text if text and not template.names(text) else ""


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")
