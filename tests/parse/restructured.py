"""Well-formed feeds that nobody would write: elements of real ones moved, doubled and renamed."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from typing import Any

from lxml import etree

_XML, _XLINK = "http://www.w3.org/XML/1998/namespace", "http://www.w3.org/1999/xlink"
_ATTRIBUTES = [
    (f"{{{_XML}}}base", "http://b.example/x/"), (f"{{{_XML}}}lang", "de_AT"), ("lang", ""),
    (f"{{{_XLINK}}}href", "q"), ("type", "xhtml"), ("type", "HTML"), ("Type", "html"),
    ("type", "text/plain"), ("rel", "self"), ("href", "rel/a?b=c&d=e"), ("url", "x"),
    ("mode", "escaped"), ("version", "0.3"), ("term", "t"), ("domain", "d"), ("ref", "x"),
]  # fmt: skip
_TEXTS = (
    "", "  ", "x", "Tom &amp; Jerry", "<b>x</b>", "&lt;", "http://x.example/a?b=1&amp;c=2", "rel/x",
    "2020-01-01", "\xa0nb", "Ã¼ber", "café", "\x85\x93q", "漢字", "a@b.example (Ada)", "1 < 2",
    "true", "60", "&copy; &nbsp;",
)  # fmt: skip


class Restructurer:
    """Makes such documents out of the trees of real ones."""

    def __init__(self, bodies: Sequence[bytes]) -> None:
        self._trees = [tree for tree in map(_tree, bodies) if tree is not None]
        elements = [one for tree in self._trees for one in tree.iter(etree.Element)]
        self._pool = [one for one in elements if len(etree.tostring(one)) < 1500]
        self._names = sorted({one.tag for one in self._pool})
        found = {item for one in self._pool for item in one.items()}
        self._attributes = sorted(found) + _ATTRIBUTES

    def document(self, chance: random.Random) -> str:
        """Return one that was changed in up to six places."""
        tree = copy.deepcopy(chance.choice(self._trees))
        for _ in range(chance.randint(1, 6)):
            self._change(chance.choice(list(tree.iter(etree.Element))), chance)
        return str(etree.tostring(tree, encoding="unicode", with_tail=False))

    def _change(self, element: Any, chance: random.Random) -> None:
        parent = element.getparent()
        match chance.randrange(8):
            case 0 if parent is not None:
                parent.remove(element)
            case 1 if parent is not None:
                parent.insert(parent.index(element), copy.deepcopy(element))
            case 2:
                element.insert(
                    chance.randint(0, len(element)), copy.deepcopy(chance.choice(self._pool))
                )
            case 3:
                element.text = chance.choice(_TEXTS)
            case 4:
                element.tail = chance.choice(_TEXTS)
            case 5:
                element.set(*chance.choice(self._attributes))
            case 6:
                element.tag = chance.choice(self._names)
            case 7 if element.attrib:
                del element.attrib[chance.choice(list(element.attrib))]


def _tree(body: bytes) -> Any:
    try:
        return etree.fromstring(body, etree.XMLParser(resolve_entities=False, remove_pis=True))
    except etree.XMLSyntaxError:
        return None
