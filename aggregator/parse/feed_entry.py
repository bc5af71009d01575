"""One entry of an XML feed, as feedparser's dictionary → Entry.

Feeds say the same thing in several elements; each `find_…` knows the candidates for one field, in
their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from aggregator.model import Entry, Origin, Person, Term
from aggregator.parse import fragment
from aggregator.parse.address import absolute, is_page
from aggregator.parse.found import (
    Links,
    address_of,
    as_fragment,
    body_of,
    dict_of,
    dicts_of,
    find_link,
    find_related,
    first,
    leads_to_page,
    line_of,
    links_of,
    text_of,
    texts_of,
)
from aggregator.parse.media import find_enclosures, find_image
from aggregator.parse.person import distinct, people, person

# What says what an entry is about besides its summary; the longest of several is the content.
_FURTHER_TEXTS = (":other_text_detail", "dc_description_detail")


def read(item: Any, version: str, base: str) -> Entry:
    """Return the entry that *item* holds; *version* is feedparser's name of the format.

    *base* is what relative addresses are relative to where the entry does not say.
    """
    said = texts_of(item)
    base = said.get(":base") or base
    links = links_of(item)
    content = find_content(item) or find_longest_text(item)
    permalink = find_permalink(said, base)
    body = content or dict_of(item, "summary_detail")
    publisher = said.get("publisher", "")
    return Entry(
        id=said.get("id", ""),
        title=line_of(item, "title", "dc_title", "itunes_title", "media_title"),
        link=find_page(links, content, base) or permalink,
        permalink=permalink,
        original_link=absolute(said.get("feedburner_origlink", ""), base),
        comments=find_comments(said, links, base),
        published=find_published(said, version),
        updated=find_updated(said),
        authors=find_authors(item, base) or find_authors(dict_of(item, "source"), base),
        summary=find_summary(item, content),
        content=as_fragment(content, fragment.paragraphs) if content else "",
        terms=find_terms(item),
        enclosures=find_enclosures(item, links, base),
        image=find_image(item, base),
        publisher=fragment.line_from_unknown(publisher) if publisher else "",
        origin=find_origin(item, base),
        rights=find_rights(item, links),
        language=find_language(item, said, content),
        base=text_of(body, "base") or base,
    )


def find_page(links: Links, content: Any, base: str) -> str:
    """Return the page of the entry: its link, else where its content stands, else itself."""
    if found := find_link(links, base) or absolute(text_of(content, "src"), base):
        return found
    own = (*links.get("canonical", ()), *links.get("self", ()))
    return first(address_of(link, base) for link in own if leads_to_page(link))


def find_content(item: Any) -> Any:
    """Return the longest of the entry's contents, HTML before plain text before anything else."""

    def rank(content: Any) -> tuple[int, int]:
        kind = text_of(content, "type")
        worth = 2 if "html" in kind else 1 if kind.startswith("text/") else 0
        return worth, len(text_of(content, "value"))

    contents = dicts_of(item, "content")
    return contents[0] if len(contents) == 1 else max(contents, key=rank, default={})


def find_longest_text(item: Any) -> Any:
    """Return the longest of several descriptions, which stands in for a content; {} of one."""
    if item.keys().isdisjoint(_FURTHER_TEXTS):
        return {}
    texts = [dict_of(item, key) for key in ("summary_detail", *_FURTHER_TEXTS)]
    several = {text_of(text, "value") for text in texts} - {""}
    if len(several) < 2:
        return {}
    return max(texts, key=lambda text: len(text_of(text, "value")))


def find_summary(item: Any, content: Any) -> str:
    """Return the description; those of extensions stand in for it, the longer kinds first."""
    if content is dict_of(item, "summary_detail"):
        return body_of(item, ":other_text", "dc_description")
    return body_of(
        item,
        "summary",
        "dc_description",
        "itunes_summary",
        "googleplay_description",
        "media_description",
        "itunes_subtitle",
    )


def find_permalink(said: Mapping[str, str], base: str) -> str:
    """Return an RSS guid that is a permalink, or an Atom id that is a page's address.

    A guid is a permalink unless it says otherwise (RSS 2.0), yet many that do not say are none: a
    relative one must at least look like a path.
    """
    if guid := said.get(":permalink"):
        address = absolute(guid, base)
        return address if is_page(address) and "/" in guid else ""
    id_, is_rss = said.get("id", ""), ":guid" in said
    return "" if is_rss or not is_page(id_) else id_


def find_comments(said: Mapping[str, str], links: Links, base: str) -> str:
    """Return the page of comments: RSS's element, or Atom's link to replies that is a page.

    Without a type such a link leads to a feed (RFC 4685 §4).
    """
    if found := absolute(said.get("comments", ""), base):
        return found
    if "replies" not in links:
        return ""
    pages = (link for link in links["replies"] if "html" in text_of(link, ":type"))
    return first(address_of(link, base) for link in pages)


def find_published(said: Mapping[str, str], version: str) -> str:
    """Return the source's own words for when; in RSS a Dublin Core date means that."""
    published, created = said.get("published", ""), said.get("created", "")
    dublin = said.get(":dc_date") or said.get("prism_publicationdate", "")
    if version.startswith("atom"):
        return published or created or dublin
    return published or dublin or created


def find_updated(said: Mapping[str, str]) -> str:
    """Return when the entry changed; a Dublin Core date beside RSS's own one can only mean that."""
    beside = said.get(":dc_date", "") if said.get("published") else ""
    return said.get("updated") or beside


def find_authors(item: Any, base: str) -> tuple[Person, ...]:
    """Return the authors, of every element that names one, each once."""
    authors = dicts_of(item, "authors")
    return distinct(chain.from_iterable(_people(one, base) for one in authors)) if authors else ()


def _people(author: Any, base: str) -> tuple[Person, ...]:
    if text_of(author, ":text"):
        return people(text_of(author, ":text"))
    # Some put a whole `Name <mail>` into the name.
    found = person(text_of(author, "name")) or Person()
    email, uri = text_of(author, "email"), absolute(text_of(author, "href"), base)
    if uri[:7].lower() == "mailto:":
        email, uri = email or uri[7:], ""
    return (Person(found.name, email or found.email, uri or found.uri),)


def find_terms(item: Any) -> tuple[Term, ...]:
    """Return the categories, each once; Atom's label is what a person reads."""
    terms = [_term(tag) for tag in dicts_of(item, "tags")]
    return tuple(dict.fromkeys([term for term in terms if term.label])) if terms else ()


def _term(tag: Any) -> Term:
    label, term = text_of(tag, "label"), text_of(tag, "term")
    return Term(label or term, text_of(tag, "scheme"), term if label and label != term else "")


def find_origin(item: Any, base: str) -> Origin | None:
    """Return the feed the entry comes from, where it names one."""
    source = dict_of(item, "source")
    if not source:
        return None
    links = links_of(source)
    origin = Origin(
        title=line_of(source, "title"),
        feed_url=find_related(links, "self", base) or absolute(text_of(source, "href"), base),
        link=find_link(links, base),
        id=text_of(source, "id"),
        rights=line_of(source, "rights"),
    )
    return origin if origin != Origin() else None


def find_rights(item: Any, links: Links) -> str:
    """Return the copyright line, else the licence's address."""
    if own := line_of(item, "rights"):
        return own
    return fragment.escape(find_related(links, "license", "")) if "license" in links else ""


def find_language(item: Any, said: Mapping[str, str], content: Any) -> str:
    """Return the language of the entry, its content or its title; inherited ones count."""
    return (
        said.get("language")
        or said.get("dc_language")
        or text_of(content, "language")
        or text_of(dict_of(item, "title_detail"), "language")
        or said.get(":language", "")
    )
