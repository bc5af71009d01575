"""import planet: the feeds of a Planet's config.ini (Venus), or of Pluto's planet.ini."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from pathlib import Path

from aggregator.cli.composition import Invocation
from aggregator.cli.foreign_rules import Translated
from aggregator.cli.moving_in import MAX_SIZE, Arrival, Load, Remark, Wish, bring_in, bytes_of
from aggregator.cli.speech import say
from aggregator.errors import ParseError
from aggregator.parse.address import is_page
from aggregator.parse.charset import decode

_TOP = "planet"  # what stands above the first section, in Pluto's
_LOST = ("filters", "xpath_sifter", "future_dates", "include", "includes")


def import_planet(invocation: Invocation, file: Path, wish: Wish) -> int:
    """Add a planet's feeds to the configuration; return the exit status."""
    return bring_in(invocation, wish, lambda _: load_of(bytes_of(file)))


def load_of(body: bytes) -> Load:
    """Return what a planet brings; raises ParseError where *body* is none."""
    if len(body) > MAX_SIZE:
        raise ParseError(f"is larger than {MAX_SIZE // 1_000_000} MB; no planet is", code="E320")
    text = decode(body)
    planet = configparser.RawConfigParser(strict=False, default_section="")
    try:
        planet.read_string(f"[{_TOP}]\n{text}")
    except configparser.Error as error:
        raise ParseError(
            f"is no planet's INI: {' '.join(str(error).split())}", code="E320"
        ) from error
    lines = {line.strip(): number for number, line in enumerate(text.splitlines(), 1)}
    read = [
        _read(name, dict(planet[name]), lines.get(f"[{name}]", 1)) for name in planet.sections()
    ]
    arrivals = [one for one in read if isinstance(one, Arrival)]
    if not arrivals:
        raise ParseError("names no feed; a planet has a section for each", code="E320")
    return Load(arrivals, [one for one in read if isinstance(one, Remark)])


def _read(name: str, own: Mapping[str, str], line: int) -> Arrival | Remark | None:
    """Return the feed of a section: Venus' is called by its address, Pluto's has it as `feed`."""
    title = own.get("name") or own.get("title", "")
    url = name if is_page(name) else own.get("feed", "")
    if not url:
        is_template = name.lower() in (_TOP, "default") or "/" in name or "." in name
        return None if is_template else Remark(line, title or name, say("has no address of a feed"))
    found = Translated()
    if wanted := own.get("filter", ""):
        found.rule("filter", {"field": "content", "match": wanted, "keep": True})
    if unwanted := own.get("exclude", ""):
        found.rule("exclude", {"field": "content", "match": unwanted, "drop": True})
    for lost in _LOST:
        if own.get(lost):
            found.lose(lost, say("a rule may do it; write it yourself"))
    return Arrival(line, url, title, own.get("link", ""), (), found.all_keys(), tuple(found.lost))
