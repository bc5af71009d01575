"""What shows only with the whole file at hand: names that collide, lead nowhere, do not fit.

Values of a wrong type are passed over: pydantic finds them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from aggregator import template
from aggregator.config import advice
from aggregator.config.document import Document
from aggregator.config.expand import Draft, foreign_keys, text_in
from aggregator.config.faults import Fault, Kind, short, shown
from aggregator.config.positions import Keys
from aggregator.config.resolve import absolute
from aggregator.config.settings import Publish, Source, Store
from aggregator.model import Entry

RESERVED = frozenset(("all", "archive", "assets", "_posts", "old_post"))  # folders of the output

# Keys of a source that no field of an entry can be called: they were meant to stand above.
_NOT_FIELDS = (
    frozenset(Source.model_fields)
    - frozenset(Entry.__dataclass_fields__)
    - frozenset(("category", "tags", "share_link"))
)


def crosscheck(
    document: Document,
    drafts: Sequence[Draft],
    kinds: Mapping[str, Kind],
    formats: Collection[str],
) -> Iterator[Fault]:
    """Yield what is wrong between the tables of *document*, *drafts* being its sources."""
    yield from _ids(document, drafts)
    foreign = foreign_keys(kinds)
    for draft in drafts:
        if kind := kinds.get(draft.kind):
            yield from _keys_of_kind(draft, kind, foreign[draft.kind], kinds)
        elif draft.kind:
            yield Fault((*draft.keys, "kind"), _unknown("kind", draft.kind, kinds), code="E110")
        yield from _misplaced(draft)
    yield from _formats(document.data, formats)
    yield from _feeds(document, drafts)
    yield from _former_folders(document, drafts)
    yield from _named_sources(document, drafts)
    yield from _paths(document)


def _ids(document: Document, drafts: Sequence[Draft]) -> Iterator[Fault]:
    first: dict[str, Draft] = {}
    for draft in drafts:
        identifier, at = draft.text("id"), (*draft.keys, "id")
        if left := template.names(identifier):
            name = min(left)
            yield Fault(
                at, f'nothing fills {{{name}}}; add for = {{ {name} = ["…"] }}', code="E115"
            )
        elif identifier and first.setdefault(identifier.lower(), draft) is not draft:
            other = first[identifier.lower()]
            yield Fault(
                at, _taken(document, identifier, other.text("id"), (*other.keys, "id")), code="E109"
            )


def _taken(document: Document, name: str, other: str, place: Keys) -> str:
    line = document.position(place)[0]
    if name == other:
        return f"{shown(name)} is taken by line {line}; every id stands for one thing"
    return f"{shown(name)} differs from {shown(other)} in line {line} only by its case"


def _keys_of_kind(
    draft: Draft, kind: Kind, foreign: frozenset[str], kinds: Mapping[str, Kind]
) -> Iterator[Fault]:
    for key in sorted(kind.needs - draft.table.keys()):
        meaning = advice.describe_key(draft.keys, key)
        yield Fault(
            draft.keys, f'"{key}" is missing, kind "{draft.kind}" needs it: {meaning}', key, "E106"
        )
    for key in sorted(foreign & draft.table.keys()):
        takers = " or ".join(f'"{n}"' for n, k in kinds.items() if key in k.needs | k.takes)
        message = f'kind "{draft.kind}" does not take "{key}"; kind {takers} does'
        yield Fault(draft.keys, message, key, "E111")


def _unknown(what: str, name: str, known: Collection[str]) -> str:
    listed = ", ".join(f'"{one}"' for one in known)
    close = advice.did_you_mean(name, known)
    return f"{shown(name)} is not a {what}; there are {listed}{close}"


def _misplaced(draft: Draft) -> Iterator[Fault]:
    for table in ("fields", "extract", "headers"):
        held = draft.table.get(table)
        for key in sorted(_NOT_FIELDS.intersection(held)) if isinstance(held, dict) else ():
            message = f'"{key}" is a key of the source; write it above [source.{table}]'
            yield Fault((*draft.keys, table), message, key, "E111")


def _formats(data: Mapping[str, Any], formats: Collection[str]) -> Iterator[Fault]:
    tables: list[tuple[Keys, Any]] = [(("publish",), data.get("publish"))]
    tables += [(("feed", index), table) for index, table in _tables(data, "feed")]
    for keys, table in tables:
        for index, name in _texts(table, "formats"):
            if name not in formats:
                yield Fault(
                    (*keys, "formats", index), _unknown("format", name, formats), code="E110"
                )


def _feeds(document: Document, drafts: Sequence[Draft]) -> Iterator[Fault]:
    folders = _folders_of_categories(document.data, drafts)
    yield from (
        Fault(at, _reserved(name), code="E109") for name, at in folders.items() if name in RESERVED
    )
    for index, table in _tables(document.data, "feed"):
        at: Keys = ("feed", index, "id")
        name = text_in(table, "id")
        if name in RESERVED:
            yield Fault(at, _reserved(name), code="E109")
        elif name and folders.setdefault(name, at) != at:
            yield Fault(at, _taken(document, name, name, folders[name]), code="E109")


def _former_folders(document: Document, drafts: Sequence[Draft]) -> Iterator[Fault]:
    """Find names that are given away twice: nobody can be led to two places from one."""
    folders = _folders_of_categories(document.data, drafts)
    tables: list[tuple[Keys, Any]] = [
        (("category", name), table) for name, table in _table(document.data, "category").items()
    ]
    for index, table in _tables(document.data, "feed"):
        tables.append((("feed", index), table))
        folders.setdefault(text_in(table, "id"), ("feed", index, "id"))
    for keys, table in tables:
        for index, name in _texts(table, "formerly"):
            at: Keys = (*keys, "formerly", index)
            if name in RESERVED:
                yield Fault(at, _reserved(name), code="E109")
            elif folders.setdefault(name, at) != at:
                yield Fault(at, _taken(document, name, name, folders[name]), code="E109")


def _named_sources(document: Document, drafts: Sequence[Draft]) -> Iterator[Fault]:
    sources = {draft.text("id") for draft in drafts}
    for keys, table in _choices(document.data):
        for number, source in _texts(table, "sources"):
            if source not in sources:
                message = advice.no_source(source, sources)
                yield Fault((*keys, "sources", number), message, code="E110")


def _choices(data: Mapping[str, Any]) -> Iterator[tuple[Keys, Mapping[str, Any]]]:
    """Yield every table that may name sources, with its keys."""
    for name in ("feed", "rule"):
        for index, table in _tables(data, name):
            yield (name, index), table
            yield (name, index, "without"), _table(table, "without")


def _reserved(name: str) -> str:
    return f"{shown(name)} is a folder that is always written; choose another name"


def _folders_of_categories(data: Mapping[str, Any], drafts: Sequence[Draft]) -> dict[str, Keys]:
    """Return the folders that are known beforehand, with the key that each one comes from."""
    tables = data.get("category")
    folders: dict[str, Keys] = {}
    for name in tables if isinstance(tables, dict) else ():
        folders[name] = ("category", name)
    for draft in drafts:
        key = "category" if "category" in draft.table else "id"
        if name := draft.text(key):
            folders.setdefault(name.lower(), (*draft.keys, key))
    return folders


def _paths(document: Document) -> Iterator[Fault]:
    publish, store = _table(document.data, "publish"), _table(document.data, "store")
    post = _table(publish, "jekyll").get("template")
    if isinstance(post, str) and not absolute(post, document.folder).is_file():
        yield Fault(
            ("publish", "jekyll", "template"), f'there is no file "{short(post)}"', code="E110"
        )
    templates = publish.get("templates")
    if isinstance(templates, str) and not absolute(templates, document.folder).is_dir():
        yield Fault(
            ("publish", "templates"), f'there is no folder "{short(templates)}"', code="E110"
        )
    published = absolute(text_in(publish, "directory", str(Publish().directory)), document.folder)
    database = absolute(text_in(store, "path", str(Store().path)), document.folder)
    if database != document.folder and database.is_relative_to(published):
        keys: Keys = ("store", "path") if "path" in store else ("publish", "directory")
        yield Fault(
            keys, "would put the database among the published files, for all to read", code="E116"
        )


def _table(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = data.get(name)
    return table if isinstance(table, dict) else {}


def _tables(data: Mapping[str, Any], name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    tables = data.get(name)
    for index, table in enumerate(tables if isinstance(tables, list) else ()):
        if isinstance(table, dict):
            yield index, table


def _texts(table: Any, key: str) -> Iterator[tuple[int, str]]:
    """Yield the texts in the list under *key*, each with its number."""
    values = table.get(key) if isinstance(table, dict) else None
    for index, value in enumerate(values if isinstance(values, list) else ()):
        if isinstance(value, str):
            yield index, value
