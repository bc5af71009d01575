"""What the program says, in Chinese: each English text with its translation.

A test compares it with what is said: every text is here, with the same fields, and nothing else.
"""

from __future__ import annotations

CHINESE = {
    # init, add
    "wrote {path}": "已写入 {path}",
    "next:": "下一步：",
    "cd {folder}": "cd {folder}",
    "edit {file}: your site's title and address, your sources": (
        "编辑 {file}：填写站点的名称、地址和来源"
    ),
    "added to {file}": "已加入 {file}",
    "{file} stays as it is": "{file} 未作改动",
    "aggregator refresh {source}    # ask it now": "aggregator refresh {source}    # 立即抓取",
    "aggregator run    # or leave it to the daemon, which follows the file by itself": (
        "aggregator run    # 或交给守护进程，它会自动读取改动"
    ),
    '{url} is the source "{id}" already; nothing is changed': (
        "{url} 已是来源“{id}”，未作任何改动"
    ),
    'no licence is stated; content = "excerpt" publishes no more than a few lines': (
        '未注明许可；写 content = "excerpt" 则只发布摘要'
    ),
    "{url}: {title}{count} entries read ({how})": "{url}：{title}已读取 {count} 条（{how}）",
    "also there: {url}  {title}": "另有：{url}  {title}",
    "add it to {file}?": "加入 {file} 吗？",
    # check
    "no sources yet; add a [[source]]": "还没有来源；请添加 [[source]]",
    "{count} source: {kinds}": "{count} 个来源：{kinds}",
    "{count} sources: {kinds}": "{count} 个来源：{kinds}",
    "{count} category: {names}": "{count} 个分类：{names}",
    "{count} categories: {names}": "{count} 个分类：{names}",
    "categories by what the articles say: {names}": "由文章决定的分类：{names}",
    "publishes {formats} in {folder}, as {address}": (
        "以 {formats} 格式发布到 {folder}，地址为 {address}"
    ),
    "in each feed the newest {count}": "每个订阅源含最新的 {count} 条",
    "in each feed the newest {count}, not older than {window}": (
        "每个订阅源含最新的 {count} 条，且不早于 {window}"
    ),
    "feeds of its own: {names}": "自定义订阅源：{names}",
    "pushes them to {remote}, branch {branch}": "推送到 {remote} 的 {branch} 分支",
    "keeps articles for {duration} in {path}": "文章保存 {duration}，存于 {path}",
    "keeps articles for ever in {path}": "文章永久保存于 {path}",
    "{names} and {count} more": "{names} 等，另有 {count} 个",
    "every source answered": "所有来源均有应答",
    "{count} warning": "{count} 条警告",
    "{count} warnings": "{count} 条警告",
    # check: what it warns of
    "warning": "警告",
    're-publishes full text, and no licence is known that allows it; name one with licence = "…",'
    ' or write content = "excerpt"': (
        '转载全文，却未见允许转载的许可；请用 licence = "…" 注明许可，或写 content = "excerpt"'
    ),
    'corrections = "new-entry" finds nothing: write edits = "significant" in the [[source]] whose'
    " edits count, or in [defaults]": (
        'corrections = "new-entry" 不会有任何结果：请在需要更正的 [[source]] 或 [defaults] 中写'
        ' edits = "significant"'
    ),
    'needs {{{name}}}, which kind "{kind}" never gives, so that it is never used; name it in'
    " extract, or write {{{name}?}}": (
        "需要 {{{name}}}，而“{kind}”类来源从不提供，因此永远用不上；请在 extract 中定义，"
        "或写成 {{{name}?}}"
    ),
    'needs {{{name}}}, which kind "{kind}" never gives, so that every entry is left out; name it in'
    " extract, or write {{{name}?}}": (
        "需要 {{{name}}}，而“{kind}”类来源从不提供，因此所有条目都会被舍弃；请在 extract 中定义，"
        "或写成 {{{name}?}}"
    ),
    "makes no web address; begin it with https://, or with a field that holds one": (
        "得不到网址；请以 https:// 开头，或以含有网址的字段开头"
    ),
    "asks a public site every {time}; publishers block who asks more than once a minute: write"
    ' "auto", or have their word for it': (
        '每 {time} 抓取一次公共网站；每分钟超过一次会被网站屏蔽：请写 "auto"，或事先征得对方同意'
    ),
    "a password": "密码",
    'a secret, "{name}"': "密钥“{name}”",
    "holds {what} in clear text, and others on this machine may read the file; run chmod 600"
    " {file}": "以明文写有{what}，而本机其他用户可以读取此文件；请运行 chmod 600 {file}",
    'stands here in clear text; write "env:NAME" or "file:PATH"': (
        '以明文写在这里；请改写为 "env:名称" 或 "file:路径"'
    ),
    'is the address of "{other}", too: it is asked twice': "与“{other}”的地址相同：会被重复抓取",
    'is "{old}" under a new id: what it lists comes again as new, beside what is published; keep'
    ' id = "{old}"': (
        '即来源“{old}”换了新 id：所列内容将作为新文章再次收录，与已发布的并存；请保留 id = "{old}"'
    ),
    "{count} articles are published at /{slug}/, and what comes now stands at another address;"
    ' formerly = ["{slug}"] in the new [category] table leads readers there': (
        "已有 {count} 篇文章发布在 /{slug}/，而新文章会在另一个地址；在新的 [category] 表中写"
        ' formerly = ["{slug}"]，读者即可转到新地址'
    ),
    'is not published: the category "{label}" stands at /{slug}/ and keeps its address; choose'
    " another id": "不会发布：分类“{label}”已在 /{slug}/，地址不会改变；请换一个 id",
    "/{slug}/: the {count} entries of its feeds reach back only {time}, so that who asks less often"
    " misses articles; raise entries": (
        "/{slug}/：订阅源的 {count} 条只够覆盖 {time}，抓取较少的读者会漏掉文章；请调大 entries"
    ),
    "/{path} has {size:.1f} MB, which every reader fetches whenever something changes; lower"
    ' entries, or publish excerpts (content = "excerpt")': (
        "/{path} 有 {size:.1f} MB，每次更新所有读者都要重新下载；请调小 entries，"
        '或只发布摘要（content = "excerpt"）'
    ),
    # plan
    "sources": "来源",
    "categories": "分类",
    "documents": "文件",
    "articles": "文章",
    "{count} article": "{count} 篇文章",
    "{count} articles": "{count} 篇文章",
    "- {articles} of {all}, kept for {age}, leave": (
        "- 共 {all} 篇，其中 {articles}已满保存期 {age}，将会移除"
    ),
    "{mark} {id}: asked for the first time": "{mark} {id}：首次抓取",
    "{mark} {id}: asked no more; its {articles} stay until they leave by age": (
        "{mark} {id}：不再抓取；已有的 {articles}保留至期满"
    ),
    '{mark} {id}: is "{was}" under a new id, which makes it a new source: what it lists comes again'
    ' as new, beside the {articles} of before; keep id = "{was}"': (
        "{mark} {id}：即“{was}”换了新 id，会被当作新来源：所列内容将作为新文章再次收录，"
        '与原有的 {articles}并存；请保留 id = "{was}"'
    ),
    "{mark} {id}: asked again, and all that it still lists is made anew": (
        "{mark} {id}：将重新抓取，仍在列的内容全部重新生成"
    ),
    "{articles} in {home!r} would come to {category!r}": (
        "“{home}”中的 {articles}将归入“{category}”"
    ),
    "{count} of {articles} would be left out by rules": "{articles}中有 {count} 篇将被规则排除",
    "{count} of {articles} would be changed by rules": "{articles}中有 {count} 篇将被规则改写",
    "everything is rendered anew, since what it is made with has changed": (
        "全部重新生成，因为所依据的设置或模板有变"
    ),
    "+ {count} document new: {names}": "+ 新增 {count} 个文件：{names}",
    "+ {count} documents new: {names}": "+ 新增 {count} 个文件：{names}",
    "~ {count} document changed: {names}": "~ 更改 {count} 个文件：{names}",
    "~ {count} documents changed: {names}": "~ 更改 {count} 个文件：{names}",
    "- {count} document removed: gone for who reads them: {names}": (
        "- 移除 {count} 个文件，读者将无法再访问：{names}"
    ),
    "- {count} documents removed: gone for who reads them: {names}": (
        "- 移除 {count} 个文件，读者将无法再访问：{names}"
    ),
    "→ {count} address leads elsewhere: {old} → {new}": (
        "→ {count} 个地址将转往别处：{old} → {new}"
    ),
    "→ {count} addresses lead elsewhere: {old} → {new}": (
        "→ {count} 个地址将转往别处：{old} → {new}"
    ),
    "nothing would change": "不会有任何改动",
    "plan: {new} documents new, {changed} changed, {removed} removed, {moved} moved; {articles}"
    " leave; nothing is written yet": (
        "计划：文件新增 {new}，更改 {changed}，移除 {removed}，迁移 {moved}；{articles}移除；"
        "尚未写入任何内容"
    ),
    "aggregator refresh    # does it; a running daemon has it in force already": (
        "aggregator refresh    # 付诸实施；守护进程若在运行，则已经生效"
    ),
    # search
    "no article has all of these words": "没有文章同时含有这些词",
    "published": "已发布",
    "publisher": "出处",
    "title": "标题",
    "link": "链接",
    # demo
    "✗ this did not come about in {seconds:.0f} s, which should not be": (
        "✗ {seconds:.0f} 秒内未见结果，不应如此"
    ),
    "A newsroom on this machine: ten made-up papers, at {address}/": (
        "本机上的编辑部：十家虚构的报纸，地址为 {address}/"
    ),
    "One is slow, one has moved, one fails. Nothing leaves this machine.": (
        "一家很慢，一家已搬迁，一家出错。一切都只在本机进行。"
    ),
    "One file says it all: {path}": "全部配置只有一个文件：{path}",
    "(`aggregator demo --config` prints it.) What it means:": (
        "（可用 `aggregator demo --config` 查看。）其含义："
    ),
    "`aggregator run` asks them all at once, and nobody waits for the slow one": (
        "`aggregator run` 同时抓取所有来源，慢的一家不会拖累其他"
    ),
    "web page": "网页",
    "sitemap": "站点地图",
    "folder of posts": "文章文件夹",
    "{count} new": "新增 {count}",
    "Where two papers tell the same story, it is one entry that names them both": (
        "两家报道同一件事时，合为一条，并注明两家"
    ),
    "({source}; also: {others})": "（{source}；另见：{others}）",
    "Where one fails the others do not suffer; the status has it first, and says why": (
        "一家出错不影响其他；status 把它列在最前，并说明原因"
    ),
    "The snail has moved (301). It is followed, and believed when that has held for days.": (
        "snail 已搬迁（301）：先跟随新地址，持续数日后才认定。"
    ),
    "They are asked again every two seconds here, and tell only what has changed": (
        "演示中每两秒抓取一次，只取回有变化的内容"
    ),
    "{asked} requests so far, of which {unchanged} brought «not modified» (304)": (
        "至今 {asked} 次请求，其中 {unchanged} 次得到“未修改”（304）"
    ),
    "{before} articles before, {after} after": "此前 {before} 篇文章，此后 {after} 篇",
    "The Gazette edits an article": "Gazette 修改了一篇文章",
    "before  {title}": "改前  {title}",
    "after   {title}": "改后  {title}",
    "published {seconds:.1f} s after it was printed; as it was: {names};": (
        "刊出 {seconds:.1f} 秒后发布；保持不变：{names}；"
    ),
    "The Gazette has news": "Gazette 有新消息",
    "published {seconds:.1f} s after it was printed": "刊出 {seconds:.1f} 秒后发布",
    "Look around: {address}": "随意看看：{address}",
    "{site}all/atom.xml     for your reader; {site}feeds.opml has all": (
        "{site}all/atom.xml     供阅读器订阅；全部订阅源见 {site}feeds.opml"
    ),
    "Ctrl-C ends the demo.": "按 Ctrl-C 结束演示。",
    "The demo is over; its folder is removed, and nothing else was written.": (
        "演示结束；所用文件夹已删除，未写入其他任何内容。"
    ),
    "aggregator init mysite && cd mysite    # writes a commented config.toml": (
        "aggregator init mysite && cd mysite    # 写出带注释的 config.toml"
    ),
    "aggregator add https://www.nasa.gov    # finds a site's feed and writes it down": (
        "aggregator add https://www.nasa.gov    # 找到网站的订阅源并写入配置"
    ),
    "aggregator import opml feeds.opml    # or brings them all from your reader": (
        "aggregator import opml feeds.opml    # 或从你的阅读器全部导入"
    ),
    "aggregator run    # refreshes, publishes and serves": (
        "aggregator run    # 抓取、发布并提供访问"
    ),
    # import
    "line {line}:": "第 {line} 行：",
    "line {line}: outline": "第 {line} 行：outline",
    "feed {line}:": "第 {line} 个订阅源：",
    "has an address that {error}": "的地址有误：{error}",
    "cannot be read here: {reason}": "在此无法读取：{reason}",
    "… and {count} more": "……另有 {count} 条",
    "{count} feeds added to {file}; {known} are there already, {bad} are no feeds": (
        "{count} 个订阅源已加入 {file}；{known} 个原已存在，{bad} 个不是订阅源"
    ),
    "{count} feeds new for {file}; {known} are there already, {bad} are no feeds": (
        "{file} 可新增 {count} 个订阅源；{known} 个原已存在，{bad} 个不是订阅源"
    ),
    "aggregator check --net    # asks each of them": "aggregator check --net    # 逐一试抓取",
    "aggregator refresh    # takes in what they have, and publishes it": (
        "aggregator refresh    # 收录其内容并发布"
    ),
    "is hidden or muted there and left out": "在原处已隐藏或静音，未予导入",
    "is of type {type}, which no kind reads": "的类型为 {type}，此处没有对应的来源类型",
    "is disabled there and left out": "在原处已停用，未予导入",
    "write what you need of it into the [[source]] yourself": "如有需要，请自行写入 [[source]]",
    "CSS has no such selector": "CSS 没有这样的选择器",
    "has no address of a feed": "没有订阅源地址",
    "a rule may do it; write it yourself": "或可用规则实现，请自行编写",
    "it names no page, or nothing to select on it": "没有指明网页，或没有指明选取的内容",
    "its cookie": "它的 cookie",
    'it is a secret; write headers = {{ Cookie = "env:NAME" }}': (
        '它是密钥；请写 headers = {{ Cookie = "env:名称" }}'
    ),
    "dates are read as they are written": "日期按原文识别",
    "rules replace text, not elements": "规则只能替换文字，不能替换元素",
    '{folder} is the source "{id}" already: it is refreshed': (
        "{folder} 已是来源“{id}”：现在重新抓取"
    ),
    'added to {file} as the source "{id}"': "已作为来源“{id}”加入 {file}",
    "{count} posts in {folder}": "{folder} 中有 {count} 篇文章",
    "{what} is not taken over: {why}": "{what} 未能沿用：{why}",
    "full_text needs an extra; pip install '.[fulltext]' and set it": (
        "full_text 需要附加组件；请运行 pip install '.[fulltext]' 后再设置"
    ),
    "the selector {selector!r}": "选择器 {selector!r}",
    "full_text finds an article's body by itself": "full_text 会自行找出正文",
    "keeplist_rules look at the title alone here, not at address, author and tags": (
        "keeplist_rules 在此只看标题，不看地址、作者和标签"
    ),
    "the filter {filter}": "过滤条件 {filter}",
    "rules have no such field": "规则没有这个字段",
    "a rule keeps by one field; here are several": "一条规则只能按一个字段保留，而这里有多个",
    "only single terms are, and several with OR": "只支持单个词，或以 OR 相连的多个词",
    # article
    "nothing is changed": "未作任何改动",
    "{id} of {source}": "{id}，来自 {source}",
    "{what}: {title}": "{what}：{title}",
    "hidden": "已隐藏",
    "shown again": "已重新显示",
    "taken down": "已撤下",
    "hidden already": "早已隐藏",
    "not hidden": "本未隐藏",
    "taken down already": "早已撤下",
    "take down for good? What it says is wiped": "要永久撤下吗？其内容会被清除",
    "stays, at the same address: {title}": "同一地址下仍保留：{title}",
    "{folder} holds {count} backups from before": "{folder} 中还有此前的 {count} 份备份",
    "when": "时间",
    "who": "操作者",
    "what": "操作",
    "article": "文章",
    "reason": "原因",
    "aggregator article show {ids}    # undoes it": "aggregator article show {ids}    # 恢复显示",
    "aggregator explain {id}    # where it is listed again": (
        "aggregator explain {id}    # 查看重新列入何处"
    ),
    "aggregator article takedown {ids} --reason …    # other sources' copies": (
        "aggregator article takedown {ids} --reason …    # 一并撤下其他来源的副本"
    ),
    "aggregator article log    # who did what, when and why": (
        "aggregator article log    # 何人何时因何做了什么"
    ),
    # release
    "aggregator status    # whether anything else is held": (
        "aggregator status    # 是否还有其他暂扣"
    ),
    "{count} articles released": "发布 {count} 篇文章",
    "{count} articles hidden": "隐藏 {count} 篇文章",
    "{count} articles dropped": "放弃 {count} 篇文章",
    "{count} articles kept": "保留 {count} 篇文章",
    "nothing was held": "没有暂扣的文章",
    # backup, restore
    "{path}: {size} bytes": "{path}：{size} 字节",
    "aggregator restore {path}    # puts it back": "aggregator restore {path}    # 用它恢复",
    "{path} is now {backup}": "{path} 已恢复为 {backup}",
    "{path} is now {backup}; what it was is kept as {kept}": (
        "{path} 已恢复为 {backup}；原来的保存为 {kept}"
    ),
    "aggregator publish --all    # brings what is published in line with it": (
        "aggregator publish --all    # 使已发布的内容与之一致"
    ),
    "aggregator run    # goes on from there": "aggregator run    # 由此继续",
    # refresh, publish
    "cannot tell address {label} of incidents; the next refresh tries again": (
        "无法向地址 {label} 通知事件；下次抓取时重试"
    ),
    'source "{id}": … and {count} more': "来源“{id}”：……另有 {count} 条",
    "{count} source: {ok} ok, {failed} failed": "{count} 个来源：{ok} 个成功，{failed} 个失败",
    "{count} sources: {ok} ok, {failed} failed": "{count} 个来源：{ok} 个成功，{failed} 个失败",
    ", {count} waiting": "，{count} 个等待中",
    "; articles: {new} new, {changed} changed, {bad} bad": (
        "；文章：新增 {new}，更改 {changed}，无法收录 {bad}"
    ),
    ", {count} withdrawn": "，撤回 {count}",
    ", {count} held": "，暂扣 {count}",
    "; {count} documents written": "；写入 {count} 个文件",
    "{count} documents written": "写入 {count} 个文件",
    "{count} documents would be written": "将写入 {count} 个文件",
    "aggregator status    # which sources failed, and why": (
        "aggregator status    # 哪些来源失败，原因何在"
    ),
    "aggregator run    # goes on with it, and serves {folder}": (
        "aggregator run    # 持续抓取，并提供 {folder} 的访问"
    ),
    # status
    "{articles} articles from {sources} sources: {counted}": (
        "{articles} 篇文章，{sources} 个来源：{counted}"
    ),
    "{articles} articles from {sources} source: {counted}": (
        "{articles} 篇文章，{sources} 个来源：{counted}"
    ),
    "`aggregator explain {code}` says what to do": "处理办法见 `aggregator explain {code}`",
    "{gone}; `aggregator article log` says why": "{gone}；原因见 `aggregator article log`",
    "every source is overdue: is `aggregator run` running?": (
        "所有来源均已逾期未抓取：`aggregator run` 在运行吗？"
    ),
    "withdrawn": "已撤回",
    "taken-down": "已撤下",
    "disk: {used} used, {free} free": "磁盘：已用 {used}，剩余 {free}",
    "disk: {used} used, {free} free, enough for {days} days": (
        "磁盘：已用 {used}，剩余 {free}，可用 {days} 天"
    ),
    "never": "从未",
    "gone": "已失效",
    "failing": "失败",
    "held": "暂扣",
    "degraded": "异常",
    "quiet": "沉寂",
    "new": "新来源",
    "ok": "正常",
    "source": "来源",
    "since": "已持续",
    "7 days": "近 7 天",
    "new/d": "新增",
    "usual": "通常",
    "kept": "保存",
    "last": "上次",
    "next": "下次",
    "holds {count} articles that look like old ones under new ids; `aggregator release {source}`"
    " publishes them": (
        "暂扣 {count} 篇，疑似旧文章换了新 id；`aggregator release {source}` 会将其发布"
    ),
    "has taken back {count} articles at once, which are still shown; `aggregator release {source}`"
    " hides them, with --drop they stay": (
        "一次撤回了 {count} 篇，目前仍在显示；`aggregator release {source}` 会将其隐藏，"
        "加 --drop 则予保留"
    ),
    "gathered by {engine}": "由 {engine} 抓取",
    "its certificate ends in {days} days": "证书将在 {days} 天后到期",
    'source "{id}": {words}': "来源“{id}”：{words}",
    "last success": "上次成功",
    "seven days": "近 7 天",
    "new articles": "新文章",
    "certificate": "证书",
    "answers": "应答",
    "why": "原因",
    "asked": "抓取时间",
    "status": "状态码",
    "ms": "毫秒",
    "added": "新增",
    "changed": "更改",
    "published after": "发布延迟",
    "error": "错误",
    "incident": "事件",
    "began": "开始",
    "ended": "结束",
    "lasts": "持续中",
    "median {middle} ms, at most {most} ms": "中位数 {middle} 毫秒，最长 {most} 毫秒",
    "{ok} ok, {failed} failed, {new} new": "成功 {ok}，失败 {failed}，新增 {new}",
    ", {share:.0%} of the answers unchanged": "，{share:.0%} 的应答无变化",
    "{rate} usual": "通常 {rate}",
    "{rate} expected": "预期 {rate}",
    "{rate} in seven days; {habit}": "近 7 天 {rate}；{habit}",
    "{delay} s after it was asked (median)": "抓取后 {delay} 秒（中位数）",
    "ends in {days} days": "{days} 天后到期",
    # why a source is asked when it is
    "; ": "；",
    ", ": "、",
    "s": "秒",
    "min": "分钟",
    "h": "小时",
    "d": "天",
    "gone for good (410): not asked any more; remove it, or change its url": (
        "已永久失效（410）：不再抓取；请移除，或更改其 url"
    ),
    "every {span}, as configured": "按配置每 {span}抓取一次",
    "every {span}, as its server (Cache-Control, Expires) asks": (
        "按其服务器要求（Cache-Control、Expires）每 {span}抓取一次"
    ),
    "every {span}, as its feed (ttl, sy) asks": "按订阅源要求（ttl、sy）每 {span}抓取一次",
    "every {span}: {rest}": "每 {span}抓取一次：{rest}",
    "it is a file of this machine": "是本机文件",
    "its hub tells of news in between": "其间有新内容时由 hub 通知",
    "its rhythm is not known yet": "更新规律尚不清楚",
    "it publishes about every {span}": "约每 {span}更新一篇",
    "it has published nothing for {span}": "已有 {span}没有更新",
    "its feed does not want to be asked at that hour or day": "订阅源要求避开该时段",
    "failed once: {rest}": "失败 1 次：{rest}",
    "failed once ({status}): {rest}": "失败 1 次（{status}）：{rest}",
    "failed {count} times in a row: {rest}": "连续失败 {count} 次：{rest}",
    "failed {count} times in a row ({status}): {rest}": "连续失败 {count} 次（{status}）：{rest}",
    "asked again after {span}": "{span}后重试",
    "the server asked not to be asked before {time}": "服务器要求在 {time} 之前不再抓取",
    "moved permanently to {url}: change its url in config.toml": (
        "已永久迁至 {url}：请更改 config.toml 中的 url"
    ),
    "{count} articles wait for your word: `aggregator release`": (
        "{count} 篇待你处理：`aggregator release`"
    ),
    "it lists no entries; usually there are {usual}": "没有列出任何条目；通常有 {usual} 条",
    "it lists {count} entry; usually there are {usual}": "只列出 {count} 条；通常有 {usual} 条",
    "it lists {count} entries; usually there are {usual}": "只列出 {count} 条；通常有 {usual} 条",
    "{count} of its {made} entries cannot be read": "{made} 条中有 {count} 条无法读取",
    "none of its newest {made} articles have a date that can be read; usually {share} do": (
        "最新 {made} 篇均无可识别的日期；通常 {share} 都有"
    ),
    "{count} of its newest {made} articles have a date that can be read; usually {share} do": (
        "最新 {made} 篇中只有 {count} 篇有可识别的日期；通常 {share} 都有"
    ),
    "none of its newest {made} articles have both title and link; usually {share} do": (
        "最新 {made} 篇均不兼有标题和链接；通常 {share} 都有"
    ),
    "{count} of its newest {made} articles have both title and link; usually {share} do": (
        "最新 {made} 篇中只有 {count} 篇兼有标题和链接；通常 {share} 都有"
    ),
    "its newest texts are empty; usually there are {usual} characters": (
        "最新的正文为空；通常有 {usual} 字"
    ),
    "its newest texts have {count} characters; usually there are {usual} characters": (
        "最新的正文只有 {count} 字；通常有 {usual} 字"
    ),
    "it answers now and then: {count} of the last {made} attempts failed": (
        "应答时断时续：最近 {made} 次中有 {count} 次失败"
    ),
    "{count} articles in {span}, where {rate} are expected": (
        "{span}内 {count} 篇，而预期为 {rate}"
    ),
    "nothing new for {span}; it was never silent for over {longest}": (
        "已有 {span}没有新内容；此前最长间隔不超过 {longest}"
    ),
    # doctor
    "{file} has {count} source": "{file} 有 {count} 个来源",
    "{file} has {count} sources": "{file} 有 {count} 个来源",
    "`aggregator check` names every fault": "`aggregator check` 会列出所有错误",
    "version {version}": "版本 {version}",
    "3.38 or newer is needed: take a newer Python": "需要 3.38 或更新的版本：请换用更新的 Python",
    "is not running": "未运行",
    "`aggregator run` starts it": "用 `aggregator run` 启动",
    "works on {path}": "正在使用 {path}",
    "there is none at {path}": "{path} 不存在",
    "`aggregator refresh` makes it": "运行 `aggregator refresh` 即可建立",
    "put a backup in its place: `aggregator restore FILE`": (
        "请用备份恢复：`aggregator restore FILE`"
    ),
    "{path} is whole, {size} MB": "{path} 完好，{size} MB",
    "{count} documents in {folder} are missing: {names}": "{folder} 中缺少 {count} 个文件：{names}",
    "{count} documents in {folder} are not as they were written: {names}": (
        "{folder} 中有 {count} 个文件与写入时不同：{names}"
    ),
    "`aggregator publish --all` writes them again": "`aggregator publish --all` 会重新写入",
    "every document in {folder} is as it was written": "{folder} 中的文件均与写入时一致",
    "sources were last asked in what is now the future ({time})": (
        "来源上次抓取的时间在未来（{time}）"
    ),
    "set the clock right; the next run heals the times": "请校准时钟；下次运行会修正这些时间",
    "{count}, the newest is {path}": "{count} 份，最新的是 {path}",
    "there are none yet": "还没有",
    "`aggregator run` makes one a day": "`aggregator run` 每天备份一次",
    "none are made": "没有备份",
    "set backups in [store], or copy it yourself: `aggregator backup FILE`": (
        "请在 [store] 中设置 backups，或自行备份：`aggregator backup FILE`"
    ),
    "{size} MB are free at {folder}": "{folder} 剩余 {size} MB",
    "{folder} is on a read-only disk: what is published stays served": (
        "{folder} 所在磁盘只读：已发布的内容仍可访问"
    ),
    "mount it writable; all goes on by itself then": "请以可写方式挂载，之后会自动继续",
    "make room; all goes on by itself then": "请腾出空间，之后会自动继续",
    "make room": "请腾出空间",
    "{answered} of {asked} sources answer": "{asked} 个来源中有 {answered} 个应答",
    "this machine's clock differs from most servers' by {seconds} s": (
        "本机时钟与多数服务器相差 {seconds} 秒"
    ),
    "set it right, best by NTP": "请校准时钟，最好使用 NTP",
    "config": "配置",
    "sqlite": "SQLite",
    "daemon": "守护进程",
    "store": "数据库",
    "files": "文件",
    "clock": "时钟",
    "backups": "备份",
    "disk": "磁盘",
    "network": "网络",
    # explain
    "by its source, with too many others to be believed; `aggregator release {source}` hides it": (
        "来源一次撤回过多，尚未采信；`aggregator release {source}` 会将其隐藏"
    ),
    "told through another source's article about the same story": (
        "由另一来源就同一事件的文章代为发布"
    ),
    "held: it looks like an old one under a new id; `aggregator release {source}` publishes it": (
        "暂扣：疑似旧文章换了新 id；`aggregator release {source}` 会将其发布"
    ),
    "kept and not published: its source had newer ones when it was first asked,"
    " or it was dropped": ("已保存但未发布：首次抓取时该来源已有更新的文章，或已被放弃"),
    "hidden by the operator; `aggregator article show {id}` undoes it": (
        "已由管理员隐藏；`aggregator article show {id}` 可恢复显示"
    ),
    "withdrawn by its source; it comes back with it": "来源已撤回；来源恢复时随之恢复",
    "taken down: what it said is wiped, and it cannot come back": "已撤下：内容已清除，不会再出现",
    "left the store by age; it cannot come back as new": "已期满移除；不会再作为新文章收录",
    "(article {id})": "（文章 {id}）",
    "standing": "状态",
    "taken back": "来源撤回",
    "removed": "移除",
    "log": "记录",
    "public id": "公开 id",
    "credit": "署名",
    "first seen": "首次收录",
    "updated": "更新",
    "share links": "分享链接",
    "rules": "规则",
    "aliases": "别名",
    "versions": "版本",
    "corrections": "更正",
    "listed in": "列入",
    "told through": "代为发布",
    "also by": "另见",
    "in feeds": "所在订阅源",
    "as given": "原始条目",
    "{source}, as {guid}": "{source}，原 id 为 {guid}",
    " (first seen: the source gave no date)": "（首次收录的时间：来源未注明日期）",
    "none": "无",
    "{id} in {slug}": "{slug} 中的 {id}",
    " (readers are told)": "（已告知读者）",
    "{at} {action} by {who}": "{at} {who} {action}",
    "{number} until {edit}": "{number} 至 {edit}",
    "{number} is the present one; `aggregator diff {id}`": (
        "{number} 为当前版本；差异见 `aggregator diff {id}`"
    ),
    " title {old!r} → {new!r};": " 标题 {old!r} → {new!r}；",
    " text {old} → {new} characters": " 正文 {old} → {new} 字",
    "the address inside {where}": "{where}所含的地址",
    "the source's share_link": "来源的 share_link",
    "the page's own address": "网页自称的地址",
    "the feed's original link": "订阅源的原始链接",
    "the entry's link": "条目的链接",
    "the entry's guid, a permalink": "条目的 guid，即永久链接",
    "where its redirector leads": "跳转的终点",
    "dropped": "舍弃",
    "replaced": "替换",
    "set": "设为",
    "category": "分类",
    "tag": "标签",
    "why: {words}": "原因：{words}",
    "to do: {words}": "处理：{words}",
}
