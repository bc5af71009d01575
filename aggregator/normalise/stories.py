"""Which articles tell the same story: the same canonical link, or nearly the same text. Pure.

    candidates ─► the same link ─────────────────────────────► the one
               └► a title alike ─► numbers agree, text alike ─┘

A story taken for another one is hidden behind it, while one that is not recognised is only shown
twice: whatever is doubtful is another story. Sole user of rapidfuzz.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from html import unescape
from itertools import islice

from aggregator.model import Article, Candidates, Signature, fingerprint

WINDOW = timedelta(hours=72)
"""How far apart two articles can be published that tell the same story."""

_TITLES_ALIKE = 70  # percent: below it the texts are not compared
_TEXTS_ALIKE = 0.5  # of all shingles: rewrites of one text have more, articles on one topic less
_COMPARED = 10  # the most similar titles

_MARKUP = 12_000  # characters that are read of an article …
_LETTERS = 2_000  # … and of its letters
_LEAD = 400  # in which the numbers must agree: at the end are phone numbers and editors' stamps
_NUMBERS = 40

_TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_NOT_LETTERS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
# Han, kana and hangul: three of these characters say as much as five of an alphabet
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
_SHINGLE, _DENSE_SHINGLE = 5, 3
_SHORTEST, _SHORTEST_DENSE = 150, 50  # shingles: two shorter texts are alike by chance


def signatures(articles: Iterable[Article]) -> dict[str, Signature]:
    """Return by guid what a source's *articles* are looked for by.

    A link that several of them have is a page with many entries, and names no story.
    """
    made = {
        article.guid: Signature(_link_key(article.share_link), _title_key(article.title))
        for article in articles
    }
    links = Counter(one.link for one in made.values())
    return {
        guid: replace(one, link="") if links[one.link] > 1 else one for guid, one in made.items()
    }


def same_story(
    article: Article, own: Signature, candidates: Candidates, text_of: Callable[[int], str]
) -> int | None:
    """Return the number of the candidate that tells the story of *article*; None for none.

    *own* is its signature. The candidates are of other sources, published no more than WINDOW
    before or after it; *text_of* reads the HTML of one. The same link counts first, then the text
    that is most alike; of equals the first.
    """
    place = _same_link(own, candidates)
    if place is None:
        place = _same_text(article, own, candidates, text_of)
    return None if place is None else candidates.numbers[place]


# ── by link ───────────────────────────────────────────────────────────────────────────────────────


def _same_link(own: Signature, candidates: Candidates) -> int | None:
    """Return the place of the first candidate with the link.

    It is nowhere where one source has several: that is the link of a page with many entries.
    """
    if not own.link or own.link not in candidates.links:
        return None
    places = [place for place, link in enumerate(candidates.links) if link == own.link]
    sources = {candidates.sources[place] for place in places}
    return places[0] if len(sources) == len(places) else None


def _link_key(link: str) -> str:
    """Return what two addresses of one page have in common; "" for none and for a site's home.

    Scheme, `www.`, a slash at the end and the order of the query are left aside.
    """
    resource, _, query = link.partition("://")[2].removeprefix("www.").partition("?")
    resource = resource.rstrip("/")
    if "/" not in resource and not query:
        return ""
    return fingerprint(resource, *sorted(query.split("&")))[:16]


def _title_key(title: str) -> str:
    """Return the words of a title in alphabetical order: papers put them in different ones."""
    return " ".join(sorted(_NOT_LETTERS.sub(" ", _folded(title)).split()))


# ── by text ───────────────────────────────────────────────────────────────────────────────────────


def _same_text(
    article: Article, own: Signature, candidates: Candidates, text_of: Callable[[int], str]
) -> int | None:
    """Return the place of the candidate whose text is most alike; texts are dear to compare."""
    places = _with_similar_title(own, candidates)
    if not places:
        return None
    text = _read(own.title, article.content or article.summary)
    judged = [
        (
            _likeness(text, _read(candidates.titles[place], text_of(candidates.numbers[place]))),
            place,
        )
        for place in places
    ]
    best, place = max(judged, key=lambda pair: pair[0])
    return place if best >= _TEXTS_ALIKE else None


def _with_similar_title(own: Signature, candidates: Candidates) -> list[int]:
    """Return the places of the candidates with the titles most like it, in their order."""
    if not (own.title and candidates.titles):
        return []
    from rapidfuzz import fuzz, process

    alike = process.extract(
        own.title,
        candidates.titles,
        scorer=fuzz.ratio,
        score_cutoff=_TITLES_ALIKE,
        limit=_COMPARED,
    )
    return sorted(place for _, _, place in alike)


@dataclass(frozen=True, slots=True)
class _Text:
    """What of a text is compared: its short runs of letters, and its numbers."""

    shingles: frozenset[str] = frozenset()  # none where they are too few to tell a text by
    lead: frozenset[str] = frozenset()  # the numbers in the title and the first lines
    numbers: frozenset[str] = frozenset()  # the numbers in all of it


def _read(title: str, markup: str) -> _Text:
    words = _folded(unescape(_TAG.sub(" ", markup[:_MARKUP])))
    found = list(islice(_NUMBER.finditer(f"{title} {words}"), _NUMBERS))
    lead = [number for number in found if number.start() < _LEAD]
    letters = _NOT_LETTERS.sub("", words)[:_LETTERS]
    return _Text(_shingles(letters), _written(lead), _written(found))


def _written(numbers: Iterable[re.Match[str]]) -> frozenset[str]:
    return frozenset(number[0].replace(",", "") for number in numbers)


def _shingles(letters: str) -> frozenset[str]:
    """Return all short runs of *letters*; none where they are too few to tell one text by.

    Of an alphabet three letters would not do: two English texts share a quarter of them by chance.
    """
    dense = len(_DENSE.findall(letters)) * 3 > len(letters)
    size = _DENSE_SHINGLE if dense else _SHINGLE
    found = {letters[start : start + size] for start in range(len(letters) - size + 1)}
    return frozenset(found if len(found) >= (_SHORTEST_DENSE if dense else _SHORTEST) else ())


def _likeness(one: _Text, other: _Text) -> float:
    """Return which part of all their shingles two texts share; 0 where they tell of other numbers.

    The daily notice of a bank or an exchange is the same text every day but for its numbers: those
    at the beginning of one must stand in the other, either way round.
    """
    if not (one.shingles and other.shingles):
        return 0.0
    if not (one.lead <= other.numbers or other.lead <= one.numbers):
        return 0.0
    shared = len(one.shingles & other.shingles)
    return shared / (len(one.shingles) + len(other.shingles) - shared)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
