"""Jekyll posts as they are published here, taken apart again: the article's text and the rest.

Below its front matter a post reads:

    > the summary

    <p>The text.</p><p class="credit">Source: The Paper</p>

    <https://the.share/link>

    [More from Weather](//the.site/category/weather.html)｜[Home](//the.site/)
"""

from __future__ import annotations

import re

from aggregator.parse.address import is_page
from aggregator.record import record

_LONGEST_ENDING = 4000  # characters; what is longer was not written here

_LABEL = r"\[(?:\\.|[^\\\[\]\n])+\]"
_WAYS_BACK = re.compile(
    rf"{_LABEL}\((?:https?:)?//[^\n｜<>]*/category/[^\n｜<>]*\.html\)｜"
    rf"{_LABEL}\((?:https?:)?//[^\n｜<>]*\)"
)
_SHARE_LINK = re.compile(r"<([^<>]*)>")
_QUOTE = re.compile(r"((?:>[^\n]*\n)+)\n")
_QUOTED = re.compile(r"^>[ \t]?", re.MULTILINE)
_CREDIT = re.compile(r'<p class="credit">(?:<a [^<>]*>)?(?P<line>[^<>]{1,400})(?:</a>)?</p>\Z')
_NAMED = re.compile(r"(?P<opened>[（(])?[^:：（()）]{1,40}[:：]\s*(?P<name>.+)")


@record(frozen=True, slots=True)
class Parts:
    """A post's text without what stands around it; all is "" that it does not have.

    `summary` is Markdown, `publisher` an HTML fragment. `whole` says that the body is HTML as it
    stands, with no Markdown in it.
    """

    body: str
    summary: str = ""
    share_link: str = ""
    publisher: str = ""
    whole: bool = False


def take_apart(text: str) -> Parts:
    """Return the parts of a post's *text*; one that does not end in the two ways back is all body.

    A credit line that names nobody in the usual form (`Source: …`) stays in the body.
    """
    above, _, last = text.rstrip().rpartition("\n")
    if len(last) > _LONGEST_ENDING or not _WAYS_BACK.fullmatch(last):
        return Parts(text)
    body, share_link = _without_link(above.rstrip())
    body, summary = _without_quote(body)
    body, publisher = _without_credit(body)
    return Parts(body, summary, share_link, publisher, whole=body.startswith("<"))


def _without_link(text: str) -> tuple[str, str]:
    """Return *text* without its last line, and the address there; `<>` is none."""
    above, _, last = text.rpartition("\n")
    link = _SHARE_LINK.fullmatch(last) if len(last) <= _LONGEST_ENDING else None
    if link is None or (link[1] and not is_page(link[1])):
        return text, ""
    return above.rstrip(), link[1]


def _without_quote(text: str) -> tuple[str, str]:
    quote = _QUOTE.match(text)
    return (text[quote.end() :], _QUOTED.sub("", quote[1])) if quote else (text, "")


def _without_credit(text: str) -> tuple[str, str]:
    credit = _CREDIT.search(text, max(0, len(text) - _LONGEST_ENDING))
    named = _NAMED.fullmatch(credit["line"].strip()) if credit else None
    if credit is None or named is None:
        return text, ""
    name = named["name"]
    closed = named["opened"] and name.endswith(("）", ")"))
    return text[: credit.start()], (name[:-1] if closed else name).strip()
