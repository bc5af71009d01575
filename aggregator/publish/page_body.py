"""An article's sanitised markup as part of a page: valid where it stands, still, and in bounds.

    headings      below the page's own, no level skipped
    images        loaded when they are scrolled to
    tables, code  in a box that scrolls, and that the keyboard reaches
    the rest      what HTML allows where it stands: no block inside a phrase, no item without a list

What comes from the sanitiser is balanced, with values in double quotes and `<`, `>`, `&` escaped
everywhere else (see normalise/markup.py), so that one pass over its tags reads it safely.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Most articles have nothing but these, which need no help.
_ODD = re.compile(r"<(?!/?p[ >]|br>|/?a>|a href=)|>\s*</a>")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^<>]*)>")
_CLOCK = r"\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)?"
_DATE = re.compile(rf' datetime="\d{{4}}-\d\d(?:-\d\d(?:[T ]{_CLOCK})?)?"')
_NEEDED = {"a": re.compile(" href="), "time": _DATE, "data": re.compile(" value=")}
_HOST = re.compile(r' href="[a-z]+:(?://)?([^"/?#]+)')
_SAYING = re.compile(r' alt="[^"]*[^"\s]')
_WIDTHS = re.compile(r' srcset="[^"]* \d+w[,"]')

_VOID = frozenset({"br", "col", "hr", "img", "source", "track", "wbr"})
_MEDIA = frozenset({"audio", "video"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS = {"ul": "li", "ol": "li", "dl": "dd"}  # and what stray content in one becomes
_ITEMS = {"li": frozenset({"ul", "ol"}), "dt": frozenset({"dl"}), "dd": frozenset({"dl"})}
_TRANSPARENT = frozenset({"a", "del", "ins"})
# These hold text and phrases only, and become a <div> where they hold more.
_PHRASES = frozenset(
    {
        *("abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "i", "kbd", "mark"),
        *("q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time"),
        *("u", "var"),
    }
)
_LINES = _HEADINGS | {"p", "pre", "summary"}  # so do these, and what stands in them gives way
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt"),
        *("figcaption", "figure", "footer", "header", "hgroup", "hr", "li", "ol", "p", "pre"),
        *("section", "table", "ul", *_HEADINGS),
    }
)


def fitted(markup: str, table: str, code: str) -> str:
    """Return sanitised *markup* fit to stand in a page below its `<h1>`.

    *table* and *code* are what a box that scrolls is called.
    """
    if not _ODD.search(markup):
        return markup
    return _Fitter(table, code).fit(markup)


@dataclass(slots=True)
class _Open:
    """An element that is open: its name, what it is written as, and where its tag stands."""

    name: str
    written: str
    at: int
    phrase: bool  # nothing but phrases may stand in it
    implied: bool = False  # it is ours, and ends where its kind of content does
    after: str = ""  # what follows its end tag
    says: bool = False  # there is text in it, or an image with a name
    shows: bool = False  # there is an image, a film or a sound in it


class _Fitter:
    def __init__(self, table: str, code: str) -> None:
        self._table = table
        self._code = code
        self._out: list[str] = []
        self._stack: list[_Open] = []
        self._levels: list[int] = []

    def fit(self, markup: str) -> str:
        position = 0
        for tag in _TAG.finditer(markup):
            if tag.start() > position:
                self._text(markup[position : tag.start()])
            position = tag.end()
            closing, name, attributes = tag.groups()
            if closing:
                self._end(name)
            else:
                self._begin(name, attributes)
        if position < len(markup):
            self._text(markup[position:])
        while self._stack:
            self._close()
        return "".join(self._out)

    # ── one piece of the markup ──────────────────────────────────────────────────────────────────

    def _text(self, text: str) -> None:
        if not text.isspace():
            self._make_room("")
            if self._stack:
                self._stack[-1].says = True
        self._out.append(text)

    def _begin(self, name: str, attributes: str) -> None:
        self._make_room(name)
        top = self._stack[-1] if self._stack else None
        written = name
        if name in _BLOCKS and top is not None and top.phrase:
            written = self._block_in_phrase(name)
        if name in _ITEMS and (top is None or top.name not in _ITEMS[name]):
            written = "div"  # a term or its description without a list
        written, attributes, before, after = self._shaped(name, written, attributes)
        self._out.append(before)
        at = len(self._out)
        self._out.append(f"<{written}{attributes}>")
        if name in _VOID or name in _MEDIA:
            self._see(name, attributes)
        if name in _VOID:
            return
        inside = top is not None and top.phrase and name in _TRANSPARENT
        phrase = written in _PHRASES or written in _LINES or inside
        self._stack.append(_Open(name, written, at, phrase, after=after))

    def _end(self, name: str) -> None:
        while self._stack and self._stack[-1].implied:
            self._close()
        if self._stack and self._stack[-1].name == name:
            self._close()

    def _close(self) -> None:
        one = self._stack.pop()
        if not one.says and (one.name == "a" or one.name in _HEADINGS):
            self._silence(one)
        if self._stack:
            self._stack[-1].says |= one.says
            self._stack[-1].shows |= one.shows
        self._out.append(f"</{one.written}>{one.after}")

    def _see(self, name: str, attributes: str) -> None:
        if self._stack and (name == "img" or name in _MEDIA):
            self._stack[-1].shows = True
            self._stack[-1].says |= bool(_SAYING.search(attributes))

    def _silence(self, one: _Open) -> None:
        """Have nobody read out a link or a heading that says nothing; a picture's says where to."""
        host = _HOST.search(self._out[one.at])
        if one.shows and host and one.written == "a":
            self._out[one.at] = f'{self._out[one.at][:-1]} aria-label="{host[1]}">'
        elif one.written != "div":
            one.written = "span" if one.name == "a" else "div"
            self._out[one.at] = f"<{one.written}>"

    # ── where it stands ──────────────────────────────────────────────────────────────────────────

    def _make_room(self, name: str) -> None:
        """Open or close what has to be around *name* here; "" is text."""
        top = self._stack[-1] if self._stack else None
        while top is not None and top.implied and not _fits(name, top.name):
            self._close()
            top = self._stack[-1] if self._stack else None
        if top is not None and top.name in _LISTS:
            if not _fits(name, top.name):
                self._imply(_LISTS[top.name])
        elif name == "li" and not (top is not None and top.phrase):
            self._imply("ul")

    def _imply(self, name: str) -> None:
        self._stack.append(_Open(name, name, len(self._out), phrase=False, implied=True))
        self._out.append(f"<{name}>")

    def _block_in_phrase(self, name: str) -> str:
        """Turn the phrases around a block into blocks; return what the block itself is written as.

        A heading or a paragraph stays one, and the block becomes a phrase of it.
        """
        around = []
        for one in reversed(self._stack):
            if not one.phrase:
                break
            if one.written in _LINES:
                return "br" if name == "hr" else "span"
            around.append(one)
        for one in around:
            if one.written in _PHRASES:
                self._out[one.at] = f'<div class="{one.name}">'
                one.written = "div"
            one.phrase = False
        return name

    # ── what it becomes ──────────────────────────────────────────────────────────────────────────

    def _shaped(self, name: str, written: str, attributes: str) -> tuple[str, str, str, str]:
        """Return the name and the attributes to write, and what comes before and after it."""
        if written != name:
            return written, _kept(attributes), "", ""
        if name in _HEADINGS:
            return self._heading(int(name[1])), attributes, "", ""
        if name == "img":
            return name, f'{_sized(attributes)} loading="lazy" decoding="async"', "", ""
        if name == "source":
            return name, _sized(attributes), "", ""
        if name == "pre":
            label = f' tabindex="0" role="group" aria-label="{self._code}"'
            return name, attributes + label, "", ""
        if name == "table" and not any(one.name == "table" for one in self._stack):
            box = f'<div class="wide" tabindex="0" role="group" aria-label="{self._table}">'
            return name, attributes, box, "</div>"
        if (name == "a" and " href=" not in attributes) or (
            name in ("time", "data")
            and not _DATE.search(attributes)
            and " value=" not in attributes
        ):
            return "span", _kept(attributes), "", ""
        return name, attributes, "", ""

    def _heading(self, level: int) -> str:
        """Return the heading for one of *level*: one below the one that it stands under."""
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self._levels.append(level)
        return f"h{min(len(self._levels) + 1, 6)}"


def _fits(name: str, parent: str) -> bool:
    """Say whether *name* ("" is text) may stand in *parent*, a list or what was implied in one."""
    if parent in ("ul", "ol"):
        return name == "li"
    if parent == "dl":
        return name in ("dt", "dd", "div")
    return name not in _ITEMS


def _kept(attributes: str) -> str:
    """Return those of *attributes* that any element may have."""
    return "".join(re.findall(r' (?:class|dir|lang|title)="[^"]*"', attributes))


def _sized(attributes: str) -> str:
    """Return *attributes* with `sizes`, which a set of images by their widths needs."""
    if " sizes=" in attributes or not _WIDTHS.search(attributes):
        return attributes
    return f'{attributes} sizes="100vw"'
