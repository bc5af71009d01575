from __future__ import annotations

import pytest

from aggregator import language


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en", "en"),
        ("EN-us", "en-US"),
        ("en-us", "en-US"),
        ("zh_cn", "zh-CN"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("zh_CN.UTF-8", "zh-CN"),
        (" de-DE, en ", "de-DE"),
        ("es-419", "es-419"),
        ("ca-valencia", "ca-valencia"),
        ("fil", "fil"),
        ("cn", "zh"),
        ("jp", "ja"),
        ("eng", "en"),
        ("iw-IL", "he-IL"),
        ("", ""),
        ("english", ""),
        ("qq", ""),
        ("xx-yy", ""),
        ("e", ""),
        ("<b>", ""),
        ("en-", ""),
        ("123", ""),
    ],
)
def test_language_tags_are_written_the_usual_way_and_junk_is_none(written: str, tag: str) -> None:
    assert language.tag(written) == tag


@pytest.mark.parametrize(("tag", "is_one"), [("zh-Hans", True), ("EN", True), ("qq", False)])
def test_a_tag_begins_with_a_language(tag: str, is_one: bool) -> None:
    assert language.is_language(tag) is is_one
