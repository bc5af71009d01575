"""What the program says, in Chinese: each English text with its translation.

A test compares it with what is said: every text is here, with the same fields, and nothing else.
"""

from __future__ import annotations

CHINESE = {
    # init, add
    "wrote {path}": "已写入 {path}",
    "next:": "下一步：",
    "edit {path}: your site's title and address, your sources": (
        "编辑 {path}：填写站点的名称、地址和来源"
    ),
    "{cd}aggregator check --net": "{cd}aggregator check --net",
    "{cd}aggregator run": "{cd}aggregator run",
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
    # refresh, publish
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
    # doctor
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
    "why: {words}": "原因：{words}",
    "to do: {words}": "处理：{words}",
}
