"""Taking in: what one refresh of one source brought becomes identities, articles and placements.

recognise ─► hold a flood ─► insert or update ─► place in categories
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from typing import NamedTuple

from aggregator.model import Article, Gone, Listing, Provenance, SourceState
from aggregator.record import record
from aggregator.store import barring, corrections, edits, flood, notes
from aggregator.store.corrections import Edit
from aggregator.store.identities import Identities, Identity, Numbered
from aggregator.store.placing import Placing
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


class _Fates(NamedTuple):
    """The guids of those new articles that are held back, and of those that are never to be out."""

    held: frozenset[str]
    kept_in: frozenset[str]

    def lets_out(self, guid: str) -> bool:
        """Say whether the article is out at once."""
        return guid not in self.held and guid not in self.kept_in


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
        put(self._connection, "source", [values], "id")
        if not intake.articles and not intake.passed_over:  # as most often
            return Counts()
        known = self._identities.recognise(intake.state.id, intake.articles, intake.unchanged)
        barred = self._barred(intake.articles, known)
        held = frozenset() if first_contact else self._held(intake, known)
        fates = _Fates(held, _beyond_first(intake) if first_contact else frozenset())
        meeting = self._meetings.of(intake.articles)
        met = barred.union(known)
        fresh = [article for article in intake.articles if article.guid not in met]
        # The new ones come first, a hundred at a time: what each statement costs is shared.
        for done in range(0, len(fresh), _STEP):
            stored(done)
            self._insert(fresh[done : done + _STEP], intake, fates, meeting)
        changed = 0
        seen = [article for article in intake.articles if article.guid in met]
        for done, article in enumerate(seen, len(fresh)):
            if done % _STEP == 0:
                stored(done)
            identity = known.get(article.guid)
            if identity is not None and article.guid not in barred:
                changed += self._update(identity, article, intake, meeting)
            else:
                self._identities.note(article, identity)
        if intake.passed_over and intake.state.last_ok_at is not None:
            now = intake.state.last_ok_at
            self._identities.pass_over(intake.state.id, intake.passed_over, now)
        new = sum(article.guid not in held for article in fresh)
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

    def _insert(
        self, articles: Sequence[Article], intake: Intake, fates: _Fates, meeting: Meeting
    ) -> None:
        """Store new articles, and bring out those that may."""
        numbered = self._identities.enter(articles)
        add(self._connection, "article", [_new_row(n, one, fates) for n, one in numbered])
        meeting.remember((n, one) for n, one in numbered if one.guid not in fates.kept_in)
        self._explain(numbered, intake)
        out = [(n, one) for n, one in numbered if fates.lets_out(one.guid)]
        soil(self._connection, self._placing.publish(out, meeting))

    def _explain(self, numbered: Iterable[Numbered], intake: Intake) -> None:
        """Remember how these articles were made."""
        made = intake.provenance
        known = ((n, made[article.guid]) for n, article in numbered if article.guid in made)
        notes.keep_provenance(self._connection, known)

    def _update(
        self, identity: Identity, article: Article, intake: Intake, meeting: Meeting
    ) -> bool:
        """Bring a known article up to date; return whether anything that is shown has changed."""
        self._identities.renew(identity, article)
        old = self._connection.execute("SELECT * FROM article WHERE n = ?", [identity.n]).fetchone()
        if old is None:  # it has left the store by age, and must not come back as new
            return False
        self._explain([(identity.n, article)], intake)
        values = article_values(article)
        # The same entry can give another text where the configuration has changed: that is no edit.
        edited = article.fingerprint != identity.fingerprint and edits.is_edit(old, values)
        significant = edited and intake.edits_count and edits.is_significant(old, values)
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
        put(self._connection, "article", [changed], "n")
        meeting.remember([(identity.n, article)])
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


def _new_row(n: int, article: Article, fates: _Fates) -> Values:
    own: Values = {"n": n, "source": article.source, "published": write_time(article.published)}
    own |= {"listed": fates.lets_out(article.guid), "held": article.guid in fates.held}
    return own | article_values(article)


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
