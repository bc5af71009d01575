"""Entry → Article: what a source said becomes what we store and publish.

    rules ─ credit ─ links ─ body ─ dates ─ names

Pure: the same entry, place and time give the same article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache

from aggregator import language, template
from aggregator.errors import EntryError
from aggregator.excerpt import shorten
from aggregator.model import Article, Enclosure, Entry, Term
from aggregator.normalise import attribution, dates, identity, links, rules, sharing, text
from aggregator.normalise.body import base_of, body
from aggregator.normalise.fields import Values
from aggregator.normalise.markup import plain
from aggregator.normalise.place import Place
from aggregator.record import record

_LONGEST_LABEL = 100
_MOST_TERMS = 50
_COMMA = re.compile("[,，]")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


@record(frozen=True, slots=True)
class Explanation:
    """How an entry became its article: None where a rule left it out."""

    article: Article | None
    candidates: tuple[sharing.Candidate, ...] = ()
    steps: tuple[rules.Step, ...] = ()


def normalise(entry: Entry, place: Place, now: datetime) -> Article | None:
    """Return the article that *entry* becomes at *now* (aware UTC); None if a rule leaves it out.

    Raises EntryError where it cannot be an article: nothing to name it by, a field that a template
    needs missing, a pattern too slow.
    """
    return explain(entry, place, now).article


def explain(entry: Entry, place: Place, now: datetime) -> Explanation:
    """Return what `normalise` returns, and how it came about."""
    source = place.source
    every = (*source.rule, *place.rules)
    ruled = rules.apply(entry, every, source.id, lambda: now - _times(entry, place, now)[0])
    if ruled.entry is None:
        return Explanation(None, steps=ruled.steps)
    guid, entry = entry.guid, ruled.entry
    credit = attribution.of(entry, place, Values(entry, source=source.id))
    values = Values(entry, source=source.id, publisher=credit.publisher)
    base = base_of(entry, place)
    found = sharing.candidates(entry, place, values, base)
    link = found[0][1] if found else ""
    said = body(entry, place, link)
    published, updated = _times(entry, place, now)
    id_ = identity.article_id(source.id, guid)
    article = Article(
        id=id_,
        source=source.id,
        guid=guid,
        public_id=identity.public_id(guid, published, place.site.host, id_),
        title=said.title,
        link=sharing.original_link(entry, place, base),
        share_link=link,
        published=published,
        updated=updated,
        first_seen_at=now,
        summary=said.summary,
        content=said.content,
        language=next(iter(_languages(entry, place)), ""),
        authors=attribution.authors(entry, place),
        attribution=credit,
        categories=_categories(place, values, ruled),
        tags=_labels([*_tags(source.tags, values), *ruled.given("tag")]),
        terms=_terms(entry.terms),
        enclosures=_enclosures(entry.enclosures, base),
        image=links.absolute(entry.image, base),
        fingerprint=entry.fingerprint,
    )
    return Explanation(article, found, ruled.steps)


def _times(entry: Entry, place: Place, now: datetime) -> tuple[datetime, datetime]:
    """Return when the article was published and updated, in whole seconds as feeds write them.

    One without a date, or with an absurd or future one, was published when we first saw it.
    """
    reading = dates.Reading(
        zone=place.source.timezone or place.site.timezone,
        now=now,
        languages=_languages(entry, place, place.site.language),
    )
    claimed, changed = _moment(entry.published, reading), _moment(entry.updated, reading)
    published = claimed or changed or now
    return published, max(changed or published, published)


def _moment(words: str, reading: dates.Reading) -> datetime | None:
    moment = dates.read_date(words, reading)
    return moment and moment.replace(microsecond=0)


def _languages(entry: Entry, place: Place, *others: str) -> list[str]:
    """Return the language tags that stand for the entry, the nearest one first, *others* last."""
    claims = (entry.language, place.source.language, place.feed.language, *others)
    return [tag for claim in claims if claim and (tag := language.tag(claim))]


# ── names ─────────────────────────────────────────────────────────────────────────────────────────


def _categories(place: Place, values: Mapping[str, str], ruled: rules.Ruled) -> tuple[str, ...]:
    home = place.source.category
    label = _label(_filled(home, values) if home else place.source.id)
    if not label:
        raise EntryError(f"has an empty category, made by {home!r}", code="E312")
    return _labels([label, *ruled.given("category")])


def _tags(templates: Iterable[str], values: Mapping[str, str]) -> Iterator[str]:
    """Yield the tags that *templates* make; a field may hold several, with commas in between."""
    for pattern in templates:
        yield from _COMMA.split(_filled(pattern, values))


def _filled(pattern: str, values: Mapping[str, str]) -> str:
    return template.fill_text(pattern, values)


def _labels(labels: Iterable[str]) -> tuple[str, ...]:
    """Return *labels* as text on one line, without empty and repeated ones."""
    return tuple(dict.fromkeys(filter(None, map(_label, labels))))


def _label(words: str) -> str:
    known = _known_label if len(words) <= _LONGEST_LABEL else _short_label
    return known(words)


def _short_label(words: str) -> str:
    return text.level(shorten(text.one_line(words), _LONGEST_LABEL))


_known_label = lru_cache(maxsize=1024)(_short_label)  # entries of one source share theirs


def _terms(terms: Iterable[Term]) -> tuple[Term, ...]:
    known = dict.fromkeys(
        Term(label, text.one_line(term.scheme), text.one_line(term.code))
        for term in terms
        if (label := _label(plain(term.label)))
    )
    return tuple(known)[:_MOST_TERMS]


def _enclosures(files: Iterable[Enclosure], base: str) -> tuple[Enclosure, ...]:
    found: dict[str, Enclosure] = {}
    for file in files:
        url = links.absolute(file.url, base)
        if url:
            found.setdefault(url, _enclosure(file, url))
    return tuple(found.values())


def _enclosure(file: Enclosure, url: str) -> Enclosure:
    kind = file.type.strip().lower()
    return Enclosure(
        url=url,
        type=kind if _MEDIA_TYPE.fullmatch(kind) else "",
        length=file.length if file.length is not None and file.length >= 0 else None,
        title=shorten(plain(file.title), _LONGEST_LABEL),
        duration=file.duration if file.duration is not None and file.duration >= 0 else None,
    )
