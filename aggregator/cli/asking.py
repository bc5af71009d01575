"""Commands that only read: status, search, export."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import datetime

from aggregator.cli.composition import Invocation, load
from aggregator.cli.terminal import print_json, print_line, print_table
from aggregator.config.settings import Source
from aggregator.model import Gone, SourceState
from aggregator.store.history import Historian
from aggregator.store.reader import Reader


def show_status(invocation: Invocation, *, as_json: bool) -> int:
    """Print every configured source, the worst first; return the exit status."""
    settings = load(invocation)
    states: dict[str, SourceState] = {}
    counts: dict[str, int] = {}
    held: dict[str, int] = {}
    removed: dict[Gone, int] = {}
    if settings.store.path.exists():
        reader = Historian(settings.store.path)
        states, counts, held = reader.states(), reader.article_counts(), reader.held_counts()
        removed = reader.removal_counts()
    sources = sorted(worst_first(settings.source, states), key=lambda state: state.id not in held)
    if as_json:
        rows = [
            {**_source_json(state, counts.get(state.id, 0)), **_held_json(state.id, held)}
            for state in sources
        ]
        gone = {str(kind): removed.get(kind, 0) for kind in Gone}
        print_json({"articles": sum(counts.values()), "removed": gone, "sources": rows})
        return 0
    print_table(
        ("", "source", "articles", "last success", "next", "why"),
        [
            _source_row(state, counts.get(state.id, 0), held_note(state.id, held))
            for state in sources
        ],
    )
    print_line(f"{sum(counts.values())} articles from {len(sources)} sources")
    if removed:
        gone_words = ", ".join(f"{count} {kind}" for kind, count in removed.items())
        print_line(f"{gone_words}; `aggregator article log` says why")
    return 0


def worst_first(sources: Iterable[Source], states: dict[str, SourceState]) -> list[SourceState]:
    """Return the state of each source: the most failures first, then those never asked."""
    found = [states.get(source.id, SourceState(source.id)) for source in sources]
    return sorted(
        found, key=lambda state: (-state.failures, state.last_ok_at is not None, state.id)
    )


def state_word(state: SourceState) -> str:
    """Return the state of a source in one word; `new` is one that was never asked."""
    if state.gone:
        return "gone"
    if state.failures:
        return "failing"
    return "ok" if state.last_ok_at else "new"


def _source_json(state: SourceState, articles: int) -> dict[str, object]:
    return {
        "id": state.id,
        "state": state_word(state),
        "last_ok": _iso(state.last_ok_at),
        "next_due": _iso(state.next_due_at),
        "why": state.why,
        "error": state.error or None,
        "articles": articles,
        "bad": state.bad,
        "moved_to": state.address or None,
    }


def held_note(source: str, held: Mapping[str, int]) -> str:
    """Return what the operator has to know of articles that are held; "" where there are none."""
    if source not in held:
        return ""
    return (
        f"holds {held[source]} articles that look like old ones under new ids;"
        f" `aggregator release {source}` publishes them"
    )


def _held_json(source: str, held: Mapping[str, int]) -> dict[str, object]:
    return {"held": held.get(source, 0), "note": held_note(source, held) or None}


def _source_row(state: SourceState, articles: int, note: str) -> tuple[str, ...]:
    marks = {"gone": "✗", "failing": "✗", "ok": "✓", "new": "·"}
    word = state_word(state)
    return (
        f"{marks[word]} {word}",
        state.id,
        str(articles),
        _local(state.last_ok_at),
        _local(state.next_due_at),
        "; ".join(filter(None, (note, state.error, state.why))),
    )


def search_articles(invocation: Invocation, query: str, limit: int, *, as_json: bool) -> int:
    """Print the articles that hold every word of *query*; return 0, or 1 where there is none."""
    articles = Reader(load(invocation).store.path).search(query, limit)
    if as_json:
        print_json(
            [
                {
                    "id": article.id,
                    "title": article.title,
                    "link": article.share_link or article.link,
                    "published": _iso(article.published),
                    "publisher": article.attribution.publisher,
                    "source": article.source,
                    "categories": list(article.categories),
                }
                for article in articles
            ]
        )
    else:
        print_table(
            ("published", "publisher", "title", "link"),
            [
                (
                    f"{article.published:%Y-%m-%d}",
                    article.attribution.publisher,
                    article.title,
                    article.share_link or article.link,
                )
                for article in articles
            ],
        )
    return 0 if articles else 1


def export_opml(invocation: Invocation) -> int:
    """Print the sources that are feeds as OPML; return the exit status."""
    from aggregator.publish.opml import subscriptions

    settings = load(invocation)
    feeds = [source for source in settings.source if source.kind == "feed"]
    sys.stdout.write(subscriptions(settings.site, feeds).decode("utf-8"))
    return 0


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _local(moment: datetime | None) -> str:
    return "never" if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M}"
