"""Which articles tell the same story: the same canonical link, or nearly the same text. Pure.

    candidates ─► the same link ──────────────► the story
               └► a title alike ─► told alike ─┘

A story taken for another one is hidden behind it, while one that is not recognised is only shown
twice: whatever is doubtful is another story. Sole user of rapidfuzz.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

from aggregator.model import Article, Candidates, Signature, fingerprint
from aggregator.normalise.telling import Telling, folded, is_dense, letters, words

WINDOW = timedelta(hours=72)
"""How far apart two articles can be published that tell the same story."""

_TITLES_ALIKE = 60  # percent: below it the texts are not compared
_COMPARED = 4  # the most similar titles
_STEM = 4  # letters of a word by which a title is found

Told = tuple[str, str]
"""An article's title, and its content or else its summary."""


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


def tokens(title: str) -> Iterable[str]:
    """Return what is looked up of a signature's *title*: titles that are alike share some of it.

    The beginnings of words; of Chinese, Japanese and Korean each two characters.
    """
    if is_dense(title):
        return {title[start : start + 2] for start in range(len(title) - 1)}
    return {word[:_STEM] for word in title.split()}


def same_story(
    article: Article, own: Signature, candidates: Candidates, read: Callable[[int], Told]
) -> Iterator[int]:
    """Yield the numbers of the candidates that tell the story of *article*, the surest first.

    *own* is its signature. The candidates are of other sources, published no more than WINDOW
    before or after it; *read* reads one of them. Those with the same link come first, then those
    whose texts are alike, the most similar ones first.
    """
    linked = _linked(candidates)
    yield from linked
    alike = [n for n in _with_similar_title(own, candidates) if n not in linked]
    if alike:
        telling = Telling(article.title, article.content or article.summary)
        likeness = {n: telling.likeness(Telling(*read(n))) for n in alike}
        yield from sorted(filter(likeness.get, alike), key=lambda n: -likeness[n])


# ── by link ───────────────────────────────────────────────────────────────────────────────────────


def _linked(candidates: Candidates) -> list[int]:
    """Return the candidates with the same link.

    There are none where one source has several: that is the link of a page with many entries.
    """
    sources = {source for _, source in candidates.linked}
    return [n for n, _ in candidates.linked] if len(sources) == len(candidates.linked) else []


def _link_key(link: str) -> str:
    """Return what two addresses of one page have in common; "" for none and for a site's home.

    Scheme, `www.`, a slash at the end and the order of the query are left aside.
    """
    resource, _, query = link.partition("://")[2].removeprefix("www.").partition("?")
    resource = resource.rstrip("/")
    if "/" not in resource and not query:
        return ""
    return fingerprint(resource, *sorted(query.split("&")))[:16]


# ── by text ───────────────────────────────────────────────────────────────────────────────────────


def _with_similar_title(own: Signature, candidates: Candidates) -> list[int]:
    """Return the candidates with the titles most like it, in their order."""
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
    return [candidates.numbers[place] for place in sorted(place for _, _, place in alike)]


def _title_key(title: str) -> str:
    """Return a title as it is compared with others.

    The words are in alphabetical order: papers put them in different ones. Where they are not set
    apart, it is the letters, since papers set commas and spaces as they like.
    """
    text = folded(title)
    together = letters(text)
    return together if is_dense(together) else " ".join(sorted(words(text)))
