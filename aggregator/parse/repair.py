"""The commonest faults of feeds, set right in the text, so that they can be read as XML after all.

A well-formed document is read more exactly than a broken one can be guessed at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from html.entities import name2codepoint

from feedparser.mixin import _FeedParserMixin

_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 §2.2
_AMPERSAND = re.compile(r"&(?:#(\d+|[xX][0-9a-fA-F]+);|(\w+);)?")
_PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]*):[A-Za-z_]")
_DECLARED = re.compile(r"xmlns:([\w.-]+)")
_ROOT_PREFIX = re.compile(r"<([\w.-]+):")
_ROOT_TAG = re.compile(r"<[\w.:-]+")
_TAG = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|<(?P<end>/?)(?P<name>[A-Za-z_][\w:.-]{0,50})(?:\s[^<>]*?)?(?P<empty>/?)>",
    re.DOTALL,
)
_ALIKE = 0.7  # `langauge` and `language`, `subtitle` and `title`; `p` and `pre` are not
_MOST_STRAY = 1000  # each is compared; a document that is full of them has another fault
XML_NAMES = {"lt", "gt", "amp", "quot", "apos"}
_HTML_NAMES = "".join(
    f'<!ENTITY {name} "&#{code};">'
    for name, code in name2codepoint.items()
    if name not in XML_NAMES
)


def legal(text: str) -> str:
    """Return *text* without the characters that XML forbids."""
    return _ILLEGAL.sub("", text)


def doctype(entities: Mapping[str, str]) -> str:
    """Return a document type that declares *entities* and the names of HTML.

    Feeds use `&nbsp;` and its like without declaring them. A name's first declaration counts.
    """
    own = "".join(
        f'<!ENTITY {name} "{value.replace(chr(34), "&#34;")}">'
        for name, value in entities.items()
        if name not in XML_NAMES
    )
    return f"<!DOCTYPE feed [{own}{_HTML_NAMES}]>"


def repaired(text: str, entities: Mapping[str, str]) -> str:
    """Return *text* without the commonest faults.

    They are ampersands that begin nothing, references to characters that cannot be, and prefixes
    that were never declared. CDATA stays as it is.
    """
    known = XML_NAMES | name2codepoint.keys() | entities.keys()

    def ampersand(match: re.Match[str]) -> str:
        number, name = match.groups()
        if number:
            return match[0] if _possible(number) else ""
        return match[0] if name in known else f"&amp;{match[0][1:]}"

    first, *others = text.split("<![CDATA[")
    pieces = [_AMPERSAND.sub(ampersand, first)]
    for other in others:
        data, end, markup = other.partition("]]>")
        pieces += ["<![CDATA[", data, end, _AMPERSAND.sub(ampersand, markup)]
    return _with_prefixes("".join(pieces))


def _possible(number: str) -> bool:
    code = int(number[1:], 16) if number[0] in "xX" else int(number[:8])
    return code < 0x110000 and not _ILLEGAL.match(chr(code))


def _with_prefixes(text: str) -> str:
    """Declare the prefixes that *text* uses and does not declare, by their usual meaning."""
    usual = {prefix: uri for uri, prefix in _FeedParserMixin.namespaces.items()}
    usual["rss"] = usual["atom"] = usual[""]  # feedparser has one vocabulary for both
    if own := _ROOT_PREFIX.match(text):
        usual.setdefault(own[1].lower(), usual[""])  # `<a:feed>`
    missing = set(_PREFIX.findall(text)) - set(_DECLARED.findall(text)) - {"xml", "xmlns"}
    declared = "".join(
        f' xmlns:{prefix}="{usual.get(prefix.lower(), f"urn:undeclared:{prefix}")}"'
        for prefix in sorted(missing)
    )
    return _ROOT_TAG.sub(lambda match: match[0] + declared, text, count=1)


def respelt(text: str) -> str:
    """Return *text* with end tags that end nothing spelt as what they must be meant to end.

    That is the innermost element that is open, where its name is alike: `<title>Rain</titel>`.
    """
    pieces: list[str] = []
    position = 0
    for start, end, name in _misspelt(text):
        pieces += [text[position:start], name]
        position = end
    return "".join([*pieces, text[position:]])


def _misspelt(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where the name of an end tag stands that is misspelt, and how it is spelt."""
    opened: list[str] = []
    count: Counter[str] = Counter()
    stray = 0
    for tag in _TAG.finditer(text):
        name = tag["name"]
        if name is None or tag["empty"]:
            continue
        if not tag["end"]:
            opened.append(name)
            count[name] += 1
        elif count[name]:
            _close(name, opened, count)
        elif opened and stray < _MOST_STRAY:
            stray += 1
            if _is_alike(name, opened[-1]):
                yield *tag.span("name"), opened[-1]
                _close(opened[-1], opened, count)


def _close(name: str, opened: list[str], count: Counter[str]) -> None:
    """Take the innermost element of that *name* from those that are open, and all within it."""
    last = ""
    while last != name:
        last = opened.pop()
        count[last] -= 1


def _is_alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= _ALIKE
