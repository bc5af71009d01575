"""Commands that only read: status, search, export."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.cli.composition import Invocation, load
from aggregator.cli.terminal import print_json, print_line, print_table
from aggregator.config.settings import Settings, Source
from aggregator.model import Gone, SourceState
from aggregator.publish.standing import badness, facts, iso
from aggregator.publish.standing import word as state_word
from aggregator.store.history import Historian
from aggregator.store.mirror import MirrorState
from aggregator.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Held:
    """What waits for the operator's word, by source: new articles, and old ones taken back."""

    new: Mapping[str, int] = field(default_factory=dict)
    leaving: Mapping[str, int] = field(default_factory=dict)

    def note(self, source: str) -> str:
        """Return what the operator has to know of a source; "" where nothing waits."""
        notes = []
        if source in self.new:
            notes.append(
                f"holds {self.new[source]} articles that look like old ones under new ids;"
                f" `aggregator release {source}` publishes them"
            )
        if source in self.leaving:
            notes.append(
                f"has taken back {self.leaving[source]} articles at once, which are still shown;"
                f" `aggregator release {source}` hides them, with --drop they stay"
            )
        return "; ".join(notes)

    def as_json(self, source: str) -> dict[str, object]:
        """Return the same for programs."""
        return {
            "held": self.new.get(source, 0),
            "leaving": self.leaving.get(source, 0),
            "note": self.note(source) or None,
        }


def show_status(invocation: Invocation, *, as_json: bool) -> int:
    """Print every configured source, the worst first; return the exit status."""
    settings = load(invocation)
    states: dict[str, SourceState] = {}
    counts: dict[str, int] = {}
    held = Held()
    removed: dict[Gone, int] = {}
    mirror: MirrorState | None = None
    if settings.store.path.exists():
        reader = Historian(settings.store.path)
        states, counts = reader.states(), reader.article_counts()
        held = Held(reader.held_counts(), reader.leaving_counts())
        removed = reader.removal_counts()
        mirror = _mirror(settings, reader)
    worst = worst_first(settings.source, states)
    sources = sorted(worst, key=lambda state: not held.note(state.id))
    if as_json:
        rows = [
            {**facts(state, counts.get(state.id, 0)), **held.as_json(state.id)} for state in sources
        ]
        gone = {str(kind): removed.get(kind, 0) for kind in Gone}
        shown = {"articles": sum(counts.values()), "removed": gone, "sources": rows}
        if mirror:
            from aggregator.cli.mirroring import mirror_json

            shown["git"] = mirror_json(mirror)
        print_json(shown)
        return 0
    print_table(
        ("", "source", "articles", "last success", "next", "why"),
        [_source_row(state, counts.get(state.id, 0), held.note(state.id)) for state in sources],
    )
    print_line(f"{sum(counts.values())} articles from {len(sources)} sources")
    if removed:
        gone_words = ", ".join(f"{count} {kind}" for kind, count in removed.items())
        print_line(f"{gone_words}; `aggregator article log` says why")
    if mirror:
        from aggregator.cli.mirroring import print_mirror

        print_mirror(mirror)
    return 0


def _mirror(settings: Settings, reader: Reader) -> MirrorState | None:
    if settings.publish.git is None:
        return None
    from aggregator.mirror.courier import state_of_mirror  # brings half of the program

    return state_of_mirror(settings, reader)


def worst_first(sources: Iterable[Source], states: dict[str, SourceState]) -> list[SourceState]:
    """Return the state of each source: the most failures first, then those never asked."""
    found = [states.get(source.id, SourceState(source.id)) for source in sources]
    return sorted(found, key=badness)


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
                    "published": iso(article.published),
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


def _local(moment: datetime | None) -> str:
    return "never" if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M}"
