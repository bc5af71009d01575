"""Incidents and recoveries as an Atom feed (RFC 4287): one entry for each, changed in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from lxml import etree

from aggregator.health.incident import Incident
from aggregator.model import Document
from aggregator.publish import addresses, dates
from aggregator.publish.press import Press
from aggregator.publish.standing import Standing
from aggregator.publish.status_page import Case, case_of

_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = datetime(1990, 1, 1, tzinfo=UTC)  # of a feed without entries, as of the others


def incidents_feed(
    press: Press, incidents: Sequence[Incident], standings: Mapping[str, Standing]
) -> Document:
    """Render *incidents*, the last changed first, of the sources in *standings* by id.

    Nothing is told of a private source but that it is in trouble; those that are no sources any
    more are left out.
    """
    known = [one for one in incidents if one.source in standings]
    address = addresses.public(press, addresses.INCIDENTS)
    feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", press.site.language)
    _add(feed, "id", address)
    _add(feed, "title", press.texts.incidents_of.format(site=press.site.title))
    _add(feed, "updated", dates.rfc3339(max((one.changed_at for one in known), default=_NEVER)))
    _add(_add(feed, "author"), "name", press.site.author or press.site.title)
    _add(feed, "link", rel="self", type="application/atom+xml", href=address)
    _add(feed, "link", type="text/html", href=addresses.public(press, addresses.STATUS))
    for incident in known:
        _entry(press, feed, case_of(press, standings[incident.source], incident), standings)
    body = etree.tostring(feed, encoding="UTF-8", xml_declaration=True)
    return Document(addresses.INCIDENTS, body)


def _entry(
    press: Press, feed: etree._Element, case: Case, standings: Mapping[str, Standing]
) -> None:
    incident, words = case.incident, press.texts
    name = standings[incident.source].supplier.name
    state = words.recovered if incident.ended_at else case.word
    page = addresses.public(press, addresses.status_of(incident.source))
    entry = _add(feed, "entry")
    _add(entry, "id", f"{addresses.public(press, addresses.INCIDENTS)}#{incident.number}")
    _add(entry, "title", f"{case.mark} {name}: {state}")
    _add(entry, "updated", dates.rfc3339(incident.changed_at))
    _add(entry, "published", dates.rfc3339(incident.opened_at))
    _add(entry, "link", type="text/html", href=page)
    _add(entry, "category", term=incident.word, label=case.word)
    said = (
        f"{case.word}: {case.why}" if case.why else case.word,
        f"{words.began}: {case.began}",
        f"{words.ended}: {case.ended}",
    )
    _add(entry, "content", "\n".join(said), type="text")


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    if text:
        made.text = "".join(one for one in text if one.isprintable() or one == "\n")
    return made
