"""Tags read without a parser, whose time grows with the square of how deep they nest."""

from __future__ import annotations

import re
from collections import Counter

LIMIT = 500  # open elements; 20,000 take the parser seconds

# A tag as a browser reads it (HTML §13.2.5): what looks like one inside a value, a comment or raw
# text is none. Possessive throughout, so the time is linear whatever stands there.
_ATTRIBUTES = (
    r"""(?:[\s/]++|=?+[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?|=)*+"""
)
_COMMENT = r"!--(?:-?>|.*?(?:--!?>|\Z))"
RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
"""Elements whose content is no markup."""
_RAW = "|".join(RAW)
_RAW_ELEMENT = rf"(?P<raw>{_RAW})(?=[\s/>]){_ATTRIBUTES}>.*?(?:</(?P=raw)(?=[\s/>])[^>]*+>?|\Z)"
_TOKEN = re.compile(
    rf"""<(?: {_COMMENT} | {_RAW_ELEMENT}
       | (?P<closing>/?)(?P<name>[a-z][^\s/>]*+){_ATTRIBUTES}(?:>|\Z) )""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_RAW_START = re.compile(f"<(?:{_RAW})")
_FRAME = re.compile(rf"<iframe(?=[\s/>]){_ATTRIBUTES}>", re.IGNORECASE)
_EMPTY = re.compile(
    rf"""<(?: (?P<empty> (?P<name>{_RAW}) (?:/ | (?=\s){_ATTRIBUTES}(?<=[\s"']/)) > )
       | {_COMMENT} | {_RAW_ELEMENT} )""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)

# They hold nothing, or another of their kind ends them, or they stand in a table, which is counted.
_UNCOUNTED = """
    area base br caption col colgroup embed frame hr img input link meta p param source tbody td
    tfoot th thead tr track wbr
"""


def is_too_deep(html: str) -> bool:
    """Say whether more elements of *html* may be open at once than the parser should be given.

    Counts each element name by itself and never too low, so a fragment that leaves hundreds of
    elements open is refused though the parser would close some of them.
    """
    signs = html.count("<")
    if signs <= LIMIT or signs - html.count("</") <= LIMIT:
        return False
    uncounted = frozenset(_UNCOUNTED.split())
    opened: Counter[str] = Counter()
    total = 0
    for token in _TOKEN.finditer(html):
        name = (token["name"] or "").lower()
        if not name or name in uncounted:
            continue
        if not token["closing"]:
            opened[name] += 1
            total += 1
        elif opened[name]:
            opened[name] -= 1
            total -= 1
        if total > LIMIT:
            return True
    return False


def may_be_open(small: str) -> bool:
    """Say whether there are raw elements for `closed` to look at in HTML in *small* letters."""
    return _RAW_START.search(small) is not None


def closed(html: str) -> str:
    """Return *html* with a closing tag for raw elements that would swallow all that follows them.

    Those are the ones that end in their own tag, as XML writes what is empty (`<iframe src="…"/>`),
    and frames that end nowhere.
    """
    if "/>" in html:
        html = _EMPTY.sub(
            lambda found: f"{found[0]}</{found['name']}>" if found["empty"] else found[0], html
        )
    small = html.lower()
    if "<iframe" not in small or len(small) != len(html):  # `İ` is two when it is small
        return html
    end = small.rfind("</iframe") + 1
    return html[:end] + _FRAME.sub(r"\g<0></iframe>", html[end:])


def without_tags(html: str) -> str:
    """Return the text of *html* with a space for each tag, its references still unresolved."""
    return _TOKEN.sub(" ", html)
