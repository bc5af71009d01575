"""A server that speaks the three lists of a finance portal, and a configuration that reads them."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROLLING, NODES, MARKET = "type=102", "type=45", "marketType"
SPACES = "\u3000\u3000"

CONFIG = """
[site]
title = "金融消息"
url = "https://finews.withounder.com"
language = "zh-CN"
timezone = "Asia/Shanghai"

[publish]
directory = "feeds"
formats = ["rss", "atom", "json", "html", "jekyll"]
credit = ""

[fetch]
allow_private = ["127.0.0.1:{port}"]

[category.emnews]
title = "东财滚动新闻"

[defaults]
every = "30s"
first = "all"
kind = "json"
detail = "http://127.0.0.1:{port}/NewsData/GetNewsText.do?id={{infoCode}}"

[[source]]
id = "rolling"
url = "http://127.0.0.1:{port}/web/webapi?type=102&count=100&newsid=1"
items = "records"
category = "emnews"
tags = ["东财滚动新闻"]
share_link = "{{+url_w}}"
publisher = "东方财富"
[source.fields]
id = "infoCode"
title = "title"
published = "showtime"
summary = "digest"
content = "detail.content"
[[source.rule]]
field = "summary"
match = "(?s)^.*】"
replace = ""

[[source]]
id = "nodes"
url = "http://127.0.0.1:{port}/web/webapi?type=45&count=100&newsid=1"
detail = "http://127.0.0.1:{port}/NewsData/GetNewsText.do?id={{infocode}}"
items = "nodeList"
category = "{{from}}"
tags = ["{{from}}新闻"]
share_link = "http://finews.zning.xyz/html_News/NewsShare.html?infoCode={{infocode}}"
[source.fields]
id = "infocode"
title = "title"
published = "showtime"
content = "detail.text"
publisher = "from"
[[source.rule]]
field = "content"
match = "　　"
replace = ""

[[source]]
id = "market-{{market}}"
for = {{ market = [37, 38, 39] }}
url = "http://127.0.0.1:{port}/information/newmarket/web/webapi?marketType={{market}}&count=100"
items = "record"
category = "{{medianame}}"
tags = ["{{medianame}}新闻"]
share_link = "http://finews.zning.xyz/html_News/NewsShare.html?infoCode={{infoCode}}"
[source.fields]
id = "infoCode"
title = "title"
published = "datetime"
content = "detail.text"
[source.extract]
publisher = {{ selector = "p.em_media", match = "文章来源：(.+?)）" }}
[[source.rule]]
field = "content"
match = "　　"
replace = ""
"""


@dataclass
class Newsroom:
    """What the portal has: lists by the query that asks for them, and details by info code."""

    lists: dict[str, Any] = field(default_factory=dict)
    details: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    not_modified: Counter[str] = field(default_factory=Counter)
    port: int = 0

    def roll(self, code: str, title: str, digest: str, **row: str) -> None:
        """Add a row to the rolling list."""
        values = {
            "url_w": f"http://finance.example/a/{code}.html",
            "showtime": "2026-11-20 08:30:00",
        }
        self._add("records", code, "content", {"title": title, "digest": digest, **values, **row})

    def node(self, code: str, title: str, medium: str, **row: str) -> None:
        """Add a row to the list of nodes."""
        row = {"showtime": "2026-11-20 09:00:00", "simtitle": "", "simdigest": "", **row}
        self._add("nodeList", code, "text", {"title": title, "from": medium, **row}, "infocode")

    def sell(self, market: int, code: str, title: str, medium: str, **row: str) -> None:
        """Add a row to a market's list."""
        values = {"title": title, "medianame": medium, "datetime": "2026-11-20 10:00:00", **row}
        self._add(f"record {market}", code, "text", values)

    def _add(
        self, name: str, code: str, key: str, row: dict[str, str], code_key: str = "infoCode"
    ) -> None:
        body = row.pop("body", f"<p>{SPACES}{row['title']}的正文。</p>")
        self.lists.setdefault(name, []).insert(0, {code_key: code, **row})
        self.details[code] = {key: body}

    def answer(self, target: str) -> Any:
        """Return the document at *target*, None where there is none."""
        query = {key: values[0] for key, values in parse_qs(urlsplit(target).query).items()}
        self.asked[target] += 1
        if "marketType" in query:
            return {"record": self.lists.get(f"record {query['marketType']}", [])}
        if query.get("type") == "102":
            return {"records": self.lists.get("records", [])}
        if query.get("type") == "45":
            return {"nodeList": self.lists.get("nodeList", [])}
        return self.details.get(query.get("id", ""))

    def config(self) -> str:
        """Return the whole job as a configuration."""
        return CONFIG.format(port=self.port)


@contextmanager
def serving(newsroom: Newsroom) -> Iterator[Newsroom]:
    """Serve *newsroom* on loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            answer = newsroom.answer(self.path)
            body = json.dumps(answer, ensure_ascii=False).encode()
            etag = f'"{hash(body)}"'
            if answer is not None and self.headers["If-None-Match"] == etag:
                newsroom.not_modified[self.path] += 1
                self.send_response(304)
                self.end_headers()
                return
            self.send_response(200 if answer is not None else 404)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    newsroom.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield newsroom
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def generated() -> Newsroom:
    """Return a newsroom with a few articles in each list, the accidents of real ones among them."""
    room = Newsroom()
    room.roll("NW1", "央行开展逆回购操作", "【央行开展逆回购操作】人民银行今日开展100亿元操作。")
    room.roll("NW2", "没有括号的摘要", "只有摘要。")
    room.roll("202205262391921712", "", "", showtime="", url_w="")
    room.node("NW3", '他说："好" \\ 坏', "南昌日报")
    room.node("NW4", "工作会议召开", "TechWeb")
    room.node("NW5", "另一篇", "Techweb")
    room.sell(
        37,
        "NW6",
        "沪指收涨",
        "上海证券报",
        body='<p>　　正文</p><p class="em_media">（文章来源：上海<span id="bk_90.BK0473">'
        '<a href="http://quote.eastmoney.com/unify/r/90.BK0473" class="keytip">证券</a>'
        "</span>报）</p>",
    )
    room.sell(
        38,
        "NW7",
        "港股通",
        "安信国际证券(香港)",
        body="<center><p>　　正文</p></center>"
        '<p class="em_media">（文章来源：安信国际证券(香港)）</p>',
    )
    room.sell(
        39,
        "NW8",
        "新股",
        "21世纪经济报道 21财经APP",
        body='<p>　　正文 <span id="s" class="em_stock_key_common"></span></p>'
        '<p class="em_media">（文章来源：21世纪经济报道 21财经APP）</p>',
    )
    return room


def real_article(room: Newsroom) -> bytes | None:
    """Add the one real article, where it is at hand; return the post it became."""
    folder = Path(__file__).parents[2] / "shared" / "finews"
    code = "NW202201172249359827"
    if not folder.is_dir():
        return None
    row = json.loads((folder / "api-type45-list.json").read_text(encoding="utf-8"))["nodeList"][0]
    detail = json.loads((folder / f"api-GetNewsText-{code}.json").read_text(encoding="utf-8"))
    room.lists.setdefault("nodeList", []).append(row)
    room.details[code] = detail
    return (folder / f"2022-01-17-{code}.md").read_bytes()
