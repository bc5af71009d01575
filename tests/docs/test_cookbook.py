"""Each recipe of docs/cookbook.md, run as it stands: it does what the page promises."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler
from importlib.util import find_spec
from pathlib import Path
from urllib.request import urlopen

import pytest
import requests

from tests.cli.test_explain import Items, feed
from tests.command import command, environment
from tests.docs.kitchen import RECIPES, Kitchen, cooking
from tests.docs.test_cli import wait
from tests.mirror.desk import git
from tests.newsroom import generated
from tests.push.desk import other
from tests.tellings import BRIDGE, BRIDGE_REWRITTEN
from tests.test_daemon import until
from tests.web import Answer, document

SITE = "https://gazette.example"
FEED = f"{SITE}/feed.xml"
Pages = dict[str, str | Answer]


def gazette(*names: str, **items: dict[str, str]) -> Pages:
    """Return the Gazette's feed: items by name, some with elements of their own."""
    return {FEED: feed({**{name: {} for name in names}, **items}, SITE).decode()}


def page(title: str, body: str) -> str:
    return f"<!doctype html><html lang=en><title>{title}</title><body>{body}</body></html>"


def names(kitchen: Kitchen, feed: str = "gazette") -> list[str]:
    """Return what a feed has, by the names that the items were given."""
    return [title.removeprefix("About ") for title in kitchen.items(feed)]


@contextmanager
def running(kitchen: Kitchen) -> Iterator[subprocess.Popen[bytes]]:
    """Have `aggregator run` run in the block, and end it whatever becomes of that."""
    with subprocess.Popen(
        command("run"), cwd=kitchen.folder, env=environment(), stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def test_every_recipe_is_tried() -> None:
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    said = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert RECIPES.keys() <= said
    assert len(RECIPES) >= 20


# ── where from ────────────────────────────────────────────────────────────────────────────────────


def test_a_page_without_a_feed(tmp_path: Path) -> None:
    row = '<li><h2><a href="/n/{0}">{0}</a></h2><time datetime="2026-11-{1}">then</time></li>'
    rows = row.format("Bridge opens", 19) + row.format("Pool closed", 20)
    pages: Pages = {
        "https://city.example/news": page("News", f'<ul class="news">{rows}</ul>'),
        "https://city.example/n/Bridge opens": "",
        "https://city.example/n/Bridge%20opens": page(
            "x", '<article><nav>menu</nav><div class="body"><p>At noon.</p></div></article>'
        ),
        "https://city.example/n/Pool%20closed": page(
            "x", '<article><div class="body"><p>Until May.</p></div></article>'
        ),
    }
    with cooking(tmp_path, "A feed for a page that has none", pages) as kitchen:
        assert "2 entries" in kitchen.run("preview", "city-hall").out
        kitchen.refresh()
        found = kitchen.items("city-hall")
        assert list(found) == ["Pool closed", "Bridge opens"]
        bridge = found["Bridge opens"]
        assert "At noon." in bridge["content_html"]
        assert "menu" not in bridge["content_html"]
        assert bridge["url"] == "https://city.example/n/Bridge%20opens"
        assert bridge["date_published"] == "2026-11-18T23:00:00Z", "midnight in Berlin"
        assert bridge["authors"] == [{"name": "City Hall"}]
        kitchen.stand.put("https://city.example/news", page("News", "<p>All new here</p>"))
        assert "items" in kitchen.refresh(status=1).err
        assert list(kitchen.items("city-hall")) == ["Pool closed", "Bridge opens"]


def test_a_json_interface(tmp_path: Path) -> None:
    rows = [
        {"id": 7, "headline": "Dividend", "time": "2026-11-20 09:00", "section": "Shares"},
        {"id": 8, "headline": "Coupon", "time": "2026-11-20 10:00", "section": "Bonds"},
    ]
    asked: list[str] = []

    def detail(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        body = json.dumps({"body": f"<p>All of {request.path}</p>"}).encode()
        document(body, "application/json")(request)

    host = "https://exchange.example/api"
    pages: Pages = {
        f"{host}/notices?count=50": json.dumps({"data": {"rows": rows}}),
        f"{host}/notice/7": detail,
        f"{host}/notice/8": detail,
    }
    recipe = "A JSON interface with a document for each article"
    with cooking(tmp_path, recipe, pages) as kitchen:
        kitchen.refresh()
        kitchen.refresh()
        assert sorted(asked) == ["/api/notice/7", "/api/notice/8"], "each is fetched once"
        assert kitchen.feeds() == {"shares", "bonds"}
        (dividend,) = kitchen.items("shares").values()
        assert dividend["url"] == "https://exchange.example/notice/7.html"
        assert "All of /api/notice/7" in dividend["content_html"]


def test_a_planet(tmp_path: Path) -> None:
    blog: Items = {str(number): {} for number in range(9)}
    pages: Pages = {
        f"https://{who}.example/feed.xml": feed(blog, f"https://{who}.example").decode()
        for who in ("ada", "grace")
    }
    members = (
        '<opml version="2.0"><body><outline type="rss" text="E" xmlUrl="https://e.example/f"/>'
    )
    with cooking(tmp_path, "A planet", pages) as kitchen:
        kitchen.refresh()
        planet = kitchen.text("planet/atom.xml")
        assert planet.count("<entry") == 10, "of each blog its newest five"
        assert "<name>Ada</name>" in planet
        assert "<name>Grace</name>" in planet
        listed = kitchen.stand.there(kitchen.run("export", "opml").out)
        assert "https://ada.example/feed.xml" in listed
        (tmp_path / "members.opml").write_text(f"{members}</body></opml>")
        kitchen.run("import", "opml", "members.opml")
        assert "https://e.example/f" in (tmp_path / "config.toml").read_text()


def test_full_text(tmp_path: Path) -> None:
    text = "".join(f"<p>{'The storks are back in the village. ' * 5}{n}</p>" for n in range(4))
    pages: Pages = {
        **gazette("storks"),
        f"{SITE}/storks": page("Storks", f"<nav>Shop</nav><article>{text}</article>"),
    }
    with cooking(tmp_path, "Full text for truncated feeds", pages) as kitchen:
        kitchen.refresh()
        (storks,) = kitchen.items("gazette").values()
        assert storks["content_html"].count("The storks are back") == 20
        assert "Shop" not in storks["content_html"]


def test_a_sitemap(tmp_path: Path) -> None:
    host = "https://herald.example"
    urls = "".join(
        f"<url><loc>{host}/{path}</loc><lastmod>2026-11-{10 + number}</lastmod></url>"
        for number, path in enumerate(("news/rain", "shop/umbrella", "news/snow"))
    )
    pages: Pages = {f"{host}/sitemap.xml": f"<urlset>{urls}</urlset>"}
    for name in ("rain", "snow"):
        article = f'<article><div class="text">Much {name}.</div></article>'
        pages[f"{host}/news/{name}"] = page(name, f'<p class="byline">Ada</p>{article}')
    with cooking(tmp_path, "The sitemap of a news site", pages) as kitchen:
        kitchen.refresh()
        found = kitchen.items("herald")
        assert list(found) == ["snow", "rain"]
        assert "Much snow." in found["snow"]["content_html"]
        assert found["snow"]["authors"][0]["name"].startswith("Ada via ")


def test_a_list_of_several_pages(tmp_path: Path) -> None:
    host = "https://council.example/minutes"

    def sheet(first: int, following: str) -> str:
        rows = "".join(
            f'<li><a href="/m/{n}">Meeting {n}</a> <time>2026-11-{20 - n:02}</time></li>'
            for n in range(first, first + 3)
        )
        return page("Minutes", rows + following)

    pages: Pages = {
        host: sheet(0, '<a rel=next href="?p=2">older</a>'),
        f"{host}?p=2": sheet(3, '<a rel=next href="?p=3">older</a>'),
        f"{host}?p=3": sheet(6, ""),
    }
    with cooking(tmp_path, "A list of several pages", pages) as kitchen:
        kitchen.refresh()
        assert list(kitchen.items("minutes")) == [f"Meeting {n}" for n in range(9)]


def test_chinese_papers(tmp_path: Path) -> None:
    room = generated()

    def portal(request: BaseHTTPRequestHandler) -> None:
        body = json.dumps(room.answer(request.path), ensure_ascii=False).encode()
        document(body, "application/json")(request)

    host = "https://finance.example"
    pages: Pages = {f"{host}/web/webapi?type=45&count=100": portal}
    for code in room.details:
        pages[f"{host}/NewsData/GetNewsText.do?id={code}"] = portal
    with cooking(tmp_path, "Chinese papers, each a category in pinyin", pages) as kitchen:
        kitchen.refresh()
        assert "nanchangribao" in kitchen.feeds()
        (entry,) = kitchen.items("nanchangribao").values()
        assert entry["url"] == f"{host}/NewsShare.html?infoCode=NW3"
        assert "\u3000\u3000" not in entry["content_html"]
        assert entry["tags"] == ["南昌日报", "南昌日报新闻"]
        assert (tmp_path / "feeds/_posts/2026-11-20-NW3.md").exists()


def test_an_archive_that_goes_on(tmp_path: Path) -> None:
    posts = tmp_path / "oldblog" / "_posts"
    posts.mkdir(parents=True)
    for year in (2012, 2015, 2019):
        front = f"---\ntitle: Summer {year}\ndate: {year}-07-01 10:00:00 +0000\n---\n"
        (posts / f"{year}-07-01-summer.md").write_text(f"{front}It was *hot*.\n")
    pages: Pages = {"https://blog.example/feed.xml": feed({"winter": {}}).decode()}
    with cooking(tmp_path, "An archive from Jekyll that goes on", pages) as kitchen:
        kitchen.refresh()
        assert list(kitchen.items("blog")) == [
            "About winter",
            *("Summer 2019", "Summer 2015", "Summer 2012"),
        ]


def test_a_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEMBERS_AUTHORIZATION", "Bearer abc")
    row = {"id": "1", "title": "Dues", "url": "https://members.example/1", "html": "<p>Soon.</p>"}

    def members(request: BaseHTTPRequestHandler) -> None:
        known = request.headers["Authorization"] == "Bearer abc"
        body, status = (json.dumps([row]), 200) if known else ("{}", 401)
        document(body.encode(), "application/json", status)(request)

    pages: Pages = {"https://members.example/api/news": members}
    with cooking(tmp_path, "An interface that wants a token", pages) as kitchen:
        kitchen.refresh()
        assert list(kitchen.items("members")) == ["Dues"]
        published = (path for path in (tmp_path / "feeds").rglob("*") if path.is_file())
        assert not [path for path in published if b"Bearer" in path.read_bytes()]


def test_a_server_in_the_own_network(tmp_path: Path) -> None:
    recipe = "A server in your own network"
    pages: Pages = {"https://wiki.lan/changes.xml": feed({"lunch": {}}).decode()}
    with cooking(tmp_path, recipe, pages) as kitchen:
        text = RECIPES[recipe][0][1]
        port = kitchen.stand.ports["wiki.lan"]
        allowed = text.replace('"wiki.lan"', f'"127.0.0.1:{port}"')
        kitchen.write(allowed.replace("allow_private", "# allow_private"), leave=False)
        assert "allow_private" in kitchen.refresh(status=1).err, "it is refused unless it is named"
        kitchen.write(allowed, leave=False)
        kitchen.refresh()
        (lunch,) = kitchen.items("wiki").values()
        assert lunch["authors"][0]["name"] == "Our wiki"
        assert f"127.0.0.1:{port}" not in (tmp_path / "feeds/wiki/atom.xml").read_text()


def test_many_sources_of_one_pattern(tmp_path: Path) -> None:
    sections = ("sport", "politics", "science")
    pages: Pages = {f"{SITE}/{one}/feed.xml": feed({one: {}}, SITE).decode() for one in sections}
    with cooking(tmp_path, "Many sources of one pattern", pages) as kitchen:
        kitchen.refresh()
        assert kitchen.feeds() == set(sections)
        rows = json.loads(kitchen.run("status", "--json").out)["sources"]
        assert {row["id"] for row in rows} == {f"gazette-{one}" for one in sections}


def test_gently(tmp_path: Path) -> None:
    heard: list[str] = []

    def village(request: BaseHTTPRequestHandler) -> None:
        heard.append(request.headers["User-Agent"])
        document(feed({"goose": {}}))(request)

    pages: Pages = {"https://village.example/feed.xml": village}
    with cooking(tmp_path, "Gently, with a small server", pages) as kitchen:
        kitchen.run("refresh")
        kitchen.run("refresh")
        assert len(heard) == 1, "it is not due for six hours"
        assert "https://news.example.org/about" in heard[0]
        (row,) = json.loads(kitchen.run("status", "--json").out)["sources"]
        wait_for = datetime.fromisoformat(row["next_due"]) - datetime.now(UTC)
        assert timedelta(hours=5.5) < wait_for < timedelta(hours=7)


# ── what becomes of it ────────────────────────────────────────────────────────────────────────────


def test_one_story_told_once(tmp_path: Path) -> None:
    pages: Pages = {}
    for paper, told in (("gazette", BRIDGE), ("courier", BRIDGE_REWRITTEN)):
        site = f"https://{paper}.example"
        body = feed({"bridge": {"title": told.title, "description": escape(told.text)}}, site)
        pages[f"{site}/feed.xml"] = body.decode().replace("The Paper", paper.title())
    with cooking(tmp_path, "One story, told once", pages) as kitchen:
        kitchen.refresh()
        (bridge,) = kitchen.items("news").values()
        told_by, also = bridge["_aggregator"], bridge["_aggregator"]["also"][0]
        assert {told_by["source"], also["source"]} == {"Gazette", "Courier"}
        assert also["url"] in bridge["content_html"]


def test_a_digest_in_the_morning(tmp_path: Path) -> None:
    then = format_datetime(datetime.now(UTC) - timedelta(days=2))
    pages = gazette(rain={"pubDate": then}, snow={"pubDate": then})
    with cooking(tmp_path, "A digest in the morning", pages) as kitchen:
        kitchen.refresh()
        (digest,) = kitchen.items("morning").values()
        assert "About rain" in digest["content_html"]
        assert "About snow" in digest["content_html"]
        assert "<item>" in kitchen.text("morning/rss.xml")


def test_only_what_is_about_one_thing(tmp_path: Path) -> None:
    pages = gazette("storks", rates={"title": "Interest rates rise"}, li={"title": "央行下调利率"})
    recipe = "Only what is about one thing"
    with cooking(tmp_path, recipe, pages) as kitchen:
        kitchen.refresh()
        assert names(kitchen, "rates") == ["Interest rates rise", "央行下调利率"]
        assert len(names(kitchen)) == 3
    other_folder = tmp_path / "again"
    other_folder.mkdir()
    with cooking(other_folder, recipe, pages) as kitchen:
        kitchen.write(RECIPES[recipe][1][1])
        assert "dropped by the rule" in kitchen.run("preview", "gazette").out
        kitchen.refresh()
        assert names(kitchen) == ["Interest rates rise", "央行下调利率"]


def test_without_advertisements(tmp_path: Path) -> None:
    text = escape("<p>News.</p><p>Sponsored by <b>Shoes</b></p>")
    pages = gazette(
        "storks",
        ad={"title": "[Ad] Cheap shoes"},
        more={"title": "Sponsored: shoes"},
        sponsors={"title": "Sponsoredness examined", "description": text},
    )
    with cooking(tmp_path, "Without advertisements", pages) as kitchen:
        kitchen.refresh()
        found = kitchen.items("gazette")
        assert list(found) == ["About storks", "Sponsoredness examined"]
        assert "Shoes" not in found["Sponsoredness examined"]["content_html"]


def test_excerpts_unless_a_licence_allows_more(tmp_path: Path) -> None:
    long = escape(f"<p>{'A sentence of some length stands here. ' * 20}</p>")
    pages: Pages = {
        **gazette(storks={"description": long}),
        "https://commons.example/feed.xml": feed({"owls": {"description": long}}).decode(),
    }
    with cooking(tmp_path, "Excerpts, unless a licence allows more", pages) as kitchen:
        kitchen.refresh()
        (storks,) = kitchen.items("gazette").values()
        (owls,) = kitchen.items("commons").values()
        assert storks["content_html"].count("A sentence") <= 5
        assert owls["content_html"].count("A sentence") == 20
        assert "About storks" in kitchen.run("search", "storks").out


def test_a_credit_line(tmp_path: Path) -> None:
    with cooking(tmp_path, "Your own credit line", gazette("storks")) as kitchen:
        kitchen.refresh()
        (storks,) = kitchen.items("gazette").values()
        line = "First published by The Gazette (CC BY-SA 4.0)"
        assert re.search(
            rf'<p class="credit"><a [^>]*>{re.escape(line)}</a></p>', storks["content_html"]
        )


def test_pages_of_ones_own(tmp_path: Path) -> None:
    recipe = "Pages of your own"
    (tmp_path / "templates").mkdir()
    (own,) = [text for language, text in RECIPES[recipe] if language == "jinja"]
    (tmp_path / "templates" / "article.html.jinja").write_text(own)
    with cooking(tmp_path, recipe, gazette("storks")) as kitchen:
        kitchen.run("check")
        kitchen.refresh()
        (article,) = (tmp_path / "feeds/gazette").glob("2026/*/*/*.html")
        assert '<meta name="theme-color" content="#0b5d1e">' in article.read_text()


def test_a_category_gets_another_name(tmp_path: Path) -> None:
    recipe = "A category gets another name"
    with cooking(tmp_path, recipe, gazette("storks")) as kitchen:
        text = RECIPES[recipe][0][1]
        before = text.split("[[source]]")[1].replace('"world"', '"abroad"')
        kitchen.write(f"[[source]]{before}")
        kitchen.refresh()
        ids = [item["id"] for item in kitchen.items("abroad").values()]
        (article,) = (tmp_path / "feeds/abroad").glob("2026/*/*/*.html")
        old = article.relative_to(tmp_path / "feeds/abroad").as_posix()
        kitchen.write(text)
        kitchen.refresh()
        assert [item["id"] for item in kitchen.items("world").values()] == ids
        assert kitchen.feeds() == {"world"}
        with running(kitchen) as process:
            base = f"http://127.0.0.1:{kitchen.port}"
            wait(f"{base}/world/atom.xml", process)
            for path in ("atom.xml", "rss.xml", "", old):
                answer = requests.get(f"{base}/abroad/{path}", allow_redirects=False, timeout=30)
                assert answer.status_code == 301, path
                followed = requests.get(f"{base}/abroad/{path}", timeout=30)
                assert (followed.status_code, followed.url) == (200, f"{base}/world/{path}")


def test_podcasts(tmp_path: Path) -> None:
    item = (
        "<item><title>{0}</title><guid>{0}</guid><pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate>"
        '<enclosure url="https://radio.example/{0}.mp3" length="4711" type="audio/mpeg"/></item>'
    )
    show = "".join(map(item.format, ("physics", "gossip")))
    rss = f'<rss version="2.0"><channel><title>Radio</title>{show}</channel></rss>'
    with cooking(tmp_path, "Podcasts", {"https://radio.example/podcast.xml": rss}) as kitchen:
        kitchen.refresh()
        folder = tmp_path / "feeds/science-radio"
        assert [path.name for path in folder.glob("*.xml")] == ["rss.xml"]
        assert not (folder / "feed.json").exists()
        published = kitchen.text("science-radio/rss.xml")
        assert published.count("<item>") == 1
        enclosure = re.search(r"<enclosure [^>]*>", published)
        assert enclosure
        for fact in ("https://radio.example/physics.mp3", 'length="4711"', 'type="audio/mpeg"'):
            assert fact in kitchen.stand.there(enclosure[0])


def test_corrections_are_news(tmp_path: Path) -> None:
    with cooking(tmp_path, "Corrections are news", gazette("storks")) as kitchen:
        kitchen.refresh()
        before = kitchen.items("gazette")["About storks"]
        kitchen.stand.put(FEED, str(gazette(storks={"title": "About storks and herons"})[FEED]))
        kitchen.refresh()
        items = json.loads(kitchen.text("gazette/feed.json"))["items"]
        assert len(items) == 2
        ids = {item["id"] for item in items}
        assert before["id"] in ids, "the article's own entry keeps its id"
        assert any("storks and herons" in item["title"] for item in items)


def test_what_a_source_takes_back(tmp_path: Path) -> None:
    complete = '<fh:complete xmlns:fh="http://purl.org/syndication/history/1.0"/>'

    def whole(*items: str) -> str:
        return str(gazette(*items)[FEED]).replace("<channel>", f"<channel>{complete}")

    recipe = "What a source takes back"
    with cooking(tmp_path, recipe, {FEED: whole("storks", "owls", "rates")}) as kitchen:
        kitchen.refresh()
        kitchen.stand.put(FEED, whole("storks", "owls"))
        kitchen.refresh()
        assert names(kitchen) == ["storks", "owls"]
        kitchen.stand.put(FEED, whole("storks", "owls", "rates"))
        kitchen.refresh()
        assert names(kitchen) == ["storks", "owls", "rates"]


def test_whose_it_is_stands_in_the_text(tmp_path: Path) -> None:
    text = escape('<p>Rain.</p><p class="origin">Source: The Harbour Post</p>')
    pages: Pages = {
        "https://agency.example/feed.xml": feed({"rain": {"description": text}}).decode()
    }
    with cooking(tmp_path, "Whose it is stands in the text", pages) as kitchen:
        kitchen.refresh()
        (rain,) = kitchen.items("agency").values()
        assert rain["authors"] == [{"name": "The Harbour Post"}]
        assert "Source: The Harbour Post" not in rain["content_html"].split('class="credit"')[0]


def test_ten_a_day(tmp_path: Path) -> None:
    many: Items = {f"n{number}": {} for number in range(14)}
    live = {"live": {"title": "Live blog: the storm"}, "ad": {"category": "sponsored"}}
    with cooking(tmp_path, "Ten a day, and no more", gazette(**live, **many)) as kitchen:
        kitchen.refresh()
        found = kitchen.items("briefly")
        assert len(found) == 10
        assert not {"Live blog: the storm", "About ad"} & found.keys()
        assert all("What is new" not in item["content_html"] for item in found.values())
        assert len(names(kitchen)) == 16


# ── where to ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_to_github_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret-of-github")
    recipe = "To GitHub Pages"
    remote = tmp_path / "pages.git"
    git(tmp_path, "init", "--quiet", "--bare", str(remote))
    git(tmp_path, "clone", "--quiet", str(remote), "clone")
    (tmp_path / "clone" / "CNAME").write_text("news.example.org")
    for words in (
        ["add", "CNAME"],
        ["commit", "-qm", "mine"],
        ["push", "-q", "origin", "HEAD:main"],
    ):
        git(tmp_path / "clone", *words)
    with cooking(tmp_path, recipe, gazette("storks")) as kitchen:
        text = RECIPES[recipe][0][1]
        github = "https://github.com/example/example.github.io.git"
        assert github in text
        without_token = re.sub(r"(?m)^token = .*\n", "", text)  # a folder wants none
        kitchen.write(without_token.replace(github, str(remote)))
        kitchen.refresh()
        files = git(remote, "ls-tree", "-r", "--name-only", "main").splitlines()
        assert {"CNAME", "gazette/atom.xml", "index.html", "gazette/atom.xml.gz"} <= set(files)
        assert git(remote, "rev-list", "--count", "main") == "2"


def test_behind_nginx(tmp_path: Path) -> None:
    with cooking(tmp_path, "Behind nginx", gazette("storks")) as kitchen:
        kitchen.refresh()
        folder = tmp_path / "public"
        for ending in ("", ".gz", ".br", ".zst"):
            assert (folder / f"gazette/atom.xml{ending}").exists()
        assert f'root "{folder}' in kitchen.run("export", "nginx").out
        assert "news.example.org" in kitchen.run("export", "caddy").out
        assert not (folder / "search.html").exists()


def test_within_a_second(tmp_path: Path) -> None:
    recipe = "Within a second: WebSub"
    with cooking(tmp_path, recipe, gazette("storks")) as kitchen, other() as subscriber:
        text = RECIPES[recipe][0][1] + 'every = "1s"\n'
        base = f"http://127.0.0.1:{kitchen.port}"
        kitchen.write(text.replace("https://news.example.org", base))
        with running(kitchen) as process:
            topic = f"{base}/gazette/atom.xml"
            wait(topic, process)
            with urlopen(topic, timeout=30) as answer:
                assert f'<{base}/hub>; rel="hub"' in answer.headers["Link"]
            wish = {
                "hub.mode": "subscribe",
                "hub.topic": topic,
                "hub.callback": subscriber.at("/me"),
            }
            assert requests.post(f"{base}/hub", data=wish, timeout=30).status_code == 202
            until(lambda: bool(subscriber.questions()), seconds=60)
            kitchen.stand.put(FEED, str(gazette("herons", "storks")[FEED]))
            until(lambda: bool(subscriber.posts()), seconds=60)
            assert b"About herons" in subscriber.posts()[0].body


@pytest.mark.skipif(find_spec("apprise") is None, reason="the extra notify is not installed")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of Apprise's own imports
def test_a_message_when_something_is_wrong(tmp_path: Path) -> None:
    recipe = "A message when something is wrong"
    with cooking(tmp_path, recipe, gazette("storks")) as kitchen, other() as hook:
        kitchen.stand.ports["hooks.example.org"] = hook.port
        kitchen.write(RECIPES[recipe][0][1])
        kitchen.run("notify")
        kitchen.refresh()
        assert len(hook.posts()) == 1, "a test, and no word of what is well"
        kitchen.stand.answers["gazette.example"]["/feed.xml"] = document(b"gone", status=410)
        kitchen.run("refresh", "gazette", status=1)
        told = json.loads(hook.posts()[-1].body)
        assert (told["type"], "gazette is gone" in told["title"]) == ("failure", True)
        assert hook.posts()[-1].path == "/news"
