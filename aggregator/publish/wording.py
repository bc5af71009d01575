"""What is said of an article in every format alike: its heading, excerpt, authors and credit."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape

from aggregator import template
from aggregator.errors import EntryError
from aggregator.excerpt import excerpt
from aggregator.model import Article, Report, Term
from aggregator.publish import addresses
from aggregator.publish.press import Press
from aggregator.publish.texts import Texts, tag

_ATTRIBUTES = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|em|font|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|u|var)"
    rf"(?=[\s/>]){_ATTRIBUTES}>"
)
_ANY_TAG = re.compile(rf"<{_ATTRIBUTES}>|<!--.*?-->", re.DOTALL)
_CUT_TAG = re.compile(r"<[^<]*\Z")
_MARKUP = 20  # times its text: how long a fragment of HTML is taken to be at first
_UNFIT_IN_NAMES = str.maketrans(dict.fromkeys("(),;@<>", " "))


def headline(article: Article) -> str:
    """Return the title, or for an article without one the beginning of its text."""
    return (
        article.title
        or clipped(article.summary, 80)
        or beginning_of(article.content, 80)
        or article.id
    )


def short(article: Article) -> str:
    """Return the summary, else the beginning of the text, else the title (plain text)."""
    return article.summary or beginning_of(article.content, 200) or headline(article)


@lru_cache(maxsize=256)  # one channel's articles: feeds, page and home each show it
def beginning_of(markup: str, length: int) -> str:
    """Return an excerpt of at most *length* characters of the text in an HTML fragment."""
    taken = length * _MARKUP
    while taken < len(markup):  # there is more of it than has to be read
        text = text_of(markup[:taken])
        if len(text) > length:
            return excerpt(text, length)
        taken *= 4
    return excerpt(text_of(markup), length)


def clipped(text: str, length: int) -> str:
    """Return an excerpt of at most *length* characters of plain text, on one line."""
    return excerpt(" ".join(text.split()), length)


def bylines(article: Article) -> list[tuple[str, str]]:
    """Return (name, address) of each author, as `Alice Li via Example News`.

    An article without authors has its publisher as one. Parentheses, `,` `;` `@` `<` `>` are left
    out: readers cut names there or take them for mail addresses. An address may be "".
    """
    publisher = _name(article.attribution.publisher) or article.source
    named = [(_name(person.name), _web(person.uri)) for person in article.authors]
    lines = [
        (f"{name} via {publisher}" if name.casefold() != publisher.casefold() else name, uri)
        for name, uri in named
        if name
    ]
    return lines or [(publisher, article.attribution.publisher_url)]


def foreign_language(article: Article, language: str) -> str:
    """Return the tag of the article's language where it is not *language*, else ""."""
    own = tag(article.language)
    return own if own.lower() != language.lower() else ""


def terms(press: Press, article: Article) -> list[Term]:
    """Return an article's categories, tags and its source's own terms, each name once.

    Names hold no commas: several readers split a category there. A scheme is the source's.
    """
    own = [*(press.title(label) for label in article.categories), *article.tags]
    found: dict[str, Term] = {}
    for term in (*map(Term, own), *article.terms):
        name = " ".join(term.label.replace(",", " ").split())
        if name and not (name in found and found[name].scheme):
            found[name] = Term(name, term.scheme, term.code)
    return list(found.values())


def labels(press: Press, article: Article) -> list[str]:
    """Return the names of an article's categories, tags and terms."""
    return [term.label for term in terms(press, article)]


def credit(press: Press, article: Article) -> str:
    """Return the credit line as plain text; "" where the operator wants none.

    A template that needs what this article does not have gives way to the language's own: an
    article is never without its credit.
    """
    wanted = press.publish.credit
    if wanted == "":
        return ""
    fields = _credit_fields(article)
    try:
        return template.fill_text(wanted or press.texts.credit, fields)
    except EntryError:
        return template.fill_text(press.texts.credit, fields)


def also(article: Article) -> list[Report]:
    """Return the same story as others published it: one report of each publisher but its own."""
    reports: dict[str, Report] = {}
    for report in article.also:
        reports.setdefault(report.attribution.publisher.casefold(), report)
    reports.pop(article.attribution.publisher.casefold(), None)
    return list(reports.values())


def also_line(words: Texts, article: Article) -> str:
    """Return who else reports the story as plain text; "" where nobody does."""
    names = [report.attribution.publisher for report in also(article)]
    return words.also.format(names=words.between_names.join(names)) if names else ""


def body(press: Press, article: Article) -> str:
    """Return the article's HTML, its credit line and, below, who else reports the same story."""
    names = [
        _linked(escape(report.attribution.publisher, quote=False), report.share_link)
        for report in also(article)
    ]
    markup = credited(press, article)
    if not names:
        return markup
    line = press.texts.also.format(names=press.texts.between_names.join(names))
    return f'{markup}<p class="also">{line}</p>'


def credited(press: Press, article: Article) -> str:
    """Return the article's HTML with the credit line as its last paragraph.

    The line links the original, so that a reader can get there from wherever the text has gone. Of
    a removed article only our own words are left, which are nobody's.
    """
    markup = article.content
    if article.removal is not None:
        return markup
    if not markup.strip():
        markup = f"<p>{escape(short(article), quote=False)}</p>"
    line = escape(credit(press, article), quote=False)
    if not line:
        return markup
    return f'{markup}<p class="credit">{_linked(line, addresses.original(article))}</p>'


def text_of(markup: str) -> str:
    """Return what sanitised HTML says, on one line; a tag that is cut off says nothing."""
    whole = _CUT_TAG.sub("", _ANY_TAG.sub(" ", _INLINE.sub("", markup)))
    return " ".join(unescape(whole).split())


def _linked(markup: str, target: str) -> str:
    return f'<a href="{escape(target)}">{markup}</a>' if target else markup


def _name(text: str) -> str:
    return " ".join(text.translate(_UNFIT_IN_NAMES).split())


def _web(uri: str) -> str:
    return uri if uri.startswith(("http://", "https://")) else ""


def _credit_fields(article: Article) -> dict[str, str]:
    made_by = article.attribution
    return {
        "publisher": made_by.publisher,
        "publisher_url": made_by.publisher_url,
        "feed_url": made_by.feed_url,
        "rights": made_by.rights,
        "author": ", ".join(person.name for person in article.authors if person.name),
        "title": headline(article),
        "link": article.link,
        "share_link": article.share_link,
        "source": article.source,
        "category": article.categories[0],
    }
