"""What must hold of a store and of what is published, whatever happened."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from lxml import etree

from aggregator.publish import manifest


def malformed(published: Path, seen: set[tuple[Path, int]] | None = None) -> list[str]:
    """Return the published files that are not whole; temporary ones are nobody's business.

    Those in *seen*, as they were changed last, are whole; those that are looked at are added to it.
    """
    found = []
    for path in sorted(published.rglob("*")):
        if not path.is_file() or path.name.startswith("."):
            continue
        if seen is not None:
            known = path, path.stat().st_mtime_ns
            if known in seen:
                continue
            seen.add(known)
        body = path.read_bytes()
        try:
            if path.suffix in (".xml", ".opml"):
                etree.fromstring(body)
            elif path.suffix == ".json":
                json.loads(body)
            elif path.suffix == ".html" and not body.rstrip().endswith(b"</html>"):
                found.append(f"{path}: cut off")
        except (etree.XMLSyntaxError, ValueError) as error:
            found.append(f"{path}: {error}")
    return found


def differing(published: Path) -> list[str]:
    """Return the documents that are not as the manifest says; those missing are among them."""
    if not (published / manifest.PATH).exists():
        return []
    found = []
    for name, digest in manifest.documents(published).items():
        path = published / name
        if not path.is_file() or sha256(path.read_bytes()).hexdigest() != digest:
            found.append(name)
    return found


def rows(store: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(store)) as db:
        return db.execute(sql).fetchall()


def damage(store: Path) -> list[str]:
    """Return what SQLite and our own promises find wrong with the store."""
    found = [row[0] for row in rows(store, "PRAGMA integrity_check") if row[0] != "ok"]
    found += [str(row) for row in rows(store, "PRAGMA foreign_key_check")]
    twice = Counter(row[0] for row in rows(store, "SELECT public_id FROM identity"))
    found += [f"{guid} twice" for guid, count in twice.items() if count > 1]
    return found
