"""What a sanitised fragment still lacks: absolute addresses, images at rest, no frames.

Works on the sanitiser's own output, which is regular: names in lower case, values in double
quotes, `<`, `>` and `&` escaped everywhere else. So patterns read it safely. What comes out is
judged by the sanitiser once more (see markup.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape

from aggregator.normalise import images
from aggregator.normalise.attributes import Attributes, measure, read, resolve, write
from aggregator.normalise.links import LINKS, fine

# Elements that HTML has given up, and what says the same today.
REPLACED = {"acronym": "abbr", "big": "span", "center": "div", "strike": "s", "tt": "code"}

_SAME_IMAGE = re.compile(
    r'(<img(?=[^<>]*+>\s*+<img)[^<>]*? src="([^"]+)"[^<>]*>)(?:\s*<img[^<>]*? src="\2"[^<>]*>)+'
)

_VOID = frozenset({"br", "col", "hr", "img", "source", "track", "wbr"})
_MAYBE_HIDDEN = re.compile(
    r'<([a-z][a-z0-9]*+)((?: (?!hidden=|style=)[a-z-]+="[^"]*+")*+ (?:hidden|style)="[^<>]*+)>'
)
_HIDING = re.compile(r"(?:.*[\s;])?(?:display\s*:\s*none|font-size\s*:\s*1px)", re.DOTALL)


def rewritten(html: str, base: str, page: str) -> str:
    """Return sanitised *html* with every address absolute against *base* and nothing left to run.

    *page* is the article's own address, which `#note` is a place on; "" where it is not known.
    Lazily loaded images get their address back; tracking pixels, images without an address and what
    the source hides go; frames become links; elements of old become those of today.
    """
    if ' style="' in html or ' hidden="' in html:
        html = _visible(html)
    html = _REWORKED.sub(lambda tag: _reworked(tag, base, page), html)
    return _SAME_IMAGE.sub(r"\1", html) if "<img" in html else html


def _reworked(tag: re.Match[str], base: str, page: str) -> str:
    if name := tag["name"]:
        return _element(name, read(tag["attributes"]), base, page)
    if old := tag["old"]:
        return f"<{tag['closing']}{REPLACED[old]}"
    return _link(read(tag["frame"]), base)


def _visible(html: str) -> str:
    """Return *html* without what its source hides, and without the attributes that said so."""
    kept: list[str] = []
    position = 0
    while tag := _MAYBE_HIDDEN.search(html, position):
        kept.append(html[position : tag.start()])
        position = tag.end()
        name, attributes = tag[1], read(tag[2])
        is_hidden = "hidden" in attributes or _HIDING.match(attributes["style"])
        if not is_hidden:
            del attributes["style"]
            kept.append(f"<{name}{write(attributes)}>")
        elif name not in _VOID:
            position = _end_of(name, html, position)
    return "".join(kept) + html[position:]


def _end_of(name: str, html: str, position: int) -> int:
    """Return where the element *name* ends whose start tag ends at *position*."""
    depth = 1
    for tag in re.compile(rf"<(/?){name}(?=[ >])[^<>]*>").finditer(html, position):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    return len(html)


def _link(frame: Attributes, base: str) -> str:
    """Return a link to what a frame would have shown, "" where that has no address."""
    if not resolve(frame, "src", base):
        return ""
    words = frame.get("title") or frame["src"].split("://", 1)[1]
    return f'<a href="{frame["src"]}" rel="noopener noreferrer">{words}</a>'


def _element(name: str, attributes: Attributes, base: str, page: str) -> str:
    """Return the start tag with its addresses set right, "" where the element is worth nothing."""
    if name == "a" and page and attributes.get("href", "").startswith("#"):
        attributes["href"] = escape(page) + attributes["href"]
    return f"<{name}{write(attributes)}>" if _ELEMENTS[name](attributes, base) else ""


def _anchor(attributes: Attributes, base: str) -> bool:
    resolve(attributes, "href", base, LINKS)
    return True


def _quotation(attributes: Attributes, base: str) -> bool:
    resolve(attributes, "cite", base)
    return True


def _player(attributes: Attributes, base: str) -> bool:
    resolve(attributes, "src", base)
    resolve(attributes, "poster", base)
    measure(attributes)
    return True


def _subtitles(attributes: Attributes, base: str) -> bool:
    return resolve(attributes, "src", base)


_ELEMENTS: Mapping[str, Callable[[Attributes, str], bool]] = {
    "a": _anchor,
    "audio": _player,
    "blockquote": _quotation,
    "del": _quotation,
    "img": images.image,
    "ins": _quotation,
    "q": _quotation,
    "source": images.alternative,
    "track": _subtitles,
    "video": _player,
}
_LISTED = r'(?: [a-z-]+="[^"]*")*+'
# Of a link with a good address nothing needs to be changed, and most are so.
_GOOD_LINK = rf'(?: (?!href=)[a-z-]+="[^"]*")*+ href="{fine("&amp;")}"'
_OTHERS = "|".join(name for name in _ELEMENTS if name != "a")
_REWORKED = re.compile(
    rf"<(?:(?P<name>a(?!{_GOOD_LINK})|{_OTHERS})(?P<attributes>{_LISTED})>"
    rf"|iframe(?P<frame>{_LISTED})>.*?</iframe>"
    rf"|(?P<closing>/?)(?P<old>{'|'.join(REPLACED)})(?=[ >]))",
    re.DOTALL,
)
