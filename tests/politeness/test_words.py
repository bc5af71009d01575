from __future__ import annotations

from pathlib import Path

from tests.command import aggregator
from tests.politeness.desk import FEED, adopted
from tests.polling import polling
from tests.web import document, serving


def test_status_says_in_words_why_nothing_is_asked(tmp_path: Path) -> None:
    with serving({"/gone": document(b"gone", "text/plain", 410), "/feed": document(FEED)}) as port:
        (tmp_path / "config.toml").write_text(
            f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\n'
            f'[[source]]\nid = "gone"\nurl = "http://127.0.0.1:{port}/gone"\n'
            f'[[source]]\nid = "good"\nurl = "http://127.0.0.1:{port}/feed"\nevery = "1h"\n'
        )
        assert aggregator(tmp_path, "refresh").status == 1
    gone, good = aggregator(tmp_path, "status", "--json").json()["sources"]
    assert (gone["id"], gone["state"], gone["next_due"]) == ("gone", "gone", None)
    assert gone["why"] == "gone for good (410): not asked any more; remove it, or change its url"
    assert good["why"] == "every 1 h, as configured"
    assert "410 Gone" in gone["error"]
    shown = aggregator(tmp_path, "status").out
    assert "not asked any more" in shown


def test_check_says_where_a_source_has_moved_to(tmp_path: Path) -> None:
    with polling(tmp_path) as world:
        adopted(world)
        address = world.state().address
    ended = aggregator(tmp_path, "check")
    assert ended.status == 0
    assert f'source "paper": moved permanently to {address}' in ended.out
