"""The words of the published pages and feeds, in each language they exist in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aggregator.language import is_language
from aggregator.record import record

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@record(frozen=True, slots=True)
class Texts:
    """Every text of one language; `{…}` in one is filled with `str.format`."""

    credit: str  # the credit line where the operator gives none; a template of `[publish] credit`
    also: str  # who else reports the same story
    also_heading: str
    between_names: str
    skip: str
    home: str
    latest: str
    ways: str  # the label of the links to the site's pages
    trail: str  # the label of the way from home to a page
    more: str  # the label of the ways on from a page
    subscribe: str
    subscribe_how: str
    whole_list: str  # of feeds, as OPML
    feed: str
    feed_of: str  # description of a channel that has none
    feed_notice: str  # shown in a browser that opens the feed itself
    open_page: str
    original: str
    share: str
    files: str
    file: str  # the name of one that has none
    table: str
    code: str
    more_from: str  # also the way back at the end of a Jekyll post
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
    leave_after: str  # what is said of older articles
    older: str
    archive: str
    open_archive: str
    archive_of: str
    archive_text: str
    archive_empty: str
    published_by: str
    footer: str
    search: str
    search_label: str
    search_how: str
    searched: str
    found: tuple[str, ...]  # one, several
    nothing: str
    newer: str
    earlier: str
    # status
    status: str
    as_of: str
    config_problems: str  # what stands in config.toml has faults, and is not in force
    config_problem: str
    states: Mapping[str, str]
    state: str
    never: str
    last_success: str
    next_poll: str
    last_week: str
    counted: str
    kept: str
    news: str
    all_well: str
    some_well: str
    amiss: str  # the tile that counts what answers, but is odd
    since: str
    usual: Mapping[str, str]  # how much came beside what is usual, by the unit: d, w, mo
    expected: Mapping[str, str]  # … beside what the operator expects
    unchanged: str
    out_after: str
    certificate: str
    disk_days: str
    show_all: tuple[str, ...]
    facts: str
    rate: str
    answers: str
    attempts: str
    attempts_drawn: str
    asked: str
    result: str
    results: Mapping[str, str]
    took: str
    new: str
    changed: str
    published_after: str
    incidents: str
    no_incidents: str
    began: str
    ended: str
    lasts: str
    recovered: str
    incidents_of: str
    # sources
    source: str
    sources: str
    sources_text: str
    site: str
    category: str
    categories_vary: str
    licence: str
    no_licence: str
    is_shown: str
    shown: Mapping[str, str]
    # about
    about: str
    about_text: str
    who: str
    run_by: str
    write_to: str
    contact: str
    subscribe_text: str
    publishers: str
    publishers_text: str
    publishers_ask: str
    agent_text: str
    # dates
    days: tuple[str, ...]  # one day, several days
    articles: tuple[str, ...]  # one article, several articles
    listing: str  # what a digest has
    weekdays: tuple[str, ...]  # Monday first
    months: tuple[str, ...]
    date_form: str
    month_form: str
    short_form: str


CHINESE = Texts(
    credit="（文章来源：{publisher}）",
    also="另见：{names}",
    also_heading="其他来源的报道",
    between_names="、",
    skip="跳到正文",
    home="首页",
    latest="最新",
    ways="站点导航",
    trail="当前位置",
    more="更多",
    subscribe="订阅",
    subscribe_how="把下面任一地址复制到阅读器中。",
    whole_list="全部订阅源（OPML）",
    feed="订阅源",
    feed_of="{site}：{title}",
    feed_notice="这是一个订阅源：把本页地址复制到阅读器即可订阅。网页版：",
    open_page="打开网页版",
    original="阅读原文",
    share="分享链接",
    files="附件",
    file="文件",
    table="表格",
    code="代码",
    more_from="返回{name}",
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
    archive="存档",
    open_archive="打开存档",
    archive_of="{name}存档",
    archive_text="较早的文章，按月列出。",
    archive_empty="还没有存档：全部文章都在分类页上。",
    published_by="由 {author} 发布。",
    footer="每篇文章的版权归其来源所有。",
    search="搜索",
    search_label="搜索文章",
    search_how="每个词都必须出现（只写开头也可以）；最新的在前。",
    searched="搜索：{query}",
    found=("找到 {n} 篇文章", "找到 {n} 篇文章"),
    nothing="没有找到。试试更少或更短的词。",
    newer="更新的结果",
    earlier="更早的结果",
    status="运行状态",
    as_of="截至",
    config_problems="配置文件已被修改，但有错误，仍按先前的配置运行：",
    config_problem="第 {line} 行（{code}）",
    states={
        "ok": "正常",
        "failing": "出错",
        "gone": "已关闭",
        "held": "待确认",
        "degraded": "异常",
        "quiet": "沉寂",
        "new": "尚未获取",
    },
    state="状态",
    never="从未",
    last_success="上次成功",
    next_poll="下次获取",
    last_week="最近七天",
    counted="成功 {ok} 次，失败 {failed} 次，新增 {new} 篇",
    kept="篇文章保存中",
    news="篇在七天内新增",
    all_well="全部 {n} 个来源正常",
    some_well="{all} 个来源中有 {n} 个正常",
    amiss="异常或沉寂",
    since="自{when}起",
    usual={
        "d": "每天 {seen} 篇，通常 {usual} 篇",
        "w": "每周 {seen} 篇，通常 {usual} 篇",
        "mo": "每月 {seen} 篇，通常 {usual} 篇",
    },
    expected={
        "d": "每天 {seen} 篇，预期 {usual} 篇",
        "w": "每周 {seen} 篇，预期 {usual} 篇",
        "mo": "每月 {seen} 篇，预期 {usual} 篇",
    },
    unchanged="{share} 未变",
    out_after="{n} 秒后发布",
    certificate="证书还有 {n} 天到期",
    disk_days="天后磁盘写满",
    show_all=("显示另外 {n} 个正常的来源", "显示另外 {n} 个正常的来源"),
    facts="概况",
    rate="新文章",
    answers="回应",
    attempts="最近的获取",
    attempts_drawn="最近 {n} 次获取：失败 {failed} 次，用时中位数 {ms} 毫秒",
    asked="时间",
    result="结果",
    results={"ok": "有变化", "not-modified": "未变", "failed": "失败"},
    took="毫秒",
    new="新增",
    changed="更新",
    published_after="发布用时",
    incidents="事件",
    no_incidents="没有事件。",
    began="开始",
    ended="结束",
    lasts="仍在持续",
    recovered="已恢复",
    incidents_of="{site}：来源事件",
    source="来源",
    sources="来源",
    sources_text="本站从哪里收录文章，又展示其中多少。",
    site="网站",
    category="分类",
    categories_vary="按文章注明",
    licence="许可",
    no_licence="未声明",
    is_shown="本站展示",
    shown={"full": "全文", "excerpt": "摘录", "link": "标题与链接"},
    about="关于",
    about_text="{title}收录所列来源的文章，保存一段时间，并以网页和订阅源的形式再次发布。"
    "本站不撰写任何内容：每篇文章都注明来源和作者，并链接到原文。",
    who="运营者",
    run_by="本站由 {author} 运营。",
    write_to="问题、更正与请求，请联系：",
    contact="联系方式",
    subscribe_text="每个分类都有自己的订阅源，全部文章也有一个。"
    "把地址复制到阅读器中，或者导入整份列表（OPML）。",
    publishers="致内容来源",
    publishers_text="您的文章出现在这里，是因为您的订阅源或网页提供了它。我们按条件请求抓取，"
    "遵守 robots.txt，也遵守服务器和订阅源对抓取频率的要求。",
    publishers_ask="如果您希望撤下某篇文章、少展示一些正文，或者不再被收录，请告诉我们，我们会照办。",
    agent_text="我们的 User-Agent 是：",
    days=("{n} 天", "{n} 天"),
    articles=("{n} 篇文章", "{n} 篇文章"),
    listing="{count}：{titles}",
    weekdays=tuple(f"星期{day}" for day in "一二三四五六日"),
    months=tuple(f"{month}月" for month in range(1, 13)),
    date_form="{year}年{month}{day}日",
    month_form="{year}年{month}",
    short_form="{month}{day}日",
)

ENGLISH = Texts(
    credit="Source: {publisher}",
    also="Also reported by {names}",
    also_heading="Also reported by",
    between_names=", ",
    skip="Skip to content",
    home="Home",
    latest="Latest",
    ways="Site",
    trail="You are here",
    more="More",
    subscribe="Subscribe",
    subscribe_how="Copy one of these addresses into your reader.",
    whole_list="All feeds (OPML)",
    feed="Feed",
    feed_of="{title}, from {site}",
    feed_notice="This is a feed: copy its address into your reader to subscribe. To read here: ",
    open_page="open the page",
    original="Read the original",
    share="Link to share",
    files="Files",
    file="File",
    table="Table",
    code="Code",
    more_from="More from {name}",
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
    older="Older articles are in the archive.",
    archive="Archive",
    open_archive="Open the archive",
    archive_of="Archive of {name}",
    archive_text="Earlier articles, month by month.",
    archive_empty="Nothing is archived yet: every article is still on its category’s page.",
    published_by="Published by {author}.",
    footer="Each article belongs to its source.",
    search="Search",
    search_label="Search the articles",
    search_how="Every word has to occur, or begin one that does; the newest come first.",
    searched="Search: {query}",
    found=("{n} article was found", "{n} articles were found"),
    nothing="Nothing was found. Try fewer or shorter words.",
    newer="Newer",
    earlier="Earlier",
    status="Status",
    as_of="As of",
    config_problems="The configuration was changed and has faults, so the one before is in force:",
    config_problem="line {line} ({code})",
    states={
        "ok": "working",
        "failing": "failing",
        "gone": "gone",
        "held": "held",
        "degraded": "degraded",
        "quiet": "quiet",
        "new": "not asked yet",
    },
    state="State",
    never="never",
    last_success="Last success",
    next_poll="Next",
    last_week="Last seven days",
    counted="{ok} ok, {failed} failed, {new} new",
    kept="articles kept",
    news="new in seven days",
    all_well="All {n} sources are well",
    some_well="{n} of {all} sources are well",
    amiss="odd or quiet",
    since="since {when}",
    usual={
        "d": "{seen} a day, usually {usual}",
        "w": "{seen} a week, usually {usual}",
        "mo": "{seen} a month, usually {usual}",
    },
    expected={
        "d": "{seen} a day of {usual} expected",
        "w": "{seen} a week of {usual} expected",
        "mo": "{seen} a month of {usual} expected",
    },
    unchanged="{share} unchanged",
    out_after="published in {n} s",
    certificate="certificate ends in {n} days",
    disk_days="days until the disk is full",
    show_all=("Show {n} more that is well", "Show {n} more that are well"),
    facts="Facts",
    rate="New articles",
    answers="Answers",
    attempts="Last attempts",
    attempts_drawn="The last {n} attempts: {failed} failed, the median took {ms} ms",
    asked="Asked",
    result="Result",
    results={"ok": "changed", "not-modified": "unchanged", "failed": "failed"},
    took="ms",
    new="New",
    changed="Edited",
    published_after="Published in",
    incidents="Incidents",
    no_incidents="None.",
    began="Began",
    ended="Ended",
    lasts="lasts",
    recovered="recovered",
    incidents_of="{site}: incidents of sources",
    source="Source",
    sources="Sources",
    sources_text="Where the articles on this site come from, and how much of them is shown.",
    site="Site",
    category="Category",
    categories_vary="as each article says",
    licence="Licence",
    no_licence="none stated",
    is_shown="Shown here",
    shown={"full": "the full text", "excerpt": "an excerpt", "link": "title and link"},
    about="About",
    about_text="{title} collects articles from the sources it lists, keeps them for a while, and "
    "publishes them again as pages and feeds. It writes nothing of its own: each article names its "
    "source, credits its author and links to the original.",
    who="Who runs this",
    run_by="This site is run by {author}.",
    write_to="Questions, corrections and requests go to",
    contact="Contact",
    subscribe_text="Every category has a feed of its own, and so has everything together. Copy an "
    "address into a feed reader, or give it the whole list (OPML).",
    publishers="For publishers",
    publishers_text="An article of yours is here because your feed or your page offers it. We ask "
    "only for what has changed, keep to robots.txt, and to what servers and feeds say about how "
    "often they may be asked.",
    publishers_ask="If you want an article taken down, less of your text shown, or not to be here "
    "at all, tell us, and it will be done.",
    agent_text="Our User-Agent is",
    days=("{n} day", "{n} days"),
    articles=("{n} article", "{n} articles"),
    listing="{count}: {titles}",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    date_form="{day} {month} {year}",
    month_form="{month} {year}",
    short_form="{day} {month}",
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
