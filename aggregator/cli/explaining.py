"""explain: one article's whole history."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from aggregator.cli.codes import code_in, explain_code
from aggregator.cli.composition import Invocation, load
from aggregator.cli.speech import say
from aggregator.cli.terminal import padded, print_json, print_line
from aggregator.config.settings import Settings
from aggregator.errors import AggregatorError
from aggregator.excerpt import shorten
from aggregator.given import unpack
from aggregator.model import Article, Attribution, Removal
from aggregator.normalise.links import clean
from aggregator.normalise.markup import plain
from aggregator.normalise.sharing import INSIDE
from aggregator.publish.addresses import is_channel_feed
from aggregator.store.audit import Act
from aggregator.store.history import Historian, History, Standing
from aggregator.store.notes import Revision

_ID_OF_PAGE = re.compile(r"([0-9a-z]{10})\.html")
_HTTP = re.compile(r"https?://", re.IGNORECASE)
_LABEL = 12  # columns
_LINE = 100  # characters of a field as it was given

_LEAVING = (
    "by its source, with too many others to be believed; `aggregator release {source}` hides it"
)
_STANDINGS = {
    Standing.PUBLISHED: "published",
    Standing.TOLD: "told through another source's article about the same story",
    Standing.HELD: "held: it looks like an old one under a new id; `aggregator release {source}`"
    " publishes it",
    Standing.UNLISTED: "kept and not published: its source had newer ones when it was first asked,"
    " or it was dropped",
    Standing.HIDDEN: "hidden by the operator; `aggregator article show {id}` undoes it",
    Standing.WITHDRAWN: "withdrawn by its source; it comes back with it",
    Standing.TAKEN_DOWN: "taken down: what it said is wiped, and it cannot come back",
    Standing.LEFT: "left the store by age; it cannot come back as new",
}


def explain_article(invocation: Invocation, subject: str, *, as_json: bool) -> int:
    """Print the history of the article *subject*, or what a code means; return the exit status.

    Raises AggregatorError where there is none.

    With JSON a line for each article found: `{"id", "public_id", "source", "guid", "title",
    "standing", "removal": {"since", "reason", "told"}, "leaving", "log": [{"at", "who", "action",
    "article", "public_id", "source", "reason"}], "first_seen", "published", "dated", "updated",
    "link", "share_link", "candidates": [{"url", "reason", "chosen"}], "rules": [{"rule", "effect",
    "value"}], "aliases", "revisions": [{"until", "title", "new_title", "length", "new_length"}],
    "corrections": [{"seen", "public_id"}], "categories", "channels", "told_through": [{"channel",
    "id"}], "also": [{"source", "id"}], "documents", "credit": {"publisher", "url", "feed", "id",
    "rights"}, "given", "addresses", "feeds"}`: `documents` are paths, `addresses` where they are
    served, and `feeds` the feeds that it is listed in. `removal` is null where it is not removed;
    `leaving`: its source took it back with too many others; `dated` is false where the source gave
    no date; `given` is the entry as its source gave it, before any rule, its markup not sanitised
    and its dates not read, of a long text the first 1,000 characters; `candidates`, `rules` and
    `given` are null where they were not kept; lengths are in characters of text.
    """
    if code := code_in(subject):
        return explain_code(code, as_json=as_json)
    settings = load(invocation)
    historian = Historian(settings.store.path)
    found = historian.find(names_of(subject, settings))
    if not found:
        raise AggregatorError(
            f"nothing here is known as {subject!r}; give an article's id, guid, link or page, or"
            " look for its words with `aggregator search`",
            code="E421",
        )
    for history in found:
        places = _places(history, historian, settings)
        if as_json:
            print_json(_as_json(history) | places._asdict())
        else:
            _print(history, places)
    return 0


class Places(NamedTuple):
    """Where an article is to be seen: the addresses of its own documents, and of feeds."""

    addresses: list[str]
    feeds: list[str]


def _places(history: History, historian: Historian, settings: Settings) -> Places:
    base = settings.site.base
    feeds = [
        f"{base}/{record.path}"
        for record in historian.records([f"channel:{slug}" for slug in history.channels])
        if is_channel_feed(record.path)
    ]
    return Places([f"{base}/{path}" for path in history.documents], feeds)


def names_of(subject: str, settings: Settings) -> list[str]:
    """Return what an article may be known as that is called *subject*."""
    subject = subject.strip()
    names = {subject, clean(subject)}
    names |= {_HTTP.sub(scheme, name) for name in names for scheme in ("http://", "https://")}
    path = subject.removeprefix(settings.site.base).partition("?")[0]
    directory = settings.publish.directory
    if "://" not in path:
        names |= {path.removeprefix("./").lstrip("/"), *_below(Path(path), directory)}
        names |= set(_ID_OF_PAGE.findall(path))  # a page that has moved since
    return sorted(filter(None, names))


def _below(path: Path, directory: Path) -> Iterator[str]:
    full = path.absolute()
    if full.is_relative_to(directory.absolute()):
        yield full.relative_to(directory.absolute()).as_posix()


# ── as JSON ───────────────────────────────────────────────────────────────────────────────────────


def _as_json(history: History) -> dict[str, Any]:
    article, made = history.article, history.provenance
    return {
        "id": history.id,
        "public_id": history.public_id,
        "source": history.source,
        "guid": history.guid,
        "title": article.title if article else None,
        "standing": str(history.standing),
        "removal": _removal_json(history.removal) if history.removal else None,
        "leaving": history.leaving,
        "log": [act_json(one) for one in history.acts],
        "first_seen": _iso(history.first_seen_at),
        "published": _iso(history.published),
        "dated": _is_dated(history),
        "updated": _iso(article.updated) if article else None,
        "link": history.link,
        "share_link": article.share_link if article else None,
        "candidates": None
        if made is None
        else [
            {"url": url, "reason": reason, "chosen": chosen}
            for reason, url, chosen in _candidates(history)
        ],
        "rules": None
        if made is None
        else [
            {"rule": rule, "effect": effect, "value": value} for rule, effect, value in made.steps
        ],
        "aliases": history.aliases,
        "revisions": [
            {
                "until": _iso(old.replaced_at),
                "title": old.title,
                "new_title": new.title,
                "length": _length(old),
                "new_length": _length(new),
            }
            for old, new in _edits(history)
        ],
        "corrections": [
            {"seen": _iso(seen_at), "public_id": public_id}
            for seen_at, public_id in history.corrections
        ],
        "categories": list(article.categories) if article else [],
        "channels": list(history.channels),
        "told_through": [{"channel": slug, "id": id_} for slug, id_ in history.leaders],
        "also": [{"source": source, "id": id_} for source, id_ in history.followers],
        "documents": list(history.documents),
        "credit": _credit_json(article.attribution) if article else None,
        "given": _given(history),
    }


def _removal_json(removal: Removal) -> dict[str, Any]:
    return {"since": _iso(removal.at), "reason": removal.reason, "told": removal.told}


def act_json(one: Act) -> dict[str, str]:
    """Return what was done to an article as programs read it."""
    return {
        "at": _iso(one.at),
        "who": one.who,
        "action": one.action,
        "article": one.article,
        "public_id": one.public_id,
        "source": one.source,
        "reason": one.reason,
    }


def _credit_json(credit: Attribution) -> dict[str, str]:
    return {
        "publisher": credit.publisher,
        "url": credit.publisher_url,
        "feed": credit.feed_url,
        "id": credit.feed_id,
        "rights": credit.rights,
    }


# ── for people ────────────────────────────────────────────────────────────────────────────────────


def _print(history: History, places: Places) -> None:
    title = history.article.title if history.article else ""
    print_line(title or say("(article {id})", id=history.id))
    for label, lines in _sections(history, places):
        for line in lines[:1]:
            print_line(f"  {padded(say(label), _LABEL)} {line}")
        for line in lines[1:]:
            print_line(f"  {'':{_LABEL}} {line}")


def _sections(history: History, places: Places) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield (label, lines) of what there is to say; one without lines is not shown."""
    article, made = history.article, history.provenance
    yield "standing", [say(_STANDINGS[history.standing], source=history.source, id=history.id)]
    yield "taken back", [say(_LEAVING, source=history.source)] if history.leaving else []
    yield "removed", _removal(history.removal) if history.removal else []
    yield "log", [_act(one) for one in history.acts]
    yield "id", [history.id]
    yield "public id", [history.public_id]
    yield "source", [say("{source}, as {guid}", source=history.source, guid=history.guid)]
    yield "credit", _credit(article) if article else []
    yield "first seen", [_local(history.first_seen_at)]
    no_date = "" if _is_dated(history) else say(" (first seen: the source gave no date)")
    yield "published", [f"{_local(history.published)}{no_date}"]
    yield "updated", [_local(article.updated)] if article else []
    yield "link", [history.link or say("none")]
    yield (
        "share links",
        [
            f"{'✓' if chosen else ' '} {url} ({_reason(reason)})"
            for reason, url, chosen in _candidates(history)
        ],
    )
    steps = made.steps if made else ()
    yield "rules", [f"{rule}: {say(effect)} {value}".rstrip() for rule, effect, value in steps]
    yield "aliases", [str(history.aliases)]
    yield "versions", list(_versions(history))
    yield "corrections", [f"{_local(seen_at)}: {name}" for seen_at, name in history.corrections]
    yield "categories", [", ".join(article.categories)] if article else []
    yield "listed in", [", ".join(history.channels)] if history.channels else []
    yield (
        "told through",
        [say("{id} in {slug}", id=id_, slug=slug) for slug, id_ in history.leaders],
    )
    yield "also by", [f"{source}: {id_}" for source, id_ in history.followers]
    yield "in feeds", places.feeds
    yield "documents", places.addresses
    yield "as given", list(_fields(_given(history) or {}))


def _reason(reason: str) -> str:
    """Return where a source said an address, in the language that is spoken."""
    _, inside, where = reason.partition(INSIDE)
    return say("the address inside {where}", where=say(where)) if inside else say(reason)


def _removal(removal: Removal) -> list[str]:
    reason = f": {removal.reason}" if removal.reason else ""
    told = say(" (readers are told)") if removal.told else ""
    return [f"{_local(removal.at)}{reason}{told}"]


def _act(one: Act) -> str:
    reason = f": {one.reason}" if one.reason else ""
    return say("{at} {action} by {who}", at=_local(one.at), action=one.action, who=one.who) + reason


def _credit(article: Article) -> list[str]:
    credit = article.attribution
    facts = (credit.publisher, credit.publisher_url, credit.feed_url, credit.rights)
    return [", ".join(filter(None, facts))]


def _versions(history: History) -> Iterator[str]:
    """Yield a line for each edit, by the number of the version that it replaced."""
    for number, (old, new) in enumerate(_edits(history), 1):
        yield say("{number} until {edit}", number=number, edit=_edit(old, new))
    if history.revisions and history.article:
        words = "{number} is the present one; `aggregator diff {id}`"
        yield say(words, number=len(history.revisions) + 1, id=history.id)


def _edit(old: Revision, new: Revision | Article) -> str:
    title = ""
    if old.title != new.title:
        title = say(" title {old!r} → {new!r};", old=old.title, new=new.title)
    text = say(" text {old} → {new} characters", old=_length(old), new=_length(new))
    return f"{_local(old.replaced_at)}:{title}{text}"


# ── facts ─────────────────────────────────────────────────────────────────────────────────────────


def _given(history: History) -> dict[str, Any] | None:
    """Return the entry as its source gave it, None where that was not kept."""
    article, made = history.article, history.provenance
    return unpack(made.given, article) if article and made and made.given else None


def _fields(entry: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each field of an entry."""
    for name, value in entry.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield f"{name}: {shorten(' '.join(text.split()), _LINE)}"


def _candidates(history: History) -> Iterator[tuple[str, str, bool]]:
    """Yield (reason, address, whether it is the share link), the best candidate first."""
    share_link = _HTTP.sub("", history.article.share_link) if history.article else ""
    found = history.provenance.candidates if history.provenance else ()
    chosen = next((one for one in found if _HTTP.sub("", one[1]) == share_link), None)
    return ((reason, url, (reason, url) == chosen) for reason, url in found)


def _edits(history: History) -> Iterator[tuple[Revision, Revision | Article]]:
    """Yield each version that was replaced, with the one after it."""
    if history.article is not None:
        versions: list[Revision | Article] = [*history.revisions, history.article]
        yield from zip(history.revisions, versions[1:], strict=True)


def _length(version: Revision | Article) -> int:
    return len(plain(version.content or version.summary))


def _is_dated(history: History) -> bool:
    return history.published != history.first_seen_at


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _local(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"
