from __future__ import annotations

from pathlib import Path

from aggregator.cluster.parcel import Recollection, snapshot
from aggregator.config.settings import Source
from aggregator.model import Move, SourceState
from aggregator.pipeline.engine import Turn
from aggregator.store.reader import Reader
from tests.store.papers import Paper, entry


def test_a_snapshot_knows_what_was_known_before_a_source_began_to_move(tmp_path: Path) -> None:
    paper = Paper(tmp_path)
    paper.brings(entry(1))
    began = paper.now
    paper.brings(entry(1), entry(2))
    paper.store.close()
    state = SourceState("paper", move=Move("https://b.example/feed", 1, since=began))
    guids = [entry(1).guid, entry(2).guid]
    reader = Reader(tmp_path / "aggregator.db")
    turn = Turn(Source(id="paper", url="https://a.example/feed"), state)
    known = Recollection({"paper": snapshot(turn, reader)})
    assert set(known.fingerprints("paper", guids)) == set(guids)
    for asked in (reader, known):
        assert set(asked.fingerprints("paper", guids, began)) == {entry(1).guid}
    reader.close()
