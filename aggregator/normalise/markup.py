"""HTML fragments: sanitised for publication, or read as one line of plain text.

    fragment ─ prepared ─ nh3 ─ rewritten (rewrite.py) ─┐   until nh3 would change nothing more
                           └────────────────────────────┘

Sole user of nh3. What is returned is always a text that nh3, with the lists below and nothing more,
leaves exactly as it is: so it holds nothing else, and cleaning it again gives the same bytes.
"""

from __future__ import annotations

import re
from html import escape, unescape

import nh3

from aggregator.normalise import text
from aggregator.normalise.images import LAZY_SETS, LAZY_SOURCES
from aggregator.normalise.links import LINKS
from aggregator.normalise.rewrite import REPLACED, rewritten
from aggregator.normalise.tags import RAW, closed, is_too_deep, may_be_open, without_tags

LONGEST = 1_000_000  # characters of a fragment; the rest of a longer one is cut off
_ROUNDS = 4  # enough for any fragment met so far; one that needs more is published as text

_TAGS = """
    a abbr address article aside audio b bdi bdo blockquote br caption cite code col colgroup
    data dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header
    hgroup hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp section small source
    span strong sub summary sup table tbody td tfoot th thead time tr track u ul var video wbr
"""
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "dir", "lang", "title"},
    "a": {"href", "hreflang"},
    "audio": {"src"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "data": {"value"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"alt", "height", "sizes", "src", "srcset", "width"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"reversed", "start", "type"},
    "q": {"cite"},
    "source": {"height", "media", "sizes", "src", "srcset", "type", "width"},
    "td": {"colspan", "rowspan"},
    "th": {"abbr", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "track": {"default", "kind", "label", "src", "srclang"},
    "video": {"height", "poster", "src", "width"},
}
# What the first pass lets through for rewrite.py to see, and no further.
_PASSING_TAGS = " ".join((_TAGS, "iframe", *REPLACED))
_PASSING_ATTRIBUTES = {
    **_ATTRIBUTES,
    "*": _ATTRIBUTES["*"] | {"hidden", "style"},
    "iframe": {"src"},
    "img": _ATTRIBUTES["img"] | {*LAZY_SOURCES, *LAZY_SETS},
    "source": _ATTRIBUTES["source"] | {*LAZY_SOURCES, *LAZY_SETS},
}
# What stands in these is not text of the article.
_WITHOUT_CONTENT = """
    button datalist math noembed noframes script select style svg template textarea title
"""
_SCHEMES = LINKS | {"data"}  # rewrite.py lets data: through in images only
_PLAYERS = ("audio", "video")  # without their controls nothing plays them where scripts do not run


def _cleaner(
    tags: str, attributes: dict[str, set[str]], without: str = _WITHOUT_CONTENT
) -> nh3.Cleaner:
    allowed = set(tags.split())
    return nh3.Cleaner(
        tags=allowed,
        attributes=attributes,
        clean_content_tags=set(without.split()),
        url_schemes=set(_SCHEMES),
        set_tag_attribute_values={tag: {"controls": ""} for tag in _PLAYERS if tag in allowed},
    )


_SANITISER = _cleaner(_PASSING_TAGS, _PASSING_ATTRIBUTES)
_JUDGE = _cleaner(_TAGS, _ATTRIBUTES)
_STRIPPER = _cleaner("", {}, f"{_WITHOUT_CONTENT} iframe")

_FOREIGN = re.compile(r"<(/?)(svg|math)\b[^<>]*>?", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"\salttext=(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_ANNOTATION = re.compile(r"<annotation\b[^<>]*>[^<]*", re.IGNORECASE)
_NOSCRIPT = re.compile(r"</?noscript\b[^<>]*>", re.IGNORECASE)
_LOOKED_INTO = ("/noscript", "noscript", "svg", "math", *RAW)
_ANY_CASE = ("".join(f"[{letter}{letter.upper()}]" for letter in name) for name in _LOOKED_INTO)
_UNUSUAL = re.compile(f"<(?:![^-\\[]|!$|{'|'.join(_ANY_CASE)})")  # twice as quick as IGNORECASE
_UNENDED = re.compile(r"<!(?!--|\[)(?=[^<>]*(?:<|\Z))")  # a declaration that is none
_ANY_TAG = re.compile(r"<[^<>]*>")
_HEAD = 500  # characters of an article that may be tags alone
_FIRST_NEWLINE = re.compile(r"(<pre\b[^<>]*>)\n")
_SPACES = " \t\r\n"  # an ideographic one is an indent
_SIGNS = "<>&\xa0\r"  # what a parser would read, or write otherwise
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_WRAPPED = re.compile(r"\n[ \t]+(?=\S)")
_ANY_NAME = re.compile(r"<(?=/?([A-Za-z]\w*))")
_PARTING = """
    address article aside blockquote br caption center dd details div dl dt figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section summary table td th tr ul
"""
_BLOCKS = frozenset(_PARTING.split())


def clean(fragment: str, base: str = "", page: str = "") -> str:
    """Return *fragment* as HTML fit to be published, with addresses absolute against *base*.

    *page* is the article's own address; a link to a note in the text leads there.
    Scripts, styles, forms, frames, ids and event handlers are gone; text stays. A text without tags
    becomes paragraphs if it has several lines. One that nests too deep is published as text.
    """
    html = _prepared(fragment if "<" in fragment else _paragraphs(fragment))
    if "<" not in html and not any(sign in html for sign in _SIGNS):
        return _paragraphs(html)
    if is_too_deep(html):
        return _as_text(html)
    for _ in range(_ROUNDS):
        html = rewritten(_parsed(_SANITISER, html), base, page)
        html = html if "<" in html else _paragraphs(html)
        if len(html) > 2 * LONGEST:
            break
        if _parsed(_JUDGE, html) == html:
            return html
    return _as_text(html)


def plain(fragment: str) -> str:
    """Return what *fragment* says, as plain text on one line; blocks are parted by a space."""
    if "<" in fragment:
        html = _ANY_NAME.sub(_parted, _prepared(fragment))
        fragment = without_tags(html) if is_too_deep(html) else _STRIPPER.clean(html)
    return text.one_line(unescape(fragment))


def _parted(tag: re.Match[str]) -> str:
    return " <" if tag[1].lower() in _BLOCKS else "<"


def says(html: str, words: str) -> bool:
    """Say whether sanitised *html* says no more than *words*, white space aside."""
    said = _letters(words)
    end = html.rfind(">", 0, 2 * len(words) + _HEAD) + 1  # where no tag and no reference is open
    if not said.startswith(_letters(_text(html[:end]))):
        return False  # nearly always, and of a long article most is not looked at
    return _letters(_text(html)) == said


def _text(html: str) -> str:
    return unescape(_ANY_TAG.sub("", html))


def _letters(words: str) -> str:
    return "".join(words.split())


def _parsed(cleaner: nh3.Cleaner, html: str) -> str:
    """Return what *cleaner* makes of *html*, which is legal.

    References can name characters that XML forbids, by their numbers. The newline that a parser
    eats at the start of a `<pre>` is put there again.
    """
    cleaned = cleaner.clean(html)
    if cleaned == html:
        return html
    html = text.legal(cleaned) if "&#" in html else cleaned
    return _FIRST_NEWLINE.sub(r"\1\n\n", html) if "<pre" in html else html


def _prepared(fragment: str) -> str:
    """Return *fragment* legal, bounded, without drawings and formulas, and with its noscript parts.

    A text that speaks of `<!DOCTYPE` would end there: it is no declaration where none ends.
    A `<noscript>` holds what a reader without scripts, like ours, shall see. SVG and MathML have
    parsing rules of their own, which are the stuff most ways around sanitisers are made of.
    """
    html = text.legal(fragment)
    if len(html) > LONGEST:
        html = html[:LONGEST].rpartition("<")[0] or html[:LONGEST]
    if not _UNUSUAL.search(html):
        return html
    html = _UNENDED.sub("&lt;!", html)
    small = html.lower()
    if may_be_open(small):
        html = closed(html)
    if "noscript" in small:
        html = _NOSCRIPT.sub("", html)
    return _without_foreign(html) if "<svg" in small or "<math" in small else html


def _without_foreign(html: str) -> str:
    kept: list[str] = []
    position, opening, depth = 0, "", 0
    for tag in _FOREIGN.finditer(html):
        closing, name = tag[1], tag[2].lower()
        if not depth:
            kept.append(html[position : tag.start()])
            position = tag.end()
            if not closing and not tag[0].endswith("/>"):
                opening, depth = tag[0], 1
        elif name == opening[1:].lower()[: len(name)] and not tag[0].endswith("/>"):
            depth += -1 if closing else 1
            if not depth:
                kept.append(_formula(opening, html[position : tag.start()]))
                position = tag.end()
    return "".join(kept) + html[position:]


def _formula(opening: str, inside: str) -> str:
    """Return as text what a formula says: its own words for it, else its signs; "" of a drawing."""
    if not opening.lower().startswith("<math"):
        return ""
    if own := _ALTERNATIVE.search(opening):
        return escape(unescape(own[1] or own[2] or ""), quote=False)
    signs = without_tags(_ANNOTATION.sub("", inside))
    return escape(text.one_line(unescape(signs)), quote=False)


def _paragraphs(escaped_text: str) -> str:
    """Return a text without tags as paragraphs where blank lines part it, with its line ends kept.

    A line end before an indent is the document's own layout and no more than a space.
    """
    lines = _WRAPPED.sub(" ", escaped_text.replace("\r\n", "\n").strip(_SPACES))
    if "\n" not in lines:
        return lines
    return "".join(f"<p>{block.replace(chr(10), '<br>')}</p>" for block in _BLANK_LINE.split(lines))


def _as_text(html: str) -> str:
    words = text.one_line(unescape(without_tags(html)))
    return f"<p>{escape(words, quote=False)}</p>" if words else ""
