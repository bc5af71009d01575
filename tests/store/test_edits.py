"""Which edits a reader sees, which are kept, and which are significant."""

from __future__ import annotations

import pytest

from aggregator.store.edits import is_edit, is_shown, is_significant

TEXT = " ".join(f"word{number}" for number in range(100))
ROW = {
    "title": "Storks return",
    "summary": "They are back.",
    "content": f"<p>{TEXT}</p>",
    "link": "http://paper.example/1",
    "tags": "",
}


@pytest.mark.parametrize(
    ("changes", "shown", "edit", "significant"),
    [
        ({}, False, False, False),
        ({"link": "https://paper.example/1"}, False, False, False),
        ({"link": "https://paper.example/2"}, True, False, False),
        ({"tags": '["birds"]'}, True, False, False),
        ({"title": "Storks return."}, True, True, False),
        ({"title": "STORKS return"}, True, True, False),
        ({"title": "Storks are back"}, True, True, True),
        ({"content": f"<div>{TEXT}.</div>"}, True, True, False),
        ({"content": f"<p>{TEXT} more</p>"}, True, True, False),
        ({"content": f"<p>{TEXT.replace('word1', 'other1')}</p>"}, True, True, True),
        ({"content": f"<p>{TEXT} {'more ' * 20}</p>"}, True, True, True),
        ({"content": f"<p>{TEXT[:500]}</p>"}, True, True, True),
        ({"content": ""}, True, True, False),
        ({"content": "", "summary": "Nobody has seen any."}, True, True, True),
    ],
)
def test_what_a_change_amounts_to(
    changes: dict[str, str], shown: bool, edit: bool, significant: bool
) -> None:
    new = {**ROW, **changes}
    assert (is_shown(ROW, new), is_edit(ROW, new), is_significant(ROW, new)) == (
        shown,
        edit,
        significant,
    )


def test_in_chinese_a_character_is_a_word() -> None:
    before = {**ROW, "content": "央行今日开展一百亿元逆回购操作" * 4}
    assert not is_significant(before, {**before, "content": before["content"] + "。完"})
    assert is_significant(before, {**before, "content": before["content"] + "工作会议在南昌召开"})
