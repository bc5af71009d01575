"""The words of the published pages and feeds, in each language they exist in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aggregator.language import is_language

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Texts:
    """Every text of one language; `{…}` in one is filled with `str.format`."""

    credit: str  # the credit line where the operator gives none; a template of `[publish] credit`
    also: str  # who else reports the same story
    also_heading: str
    between_names: str
    skip: str
    home: str
    subscribe: str
    subscribe_how: str
    feed_of: str  # description of a channel that has none
    feed_notice: str  # shown in a browser that opens the feed itself
    open_page: str
    original: str
    more_from: str  # also the way back at the end of a Jekyll post
    more: str
    back_home: str
    nothing_yet: str
    not_found: str
    not_found_text: str
    gone: str
    gone_text: str
    gone_since: str
    withdrawn_since: str  # where its source took it back
    gone_why: str
    correction: str  # the title of an entry about a correction
    corrected: str
    formerly: str
    leave_after: str  # what the 404 page says of older articles
    older: str
    archive: str
    published_by: str
    footer: str
    days: tuple[str, ...]  # one day, several days
    articles: tuple[str, ...]  # one article, several articles
    weekdays: tuple[str, ...]  # Monday first
    months: tuple[str, ...]
    day_form: str
    date_form: str


CHINESE = Texts(
    credit="（文章来源：{publisher}）",
    also="另见：{names}",
    also_heading="其他来源的报道",
    between_names="、",
    skip="跳到正文",
    home="首页",
    subscribe="订阅",
    subscribe_how="把下面任一地址复制到阅读器中。",
    feed_of="{site}：{title}",
    feed_notice="这是一个订阅源：把本页地址复制到阅读器即可订阅。网页版：",
    open_page="打开网页版",
    original="阅读原文",
    more_from="返回{name}",
    more="更多",
    back_home="返回首页",
    nothing_yet="暂无文章。",
    not_found="没有找到这个页面",
    not_found_text="地址可能有误，或者文章已经移走。",
    gone="这篇文章已撤下",
    gone_text="应其来源或本站运营者的要求，本文不再在此提供。",
    gone_since="这篇文章已于{day}撤下。",
    withdrawn_since="这篇文章已于{day}由其来源撤回。",
    gone_why="原因：{reason}",
    correction="更正：{title}",
    corrected="这篇文章已于{day}更正：",
    formerly="原标题：{title}",
    leave_after="文章在发布 {days}后从这里移走。",
    older="较早的文章在存档里。",
    archive="打开存档",
    published_by="由 {author} 发布。",
    footer="每篇文章的版权归其来源所有。",
    days=("{n} 天", "{n} 天"),
    articles=("{n} 篇文章", "{n} 篇文章"),
    weekdays=tuple(f"星期{day}" for day in "一二三四五六日"),
    months=tuple(f"{month}月" for month in range(1, 13)),
    day_form="{year}年{month}{day}日 {weekday}",
    date_form="{year}年{month}{day}日",
)

ENGLISH = Texts(
    credit="Source: {publisher}",
    also="Also reported by {names}",
    also_heading="Also reported by",
    between_names=", ",
    skip="Skip to content",
    home="Home",
    subscribe="Subscribe",
    subscribe_how="Copy one of these addresses into your reader.",
    feed_of="{title}, from {site}",
    feed_notice="This is a feed: copy its address into your reader to subscribe. To read here: ",
    open_page="open the page",
    original="Read the original",
    more_from="More from {name}",
    more="More",
    back_home="Home",
    nothing_yet="Nothing here yet.",
    not_found="This page was not found",
    not_found_text="The address may be wrong, or the article has moved.",
    gone="This article was taken down",
    gone_text="Its publisher, or whoever runs this site, asked for it; it is not available here.",
    gone_since="This article was taken down on {day}.",
    withdrawn_since="Its source withdrew this article on {day}.",
    gone_why=" Reason: {reason}",
    correction="Correction: {title}",
    corrected="This article was corrected on {day}: ",
    formerly="Formerly: {title}",
    leave_after="Articles leave these pages after {days}.",
    older="Older ones are in the archive.",
    archive="Open the archive",
    published_by="Published by {author}.",
    footer="Each article belongs to its source.",
    days=("{n} day", "{n} days"),
    articles=("{n} article", "{n} articles"),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    day_form="{weekday}, {day} {month} {year}",
    date_form="{day} {month} {year}",
)


def texts_for(language: str) -> Texts:
    """Return the texts in the language of a tag (BCP 47); English where there are none in it."""
    return CHINESE if primary(language) == "zh" else ENGLISH


def primary(language: str) -> str:
    """Return the language of a tag without script and region: `zh-CN` → `zh`."""
    return language.partition("-")[0].lower()


def tag(language: str) -> str:
    """Return *language* if it is a language tag, else "" (sources write anything)."""
    return language if _TAG.fullmatch(language) and is_language(language) else ""
