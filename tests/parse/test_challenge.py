from __future__ import annotations

import pytest

from aggregator.parse.challenge import check_shown

PAGE = "<!DOCTYPE html><html lang=en><head><title>{}</title></head><body>Wait</body></html>"


@pytest.mark.parametrize(
    "title",
    [
        "Just a moment...",
        "Attention Required! | Cloudflare",
        "\n  Access denied\n ",
        "Making sure you&#39;re not a bot!",
        "请稍候…",
    ],
)
def test_a_check_is_known_by_its_title(title: str) -> None:
    shown = check_shown(f"<!-- a -->{PAGE.format(title)}".encode())
    assert shown
    assert "\n" not in shown


@pytest.mark.parametrize(
    "document",
    [
        PAGE.format("Just a moment in the life of a stork"),
        PAGE.format(""),
        "<rss><channel><title>Access denied</title></channel></rss>",
        "<feed><title>Just a moment...</title><content>&lt;html></content></feed>",
        "<html>" + "<title" * 3000,
        "Access denied",
        "",
    ],
)
def test_what_only_looks_like_a_check_is_none(document: str) -> None:
    assert check_shown(document.encode()) == ""
