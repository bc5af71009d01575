"""The tables, as numbered migrations: each in a transaction of its own, and frozen once shipped."""

from __future__ import annotations

import sqlite3
from contextlib import closing, nullcontext

from sqlite_utils import Database, Migrations

from aggregator.errors import StoreError
from aggregator.store.connection import transaction

migrations = Migrations("aggregator")


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Apply the migrations that are still to come; a new store has all of them in one transaction.

    Raises StoreError where a later version of the program has changed the tables.
    """
    db = Database(connection, execute_plugins=False)
    _check_known(db)
    with nullcontext() if migrations.applied(db) else transaction(connection):
        migrations.apply(db)


def _check_known(db: Database) -> None:
    with closing(sqlite3.connect(":memory:")) as empty:
        ours = {step.name for step in migrations.pending(Database(empty))}
    later = sorted({step.name for step in migrations.applied(db)} - ours)
    if later:
        raise StoreError(
            f"the store is of a later version of this program ({later[-1]}): take that version, "
            "or put a backup of before in its place",
            code="E403",
        )


@migrations()
def m0001_tables(db: Database) -> None:
    """Create the first schema."""
    for statement in _TABLES.split(";\n\n"):
        db.execute(statement)


@migrations()
def m0002_politeness(db: Database) -> None:
    """Add what servers and feeds asked for, where sources have moved to, and hosts' pauses."""
    for statement in _POLITENESS.split(";\n"):
        db.execute(statement)


@migrations()
def m0003_recognition(db: Database) -> None:
    """Add what articles are recognised by after they have left, what is held, and histories."""
    for statement in _RECOGNITION.split(";\n"):
        db.execute(statement)


@migrations()
def m0004_stories(db: Database) -> None:
    """Add what articles are compared by, and which ones are told through another one."""
    for statement in _STORIES.split(";\n"):
        db.execute(statement)


@migrations()
def m0005_labels(db: Database) -> None:
    """Add the other labels that a category is known by, besides the one that is shown."""
    for statement in _LABELS.split(";\n"):
        db.execute(statement)


@migrations()
def m0006_push(db: Database) -> None:
    """Add who is told of changes, whom we asked to tell us, and what hubs are still to be told."""
    for statement in _PUSH.split(";\n"):
        db.execute(statement)


@migrations()
def m0007_archive(db: Database) -> None:
    """Add what of each channel is archived, and what of that has changed since."""
    for statement in _ARCHIVE.split(";\n\n"):
        db.execute(statement)


@migrations()
def m0008_editions(db: Database) -> None:
    """Add what the last editions of each feed held."""
    for statement in _EDITIONS.split(";\n"):
        db.execute(statement)


@migrations()
def m0009_removals(db: Database) -> None:
    """Add what is hidden or taken down, who did it, and what must never be taken in again."""
    for statement in _REMOVALS.split(";\n"):
        db.execute(statement)


@migrations()
def m0010_corrections(db: Database) -> None:
    """Add which significant edits of articles may be entries of their own."""
    for statement in _CORRECTIONS.split(";\n"):
        db.execute(statement)


@migrations()
def m0011_published(db: Database) -> None:
    """Add what selections read articles by: when they were published."""
    db.execute("CREATE INDEX article_published ON article (published) WHERE listed")


@migrations()
def m0012_withdrawals(db: Database) -> None:
    """Add what a source has withdrawn that is still shown, and what is to stay all the same."""
    for statement in _WITHDRAWALS.split(";\n"):
        db.execute(statement)


@migrations()
def m0013_status(db: Database) -> None:
    """Add what sources call themselves, and what came of asking them, day by day."""
    for statement in _STATUS.split(";\n"):
        db.execute(statement)


@migrations()
def m0014_hosts(db: Database) -> None:
    """Add what robots.txt files have said."""
    db.execute(_HOSTS)


@migrations()
def m0015_originals(db: Database) -> None:
    """Add a way to the articles that stand nowhere else on the web."""
    db.execute(
        "CREATE INDEX article_original ON article (published)"
        " WHERE listed AND link = '' AND share_link = ''"
    )


@migrations()
def m0016_fragments(db: Database) -> None:
    """Add what articles look like in feeds, for as long as they stay as they are."""
    for statement in _FRAGMENTS.split(";\n\n"):
        db.execute(statement)


@migrations()
def m0018_watching(db: Database) -> None:
    """Add each source's last attempts, what is usual of it, and how much room is used."""
    for statement in _WATCHING.split(";\n"):
        db.execute(statement)


@migrations()
def m0019_incidents(db: Database) -> None:
    """Add incidents, what is to be told of them, and how far each listener was told."""
    for statement in _INCIDENTS.split(";\n"):
        db.execute(statement)


@migrations()
def m0020_given(db: Database) -> None:
    """Add what of the entry that each article was made of is not the same in it, as JSON."""
    db.execute("ALTER TABLE provenance ADD COLUMN given TEXT NOT NULL DEFAULT ''")


@migrations()
def m0021_document(db: Database) -> None:
    """Add where the document came from that a source's validators are for."""
    db.execute("ALTER TABLE source ADD COLUMN document TEXT NOT NULL DEFAULT ''")


@migrations()
def m0022_words(db: Database) -> None:
    """Index words instead of all strings of three characters; the articles are indexed anew."""
    for statement in _WORDS.split(";\n"):
        db.execute(statement)


@migrations()
def m0023_move(db: Database) -> None:
    """Add since when permanent redirects lead where a source may have moved to."""
    db.execute("ALTER TABLE source ADD COLUMN move_since TEXT")


# Times are ISO 8601 in UTC to the second (`2026-11-22T18:30:00Z`): they sort as text.
_TABLES = """
CREATE TABLE source (
  id TEXT PRIMARY KEY,
  etag TEXT NOT NULL DEFAULT '',
  last_modified TEXT NOT NULL DEFAULT '',
  body_hash TEXT NOT NULL DEFAULT '',
  next_due_at TEXT,
  why TEXT NOT NULL DEFAULT '',
  last_attempt_at TEXT,
  last_ok_at TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  error_since TEXT,
  bad INTEGER NOT NULL DEFAULT 0,
  recipe TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE INDEX source_due ON source (next_due_at);

CREATE TABLE identity (
  n INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  guid TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  public_id TEXT NOT NULL UNIQUE,
  fingerprint TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  UNIQUE (source, guid)
) STRICT;

CREATE TABLE alias (
  source TEXT NOT NULL,
  key INTEGER NOT NULL,
  n INTEGER REFERENCES identity (n),
  PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE article (
  n INTEGER PRIMARY KEY REFERENCES identity (n),
  source TEXT NOT NULL,
  title TEXT NOT NULL,
  link TEXT NOT NULL,
  share_link TEXT NOT NULL,
  published TEXT NOT NULL,
  updated TEXT NOT NULL,
  summary TEXT NOT NULL,
  content TEXT NOT NULL,
  language TEXT NOT NULL,
  authors TEXT NOT NULL,
  publisher TEXT NOT NULL,
  publisher_url TEXT NOT NULL,
  feed_url TEXT NOT NULL,
  feed_id TEXT NOT NULL,
  rights TEXT NOT NULL,
  categories TEXT NOT NULL,
  tags TEXT NOT NULL,
  terms TEXT NOT NULL,
  enclosures TEXT NOT NULL,
  image TEXT NOT NULL,
  listed INTEGER NOT NULL,
  retired INTEGER NOT NULL DEFAULT 0,
  dirty INTEGER NOT NULL DEFAULT 1,
  unindexed INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE INDEX article_source ON article (source, published);

CREATE INDEX article_dirty ON article (n) WHERE dirty;

CREATE INDEX article_unindexed ON article (n) WHERE unindexed;

CREATE TABLE slug (
  slug TEXT PRIMARY KEY COLLATE NOCASE,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  spelling TEXT NOT NULL,
  UNIQUE (kind, label)
) STRICT, WITHOUT ROWID;

CREATE TABLE placement (
  slug TEXT NOT NULL,
  published TEXT NOT NULL,
  id TEXT NOT NULL,
  n INTEGER NOT NULL REFERENCES article (n),
  PRIMARY KEY (slug, published, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX placement_article ON placement (n);

CREATE TABLE channel (
  slug TEXT PRIMARY KEY,
  dirty INTEGER NOT NULL DEFAULT 1,
  expires_at TEXT,
  newest TEXT NOT NULL DEFAULT '',
  shelf TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE INDEX channel_dirty ON channel (slug) WHERE dirty;

CREATE INDEX channel_expires ON channel (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE document (
  path TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX document_owner ON document (owner);

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE search USING fts5 (title, text, tokenize = 'trigram')
""".strip()

_POLITENESS = """
ALTER TABLE source ADD COLUMN status INTEGER;
ALTER TABLE source ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN fresh INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN interval INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN skip_hours TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN skip_days TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN move_to TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN move_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source ADD COLUMN move_on TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN configured TEXT NOT NULL DEFAULT '';
CREATE TABLE pause (
  host TEXT PRIMARY KEY,
  until TEXT NOT NULL,
  noted_at TEXT NOT NULL
) STRICT, WITHOUT ROWID
""".strip()

# `known_link` and `known_date` outlive the article's own row.
_RECOGNITION = """
ALTER TABLE identity ADD COLUMN known_link TEXT NOT NULL DEFAULT '';
ALTER TABLE identity ADD COLUMN known_date TEXT NOT NULL DEFAULT '';
UPDATE identity SET known_date = first_seen_at;
UPDATE identity SET known_date = article.published, known_link = article.link
  FROM article WHERE article.n = identity.n;
CREATE INDEX identity_known ON identity (source, known_date);
ALTER TABLE article ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
CREATE INDEX article_held ON article (source) WHERE held;
CREATE TABLE provenance (
  n INTEGER PRIMARY KEY REFERENCES article (n) ON DELETE CASCADE,
  candidates TEXT NOT NULL,
  steps TEXT NOT NULL
) STRICT;
CREATE TABLE revision (
  n INTEGER NOT NULL REFERENCES article (n) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  replaced_at TEXT NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (n, number)
) STRICT, WITHOUT ROWID
""".strip()

# At `slug`, article `n` is no entry of its own: that of `leader` names it.
_STORIES = """
CREATE TABLE signature (
  n INTEGER PRIMARY KEY REFERENCES article (n) ON DELETE CASCADE,
  source TEXT NOT NULL,
  link TEXT NOT NULL,
  title TEXT NOT NULL
) STRICT;
CREATE TABLE story (
  slug TEXT NOT NULL,
  published TEXT NOT NULL,
  n INTEGER NOT NULL REFERENCES article (n) ON DELETE CASCADE,
  leader INTEGER NOT NULL REFERENCES article (n) ON DELETE CASCADE,
  PRIMARY KEY (slug, published, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_article ON story (n);
CREATE INDEX story_leader ON story (leader)
""".strip()

_LABELS = """
CREATE TABLE label (
  label TEXT PRIMARY KEY,
  slug TEXT NOT NULL COLLATE NOCASE REFERENCES slug (slug)
) STRICT, WITHOUT ROWID;
CREATE INDEX slug_spelling ON slug (spelling)
""".strip()

# `due_at` is when something is to be done about the row, NULL where nothing is; `change` counts the
# changes of the topic, so that one that comes while another is being told of is not lost.
_PUSH = """
ALTER TABLE source ADD COLUMN hub TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN topic TEXT NOT NULL DEFAULT '';
CREATE TABLE ping (
  topic TEXT PRIMARY KEY,
  due_at TEXT NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  change INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE subscriber (
  topic TEXT NOT NULL,
  callback TEXT NOT NULL,
  secret TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  due_at TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  change INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (topic, callback)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscriber_due ON subscriber (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX subscriber_expires ON subscriber (expires_at);
CREATE TABLE subscription (
  source TEXT PRIMARY KEY,
  hub TEXT NOT NULL,
  topic TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE,
  secret TEXT NOT NULL,
  verified INTEGER NOT NULL DEFAULT 0,
  expires_at TEXT,
  due_at TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  pushed_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX subscription_due ON subscription (due_at) WHERE due_at IS NOT NULL
""".strip()

# `channel.archived` is the end of what the archive holds. A mark is a place in it where something
# has changed: `moved` is 1 for an entry that came, -1 for one that left, 0 for one that is another.
# Triggers set the marks, so that nobody who moves or changes an article can forget to.
_ARCHIVE = """
ALTER TABLE channel ADD COLUMN archived TEXT NOT NULL DEFAULT '';

CREATE TABLE archive_month (
  slug TEXT NOT NULL,
  month TEXT NOT NULL,
  entries INTEGER NOT NULL,
  PRIMARY KEY (slug, month)
) STRICT, WITHOUT ROWID;

CREATE TABLE archive_mark (
  slug TEXT NOT NULL,
  published TEXT NOT NULL,
  id TEXT NOT NULL,
  moved INTEGER NOT NULL,
  PRIMARY KEY (slug, published, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER placement_comes AFTER INSERT ON placement BEGIN
  INSERT INTO archive_mark SELECT slug, new.published, new.id, 1 FROM channel
    WHERE slug = new.slug AND archived > new.published
    ON CONFLICT DO UPDATE SET moved = moved + 1;
END;

CREATE TRIGGER placement_leaves AFTER DELETE ON placement BEGIN
  INSERT INTO archive_mark SELECT slug, old.published, old.id, -1 FROM channel
    WHERE slug = old.slug AND archived > old.published
    ON CONFLICT DO UPDATE SET moved = moved - 1;
END;

CREATE TRIGGER article_changes AFTER UPDATE OF dirty ON article WHEN new.dirty BEGIN
  INSERT INTO archive_mark SELECT slug, placement.published, id, 0
    FROM placement JOIN channel USING (slug)
    WHERE n = new.n AND archived > placement.published
    ON CONFLICT DO NOTHING;
END
""".strip()

_EDITIONS = """
CREATE TABLE edition (
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (path, sha256)
) STRICT, WITHOUT ROWID;
CREATE TABLE feed_contents (
  path TEXT PRIMARY KEY,
  number INTEGER NOT NULL,
  entries BLOB NOT NULL
) STRICT, WITHOUT ROWID
""".strip()

# `was_out` says whether the article was to be seen; at each `slug` where it was an entry it has a
# tombstone. `barred` holds the keys of what was taken down.
_REMOVALS = """
CREATE TABLE removal (
  n INTEGER PRIMARY KEY REFERENCES identity (n),
  kind TEXT NOT NULL,
  at TEXT NOT NULL,
  reason TEXT NOT NULL,
  told INTEGER NOT NULL,
  was_out INTEGER NOT NULL
) STRICT;
CREATE TABLE tombstone (
  slug TEXT NOT NULL,
  n INTEGER NOT NULL REFERENCES removal (n) ON DELETE CASCADE,
  PRIMARY KEY (slug, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_article ON tombstone (n);
CREATE TABLE barred (
  key INTEGER PRIMARY KEY,
  n INTEGER NOT NULL REFERENCES identity (n)
) STRICT;
CREATE TABLE audit (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  who TEXT NOT NULL,
  action TEXT NOT NULL,
  article TEXT NOT NULL,
  public_id TEXT NOT NULL,
  source TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT
""".strip()

# `number` is that of the revision that was replaced.
_CORRECTIONS = """
CREATE TABLE correction (
  n INTEGER NOT NULL REFERENCES article (n) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  public_id TEXT NOT NULL UNIQUE,
  seen_at TEXT NOT NULL,
  title TEXT NOT NULL,
  before TEXT NOT NULL,
  PRIMARY KEY (n, number)
) STRICT, WITHOUT ROWID
""".strip()

# `leaving` waits for the operator's word; `kept` is that word: it stays, whatever its source says.
_WITHDRAWALS = """
ALTER TABLE article ADD COLUMN leaving INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
CREATE INDEX article_leaving ON article (source) WHERE leaving
""".strip()

# `day` is that of the site's zone.
_STATUS = """
ALTER TABLE source ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN site TEXT NOT NULL DEFAULT '';
CREATE TABLE tally (
  source TEXT NOT NULL,
  day TEXT NOT NULL,
  ok INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  new INTEGER NOT NULL,
  PRIMARY KEY (source, day)
) STRICT, WITHOUT ROWID
""".strip()

_HOSTS = """
CREATE TABLE host_rules (
  origin TEXT PRIMARY KEY,
  text TEXT NOT NULL,
  until TEXT NOT NULL
) STRICT, WITHOUT ROWID
""".strip()

_FRAGMENTS = """
CREATE TABLE fragment (
  n INTEGER NOT NULL REFERENCES article (n) ON DELETE CASCADE,
  language TEXT NOT NULL,
  body BLOB NOT NULL,
  UNIQUE (n, language)
) STRICT;

CREATE TRIGGER article_looks_otherwise AFTER UPDATE OF dirty ON article WHEN new.dirty BEGIN
  DELETE FROM fragment WHERE n = new.n;
END
""".strip()

# `slot` is the number of an attempt modulo how many are kept, so that the newest takes the place of
# the oldest. `measures` is JSON; the other columns of `health` are as in its record.
_WATCHING = """
ALTER TABLE tally ADD COLUMN same INTEGER NOT NULL DEFAULT 0;
CREATE TABLE attempt (
  source TEXT NOT NULL,
  slot INTEGER NOT NULL,
  number INTEGER NOT NULL,
  at TEXT NOT NULL,
  status TEXT NOT NULL,
  answered INTEGER,
  ms INTEGER NOT NULL,
  new INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  error TEXT NOT NULL,
  delay INTEGER,
  PRIMARY KEY (source, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_unpublished ON attempt (source) WHERE new AND delay IS NULL;
CREATE TABLE health (
  source TEXT PRIMARY KEY,
  word TEXT NOT NULL,
  cause TEXT NOT NULL,
  why TEXT NOT NULL,
  since TEXT,
  doubted INTEGER NOT NULL,
  met_at TEXT,
  failed INTEGER NOT NULL,
  recipe TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  look_at TEXT,
  measures TEXT NOT NULL,
  usual_rate REAL,
  certificate_until TEXT,
  delay INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE room (
  day TEXT PRIMARY KEY,
  bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID
""".strip()

# An event is the beginning (`ended` 0) or the end of an incident; `upto` is the last event that a
# listener was told. A listener is known by a hash of its address, which is a secret.
_INCIDENTS = """
CREATE TABLE incident (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  word TEXT NOT NULL,
  why TEXT NOT NULL,
  began_at TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  ended_at TEXT
) STRICT;
CREATE UNIQUE INDEX incident_open ON incident (source) WHERE ended_at IS NULL;
CREATE TABLE event (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  incident INTEGER NOT NULL REFERENCES incident (number) ON DELETE CASCADE,
  ended INTEGER NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX event_incident ON event (incident);
CREATE TABLE listener (
  name TEXT PRIMARY KEY,
  upto INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  due_at TEXT
) STRICT, WITHOUT ROWID
""".strip()

# Marks belong to letters: without them a word of Hindi would be several.
_WORDS = """
DROP TABLE search;
CREATE VIRTUAL TABLE search USING fts5 (
  title, text, tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co'"
);
UPDATE article SET unindexed = 1
""".strip()
