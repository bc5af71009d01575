"""The tables, as numbered migrations: each in a transaction of its own, and frozen once shipped."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("aggregator")


@migrations()
def m0001_tables(db: Database) -> None:
    """Create the first schema."""
    for statement in _TABLES.split(";\n\n"):
        db.execute(statement)


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
