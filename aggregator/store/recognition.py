"""Whether an entry is an article that is known, where its guid alone does not say so. Pure.

    the same guid ─► the same article, unless everything else says that it is another one
    another guid  ─► a new article, unless an alias and everything else say that it is a known one

An article that is taken for another one is lost, while one that is not recognised is shown twice:
in doubt it is another one.
"""

from __future__ import annotations

import re
from datetime import datetime

from aggregator.model import Article
from aggregator.record import record
from aggregator.store.likeness import alike, titles_alike

_SCHEME_AND_WWW = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)


@record(frozen=True, slots=True)
class Look:
    """What an article is recognised by.

    `title` is None where its text has left the store: then only guid, link and times are known.
    """

    guid: str
    link: str
    title: str | None
    text: str
    published: datetime
    first_seen_at: datetime

    @property
    def is_dated(self) -> bool:
        """Whether its date is the source's; else it is when we first saw it."""
        return self.published != self.first_seen_at


def look_of(article: Article) -> Look:
    """Return the looks of an article that was just made."""
    return Look(
        article.guid,
        article.link,
        article.title,
        article.content or article.summary,
        article.published,
        article.first_seen_at,
    )


def same_address(one: str, other: str) -> bool:
    """Say whether two addresses are the same but for http or https, and `www.`."""
    return _SCHEME_AND_WWW.sub("//", one) == _SCHEME_AND_WWW.sub("//", other)


def may_be_another(old: Look, new: Look) -> bool:
    """Say whether *new*, which has the guid of *old*, could be another article at all.

    It is at another address, and under another title. A page that goes on changing at its own
    address is one article.
    """
    if not old.link or not new.link or same_address(old.link, new.link):
        return False
    return old.title is None or not titles_alike(old.title, new.title or "")


def is_another(old: Look, new: Look) -> bool:
    """Say whether *new*, which has the guid of *old* and may be another article, is one.

    Some publishers number their entries from one at each fetch, or call the newest one `latest`:
    then it is younger, and tells something else. A page that was moved and rewritten is not taken
    for another one while its text is still to be recognised.
    """
    newer = new.is_dated and new.published > old.published
    return newer and not alike(old.text, new.text)


def is_same(old: Look, new: Look) -> bool:
    """Say whether *new*, which has an alias of *old* and another guid, is the same article.

    A guid that only moved to https is the same one. Else nothing may speak against it: not the
    date, for «Morning briefing» has the same address and title each day; and not the text, where
    there is no date or the title has changed as well.
    """
    if same_address(old.guid, new.guid):
        return not (may_be_another(old, new) and is_another(old, new))
    if not _times_agree(old, new):
        return False
    if old.title is None or alike(old.text, new.text):
        return True
    both_have_text = bool(old.text and new.text)
    both_dated = old.is_dated and new.is_dated
    return titles_alike(old.title, new.title or "") and (both_dated or not both_have_text)


def _times_agree(old: Look, new: Look) -> bool:
    """Say whether both can have been published at the same time.

    One that got its date later was published before it was first seen.
    """
    if not new.is_dated:
        return True
    if not old.is_dated:
        return new.published <= old.first_seen_at
    return new.published == old.published
