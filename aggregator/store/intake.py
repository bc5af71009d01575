"""Taking in: what one refresh of one source brought becomes identities, articles and placements.

recognise ─► hold a flood ─► insert or update ─► place in categories
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import NamedTuple

from aggregator.model import Article, Gone, Listing, Provenance, SourceState
from aggregator.record import record
from aggregator.store import barring, corrections, edits, flood, notes
from aggregator.store.corrections import Edit
from aggregator.store.identities import Identities, Identity
from aggregator.store.placing import NOWHERE, Placing
from aggregator.store.rows import (
    Values,
    article_of,
    article_values,
    read_time,
    state_values,
    write_time,
)
from aggregator.store.statements import add, put, soil
from aggregator.store.stories import Meeting, Meetings

# The pages about the site itself (the channel "") name its sources.
_RENAMED = (
    "UPDATE channel SET dirty = 1 WHERE slug = '' AND EXISTS"
    " (SELECT 1 FROM source WHERE id = :id AND (title, site) != (:title, :site))"
)
_STEP = 100  # articles, after which it is said how many are stored
_REMEMBERED = 1_000  # articles at most that a document is compared with


@record(frozen=True, slots=True)
class Intake:
    """What one refresh of one source brought, to be committed as a whole.

    `articles` are those whose entry is new or has another fingerprint, `unchanged` the guids of the
    other entries in the same document. `first` bounds how many are published when the source is met
    for the first time (None: all). `provenance` tells by guid how the articles were made. Where
    `edits_count`, a significant edit moves an article's `updated` to now. `passed_over` are entries
    (guid → fingerprint) that are to be known from now on, and are not taken in. `listing` is what
    the source says of entries that it has no more, None where that is not to be acted on. `names`
    are proposed for new categories: label → slug, spelling.
    """

    state: SourceState
    articles: tuple[Article, ...] = ()
    first: int | None = None
    unchanged: frozenset[str] = frozenset()
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    edits_count: bool = False
    listing: Listing | None = None
    passed_over: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How many entries the document has."""
        return len(self.articles) + len(self.unchanged)


@record(frozen=True, slots=True)
class Counts:
    """How many articles of an intake were new, changed, held back, or the same after all.

    And how many of those before it were withdrawn, or would be but for their number.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    held: int = 0
    withdrawn: int = 0
    leaving: int = 0


class _Fate(NamedTuple):
    """What becomes of a new article: it is out at once, or held back, or neither."""

    listed: bool
    held: bool


class TakingIn:
    """Writes intakes on one connection, inside transactions of the store."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        identities: Identities,
        placing: Placing,
        meetings: Meetings,
    ) -> None:
        self._connection = connection
        self._meetings = meetings
        self._identities = identities
        self._placing = placing

    def take_in(self, intake: Intake, stored: Callable[[int], None]) -> Counts:
        """Store what a refresh brought, and the source's new state.

        An article that is known keeps its ids, its date and its place in time, also under another
        guid. Of a source that is met for the first time only the newest are listed. Nothing is kept
        of one that was taken down but that it was seen. *stored* is told how many are, every
        hundred.
        """
        first_contact = bool(intake.articles) and not self._is_met(intake.state.id)
        values = state_values(intake.state)
        self._connection.execute(_RENAMED, values)
        put(self._connection, "source", values, "id")
        if not intake.articles and not intake.passed_over:  # as most often
            return Counts()
        known = self._identities.recognise(intake.state.id, intake.articles, intake.unchanged)
        barred = self._barred(intake.articles, known)
        held = frozenset() if first_contact else self._held(intake, known)
        unlisted = held | (_beyond_first(intake) if first_contact else frozenset())
        meeting = self._meetings.of(intake.articles)
        soiled: set[str] = set()
        new = changed = 0
        for done, article in enumerate(intake.articles):
            if done % _STEP == 0:
                stored(done)
            identity = known.get(article.guid)
            if article.guid in barred:
                self._identities.note(article, identity)
                continue
            if identity is None:
                fate = _Fate(article.guid not in unlisted, article.guid in held)
                n = self._insert(article, fate, meeting, soiled)
                new += not fate.held
            else:
                n = identity.n
                changed += self._update(identity, article, meeting, intake.edits_count)
            if article.guid in intake.provenance:
                notes.keep_provenance(self._connection, n, intake.provenance[article.guid])
        soil(self._connection, soiled)
        if intake.passed_over and intake.state.last_ok_at is not None:
            now = intake.state.last_ok_at
            self._identities.pass_over(intake.state.id, intake.passed_over, now)
        unchanged = len(intake.articles) - new - changed - len(held)
        return Counts(new, changed, unchanged, len(held))

    def release(self, source: str, *, drop: bool) -> int:
        """List the articles of *source* that are held, or with *drop* never; return how many."""
        rows = self._connection.execute(
            "SELECT article.*, guid, id, public_id, fingerprint, first_seen_at"
            " FROM article JOIN identity USING (n) WHERE held AND article.source = ?",
            [source],
        ).fetchall()
        articles = {row["n"]: article_of(row) for row in rows}
        meeting = self._meetings.of(list(articles.values()))
        for n, article in articles.items():
            self._connection.execute("UPDATE article SET held = 0, dirty = 1 WHERE n = ?", [n])
            if not drop:
                self._placing.bring_out(n, article, meeting)
        return len(rows)

    def _is_met(self, source: str) -> bool:
        row = self._connection.execute("SELECT last_ok_at FROM source WHERE id = ?", [source])
        found = row.fetchone()
        return found is not None and found["last_ok_at"] is not None

    def _barred(self, articles: Sequence[Article], known: Mapping[str, Identity]) -> frozenset[str]:
        """Return the guids of those *articles* that were taken down, by these or other guids."""
        rows = self._connection.execute(
            "SELECT n FROM removal WHERE kind = ? AND n IN (SELECT value FROM json_each(?))",
            [Gone.TAKEN_DOWN, json.dumps([identity.n for identity in known.values()])],
        )
        gone = {row[0] for row in rows}
        down = {guid for guid, identity in known.items() if identity.n in gone}
        new = [article for article in articles if article.guid not in known]
        return barring.barred(self._connection, new) | down

    def _held(self, intake: Intake, known: Mapping[str, Identity]) -> frozenset[str]:
        """Return the guids of the new articles that are to be held back."""
        new = [article for article in intake.articles if article.guid not in known]
        if not flood.is_many(len(new), intake.size):
            return frozenset()
        numbers = {identity.n for identity in known.values()}
        rows = self._connection.execute(
            "SELECT n, guid, known_date, title FROM identity LEFT JOIN article USING (n)"
            " WHERE identity.source = ? ORDER BY known_date DESC LIMIT ?",
            [intake.state.id, min(intake.size, _REMEMBERED)],
        )
        remembered = [
            flood.Remembered(
                title=row["title"] or "",
                published=read_time(row["known_date"]),
                present=row["n"] in numbers or row["guid"] in intake.unchanged,
            )
            for row in rows
        ]
        return flood.held([_arrival(article) for article in new], intake.size, remembered)

    def _insert(self, article: Article, fate: _Fate, meeting: Meeting, soiled: set[str]) -> int:
        """Store a new article; add the channels that are to be written again to *soiled*."""
        n = self._identities.enter(article)
        stand = self._placing.stand(article, meeting) if fate.listed else NOWHERE
        published = write_time(article.published)
        own: Values = {"n": n, "source": article.source, "published": published}
        own |= {"listed": stand.is_entry, "held": fate.held}
        add(self._connection, "article", {**own, **article_values(article)})
        if fate.listed or fate.held:
            meeting.remember(n, article)
        if fate.listed:
            soiled |= self._placing.publish(n, article, stand, meeting)
        return n

    def _update(
        self, identity: Identity, article: Article, meeting: Meeting, edits_count: bool
    ) -> bool:
        """Bring a known article up to date; return whether anything that is shown has changed."""
        self._identities.renew(identity, article)
        old = self._connection.execute("SELECT * FROM article WHERE n = ?", [identity.n]).fetchone()
        if old is None:  # it has left the store by age, and must not come back as new
            return False
        values = article_values(article)
        # The same entry can give another text where the configuration has changed: that is no edit.
        edited = article.fingerprint != identity.fingerprint and edits.is_edit(old, values)
        significant = edited and edits_count and edits.is_significant(old, values)
        moments = [old["updated"]]
        if _is_dated(article):  # else its times are only those of this look at it
            moments.append(write_time(article.updated))
        if significant:
            moments.append(write_time(article.first_seen_at))
        values["updated"] = max(moments)
        if not edits.is_shown(old, values):
            return False
        if edited:
            self._keep_edit(identity, old, article, significant=significant)
        changed: Values = {"n": identity.n, **values, "dirty": 1, "unindexed": 1}
        put(self._connection, "article", changed, "n")
        meeting.remember(identity.n, article)
        self._placing.move(identity.n, old["published"], article, meeting)
        return True

    def _keep_edit(
        self, identity: Identity, old: sqlite3.Row, article: Article, *, significant: bool
    ) -> None:
        now = article.first_seen_at
        number = notes.keep_revision(self._connection, old, now)
        if significant:
            public_id = self._identities.own_public_id(f"{identity.id}/{number}", now)
            edit = Edit(identity.n, number, public_id, now, article.title, old["title"])
            corrections.keep(self._connection, edit)


def _arrival(article: Article) -> flood.Arrival:
    published = article.published if _is_dated(article) else None
    return flood.Arrival(article.guid, article.title, published)


def _is_dated(article: Article) -> bool:
    """Say whether its source gave it a date."""
    return article.published != article.first_seen_at


def _beyond_first(intake: Intake) -> frozenset[str]:
    """Return the guids that a source met for the first time does not get published."""
    if intake.first is None:
        return frozenset()
    newest = sorted(intake.articles, key=lambda article: article.published, reverse=True)
    return frozenset(article.guid for article in newest[intake.first :])
