"""An archive of Jekyll posts as they were published before, of any size."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

CODE = "NW{:08}"
SHARE_LINK = "http://finews.example/html_News/NewsShare.html?infoCode={}"
PARAGRAPH = "<p>" + "认真践行总体国家安全观，牢固树立底线思维，发扬斗争精神，" * 4 + "。</p>\n "
POST = """---
layout: post
title: "第{number}篇文章：努力实现发展与安全良性互动"
date: {at:%Y-%m-%d %H:%M:%S} +0800
categories: di{category}ribao
tags: 第{category}日报新闻
---
{body}<p class="em_media">（文章来源：第{category}日报）</p>

<{share_link}>

[返回第{category}日报新闻](//finews.example/category/di{category}ribao.html)｜[返回首页](//finews.example/)"""


def write_archive(site: Path, count: int, categories: int, paragraphs: int = 8) -> list[Path]:
    """Write *count* posts below *site*, every fourth in `_posts`, the rest in `old_post`."""
    for name in ("_posts", "old_post"):
        (site / name).mkdir(parents=True)
    begun = datetime(2022, 1, 10, 8)
    written = []
    for number in range(count):
        at = begun + timedelta(seconds=number * 40)
        code = CODE.format(number)
        path = site / ("old_post" if number % 4 else "_posts") / f"{at:%Y-%m-%d}-{code}.md"
        text = POST.format(
            number=number,
            at=at,
            category=number % categories,
            body=PARAGRAPH * paragraphs,
            share_link=SHARE_LINK.format(code),
        )
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
