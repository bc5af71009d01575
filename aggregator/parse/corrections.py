"""What is read otherwise than feedparser reads it, element by element.

Keys that begin with `:` are ours; no element can have such a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

from feedparser.mixin import _FeedParserMixin

from aggregator.parse import fragment
from aggregator.parse.address import absolute, is_page

Attributes = dict[str, str]
_Handler = Callable[..., None]


def _apart(name: str, default_type: str = "text/plain") -> tuple[_Handler, _Handler]:
    """Return the handlers of an element whose text is kept under its own name.

    feedparser takes `media:title` for the entry's title, `itunes:summary` for its content and so
    on; here they are second choices, and which is chosen is said in one place by whoever asks.
    """

    def start(self: Any, attributes: Attributes) -> None:
        self.push_content(name, attributes, default_type, 1)

    def end(self: Any) -> None:
        self.pop_content(name)

    return start, end


# feedparser keeps its own lists under these names; an element of such a name would replace them.
RENAMED = {name: f"foreign-{name}" for name in ("authors", "contributors", "links")}
RENAMED |= {"at:deleted-entry": "at:deleted_entry"}  # a handler is named after its element

# Prefixes of their own for namespaces that feedparser does not know.
_MORE_NAMESPACES = {
    "http://purl.org/atompub/tombstones/1.0": "at",
    "http://purl.org/syndication/history/1.0": "fh",
}

IANA = re.compile(r"^https?://www\.iana\.org/assignments/(?:link-relations?|relation)[/#]")
_TEXTS = frozenset({"summary", "description", ":other_text", ":image_text"})


class Corrections(_FeedParserMixin):  # type: ignore[misc]
    """What we read otherwise than feedparser does, by element."""

    # An id is a name, compared character by character (RFC 4287 §4.2.6.1): never resolved.
    can_be_relative_uri = _FeedParserMixin.can_be_relative_uri - {"id"}

    namespaces: ClassVar = {**_FeedParserMixin.namespaces, **_MORE_NAMESPACES}
    _matchnamespaces: ClassVar[dict[str, str]] = {}  # filled by feedparser

    truncated = False
    address = ""  # the document's own; a relative xml:base means nothing without it

    def __init__(self, *arguments: Any) -> None:
        self._bases = [""]
        super().__init__(*arguments)

    _start_media_title, _end_media_title = _apart("media_title")
    _start_media_description, _end_media_description = _apart("media_description")
    _start_dc_title, _end_dc_title = _apart("dc_title")
    _start_dc_description, _end_dc_description = _apart("dc_description", "text/html")
    _start_itunes_title, _end_itunes_title = _apart("itunes_title")
    _start_itunes_subtitle, _end_itunes_subtitle = _apart("itunes_subtitle")
    _start_itunes_summary, _end_itunes_summary = _apart("itunes_summary")
    _start_googleplay_description, _end_googleplay_description = _apart("googleplay_description")

    @staticmethod
    def looks_like_html(text: str) -> bool:
        """Guess as everywhere in this room."""
        return fragment.is_html(text)

    @property
    def base(self) -> str:
        """The xml:base in force, absolute, "" where there is none."""
        return self._bases[-1]

    def unknown_starttag(self, tag: str, attributes: Any) -> None:
        """Keep xml:base ourselves: feedparser's leaks from an element into those after it."""
        given = {name.lower(): value for name, value in attributes}
        base = absolute(given.pop("xml:base", ""), self.base or self.address)
        self._bases.append(base if is_page(base) else self.base)
        if self.incontent and self.base != self.contentparams.get("base", self.base):
            links = given.keys() & {"href", "src"}
            given |= {name: absolute(given[name], self.base) for name in links}
        super().unknown_starttag(RENAMED.get(tag, tag), list(given.items()))

    def unknown_endtag(self, tag: str) -> None:
        super().unknown_endtag(RENAMED.get(tag, tag))
        if len(self._bases) > 1:
            self._bases.pop()

    def resolve_uri(self, address: str) -> str:
        """Resolve where an xml:base says against what; other addresses stay as they are."""
        return absolute(address, self.base) if self.base else address

    def push_content(self, *arguments: Any) -> None:
        super().push_content(*arguments)
        self.contentparams["base"] = self.base

    def _start_rss(self, attributes: Attributes) -> None:
        super()._start_rss(attributes)
        self.infeed = 1  # some leave out the channel

    def _start_channel(self, attributes: Attributes) -> None:
        self.title_depth = -1  # that of an item before it is no matter here
        self.feeddata[":language"] = self.lang or ""
        super()._start_channel(attributes)

    def _start_at_deleted_entry(self, attributes: Attributes) -> None:
        """Keep the id alone (RFC 6721 §3); who deleted it, and why, goes where sources go."""
        self.feeddata.setdefault(":deleted", []).append(attributes.get("ref", ""))
        self.insource = 1

    def _end_at_deleted_entry(self) -> None:
        self.insource = 0
        self.sourcedata.clear()

    def _start_item(self, attributes: Attributes) -> None:
        self.insource = 0  # what was left open before it ends here
        super()._start_item(attributes)
        self.entries[-1][":base"] = self.base
        self.entries[-1][":language"] = self.lang or ""

    _start_entry = _start_item

    def _start_content(self, attributes: Attributes) -> None:
        """Push once: the second time leaves every later element at the wrong depth."""
        self.push_content("content", attributes, "text/plain", 1)
        self.contentparams["src"] = attributes.get("src", "")

    def _end_content(self) -> None:
        """Keep content where it is; a copy of it in the summary says nothing."""
        self.pop_content("content")

    _end_body = _end_xhtml_body = _end_content_encoded = _end_fullitem = _end_content

    def _start_title(self, attributes: Attributes) -> None:
        if self.inimage:
            self.push(":image_title", 0)  # not the title of what the picture belongs to
        else:
            super()._start_title(attributes)

    def _end_title(self) -> None:
        if self.inimage:
            self.pop(":image_title")
        else:
            super()._end_title()

    def _start_link(self, attributes: Attributes) -> None:
        relation = attributes.pop("rel", "").strip()
        if relation := IANA.sub("", relation):  # without one it is an alternate (RFC 4287 §4.2.7.2)
            attributes["rel"] = relation
        attributes[":type"] = attributes.get("type", "")  # feedparser puts text/html where none is
        attributes[":base"] = self.base
        if not attributes.keys() & {"href", "url", "uri"}:
            attributes[":text"] = "yes"  # RSS's own link, which beats an atom:link beside it
        super()._start_link(attributes)

    def _start_summary(self, attributes: Attributes) -> None:
        self.push_content(self._text_name("summary"), attributes, "text/plain", 1)

    def _start_description(self, attributes: Attributes) -> None:
        self.push_content(self._text_name("description"), attributes, "text/html", 1)

    def _text_name(self, name: str) -> str:
        """Return where to keep a text: a second one of an entry, and a picture's, stand apart."""
        if self.inimage:
            return ":image_text"
        return ":other_text" if self.inentry and "summary" in self._get_context() else name

    def _end_summary(self) -> None:
        opened = self.elementstack[-1][0] if self.elementstack else ""
        self.pop_content(opened if opened in _TEXTS else "")

    _end_description = _end_summary

    def _start_guid(self, attributes: Attributes) -> None:
        self.guidislink = attributes.get("ispermalink", "true").strip().lower() != "false"
        self.push("id", 1)

    def _end_guid(self) -> None:
        value = self.pop("id")
        self._save(":permalink" if self.guidislink else ":guid", value)

    def _start_id(self, attributes: Attributes) -> None:
        self.push("id", 1)

    def _end_id(self) -> None:
        self.pop("id")

    def _start_dc_language(self, attributes: Attributes) -> None:
        self.push("dc_language", 1)  # a second choice beside the feed's own element

    def _end_dc_language(self) -> None:
        self.pop("dc_language")

    def _start_dc_date(self, attributes: Attributes) -> None:
        self.push(":dc_date", 1)  # feedparser says «updated»; Dublin Core does not say which

    def _end_dc_date(self) -> None:
        self.pop(":dc_date")

    def _end_author(self) -> None:
        """Keep the author's own words, to be taken apart by whoever asks."""
        value = self.pop("author")
        self.inauthor = 0
        authors = self._get_context().get("authors")
        if value and authors and not authors[-1]:
            authors[-1][":text"] = value

    _end_managingeditor = _end_author

    def _save_author(self, key: str, value: str, prefix: str = "author") -> None:
        """Keep itunes:owner out of the authors, whose last one it would overwrite."""
        if prefix == "author":
            self._get_context().setdefault("authors", [{}])[-1][key] = value
        else:
            self._get_context().setdefault(":owner", {})[key] = value

    def _end_url(self) -> None:
        value = self.pop("href")
        if self.inauthor:
            self._save_author("href", value)
        elif self.inimage and value:  # which in RSS 1.0 stands outside the channel
            owner = self.entries[-1] if self.inentry else self.feeddata
            owner.setdefault("image", {}).setdefault("href", value)

    _end_homepage = _end_uri = _end_url

    def _start_hour(self, attributes: Attributes) -> None:
        self.push(":hour", 0)

    def _end_hour(self) -> None:
        """Keep every hour of skipHours, not the last alone."""
        self._get_context().setdefault(":hours", []).append(self.pop(":hour") or "")

    def _start_day(self, attributes: Attributes) -> None:
        self.push(":day", 0)

    def _end_day(self) -> None:
        self._get_context().setdefault(":days", []).append(self.pop(":day") or "")

    def _start_itunes_image(self, attributes: Attributes) -> None:
        self.push("itunes_image", 0)
        address = attributes.get("href") or attributes.get("url")
        if address:
            self._get_context()[":itunes_image"] = address  # beside RSS's image, not in its place

    _start_itunes_link = _start_itunes_image
