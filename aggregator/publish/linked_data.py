"""What pages say to machines: JSON-LD in the vocabulary of https://schema.org."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from aggregator.model import Article, Channel
from aggregator.publish import addresses, dates, texts, wording
from aggregator.publish.press import Press

Thing = dict[str, Any]

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def article(press: Press, one: Article, path: str, channel: Channel) -> str:
    """Return an article (NewsArticle) on the page at *path*, and the way there from home."""
    publisher = _present(
        {
            "@type": "Organization",
            "name": one.attribution.publisher,
            "url": one.attribution.publisher_url,
        }
    )
    authors = [{"@type": "Person", "name": person.name} for person in one.authors if person.name]
    news = {
        "@type": "NewsArticle",
        "headline": wording.headline(one),
        "datePublished": dates.rfc3339(one.published),
        "dateModified": dates.rfc3339(one.updated),
        "inLanguage": texts.tag(one.language) or press.language(channel),
        "author": authors or [publisher],
        "publisher": publisher,
        "isBasedOn": addresses.original(one),
        "mainEntityOfPage": addresses.public(press, path),
        "license": one.attribution.rights if _is_address(one.attribution.rights) else "",
        "image": one.image,
    }
    return _script([_present(news), _trail(press, [channel])])


def channel(press: Press, one: Channel) -> str:
    """Return a channel's page (CollectionPage), and the way there from home."""
    collection = {
        "@type": "CollectionPage",
        "name": one.title,
        "description": one.description,
        "inLanguage": press.language(one),
        "url": addresses.channel_link(press, one),
        "isPartOf": {"@type": "WebSite", "name": press.site.title, "url": f"{press.site.base}/"},
    }
    return _script([_present(collection), _trail(press, [one])])


def home(press: Press) -> str:
    """Return the site (WebSite), with its search where it has one."""
    search = {
        "@type": "SearchAction",
        "target": f"{press.site.base}/{addresses.SEARCH}?q={{query}}",
        "query-input": "required name=query",
    }
    site = {
        "@type": "WebSite",
        "name": press.site.title,
        "description": press.site.description,
        "inLanguage": press.site.language,
        "url": f"{press.site.base}/",
        "potentialAction": None if press.publish.static else search,
    }
    return _script([_present(site)])


def _trail(press: Press, channels: Sequence[Channel]) -> Thing:
    stops = [(press.texts.home, f"{press.site.base}/")]
    stops += [(one.title, addresses.channel_link(press, one)) for one in channels]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": url}
            for number, (name, url) in enumerate(stops, 1)
        ],
    }


def _script(things: list[Thing]) -> str:
    """Return *things* as JSON that is safe inside a script element."""
    data: Thing = {"@context": "https://schema.org", "@graph": things}
    if len(things) == 1:
        data = {"@context": "https://schema.org", **things[0]}
    text = _ENCODER.encode(data)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _present(fields: Thing) -> Thing:
    return {name: value for name, value in fields.items() if value}
