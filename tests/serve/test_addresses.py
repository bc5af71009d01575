"""What stands at which address, and as what."""

from __future__ import annotations

import pytest

from aggregator.serve.app import create_app
from tests.serve.conftest import CHANGED, Current, Shelf, Site
from tests.test_share import ATTACKS

AFTER = "Sat, 21 Nov 2026 00:00:00 GMT"


def redirect(site: Site, address: str) -> str:
    """Return the address that *address* leads to for good."""
    answer = site.get(address)
    assert answer.status_code == 301
    assert answer.next is not None
    return str(answer.next.url).removeprefix(site.url(""))


@pytest.mark.parametrize(
    ("address", "path", "kind"),
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/all/", "all/index.html", "text/html; charset=utf-8"),
        ("/all/index.html", "all/index.html", "text/html; charset=utf-8"),
        ("/all/rss.xml", "all/rss.xml", "application/xml; charset=utf-8"),
        ("/all/rss.xml?utm_source=x", "all/rss.xml", "application/xml; charset=utf-8"),
        ("/all/atom.xml", "all/atom.xml", "application/xml; charset=utf-8"),
        ("/all/feed.json", "all/feed.json", "application/feed+json"),
        ("/feeds.opml", "feeds.opml", "text/x-opml; charset=utf-8"),
        ("/.well-known/feeds", "feeds.opml", "text/x-opml; charset=utf-8"),
        ("/site.css", "site.css", "text/css; charset=utf-8"),
        ("/%61ll/rss.xml", "all/rss.xml", "application/xml; charset=utf-8"),
    ],
)
def test_a_published_document_stands_at_its_address(
    site: Site, shelf: Shelf, address: str, path: str, kind: str
) -> None:
    answer = site.get(address)
    assert answer.status_code == 200
    assert answer.content == (shelf.directory / path).read_bytes()
    assert answer.headers["Content-Type"] == kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("_posts/2022-01-17-NW2022.md", "text/plain; charset=utf-8"),
        ("old_post/2022-01-17-NW2022.md", "text/plain; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("all/archive/2026-11.atom.xml", "application/xml; charset=utf-8"),
        ("data.json", "application/json"),
        ("icon.svg", "image/svg+xml"),
        ("thing.exe", "application/octet-stream"),
        ("thing", "application/octet-stream"),
    ],
)
def test_other_documents_have_a_type_that_nothing_in_them_runs_under(
    site: Site, shelf: Shelf, path: str, kind: str
) -> None:
    shelf.put(path, b"text")
    assert site.get(f"/{path}").headers["Content-Type"] == kind


def test_a_path_in_another_script_is_found(site: Site, shelf: Shelf) -> None:
    shelf.put("_posts/南昌.md", "新闻".encode())
    assert site.get("/_posts/%E5%8D%97%E6%98%8C.md").content.decode() == "新闻"


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/all", "/all/"),
        ("/feed", "/all/rss.xml"),
        ("/feed/", "/all/rss.xml"),
        ("/rss", "/all/rss.xml"),
        ("/rss.xml", "/all/rss.xml"),
        ("/index.xml", "/all/rss.xml"),
        ("/atom.xml", "/all/atom.xml"),
        ("/atom", "/all/atom.xml"),
        ("/feed.xml", "/all/atom.xml"),
        ("/feed.json", "/all/feed.json"),
        ("/all/rss.xml/", "/all/rss.xml"),
        ("/world", "/world/"),
        ("/world/feed", "/world/rss.xml"),
        ("/world/feed/", "/world/rss.xml"),
        ("/world/rss", "/world/rss.xml"),
        ("/world/index.xml", "/world/rss.xml"),
        ("/world/atom", "/world/atom.xml"),
        ("/world/feed.xml", "/world/atom.xml"),
        ("/world/feed.json", "/world/atom.xml"),
    ],
)
def test_a_guessed_address_leads_to_the_right_one(
    site: Site, shelf: Shelf, address: str, target: str
) -> None:
    for name in ("index.html", "rss.xml", "atom.xml"):
        shelf.put(f"world/{name}", b"<x/>")
    assert redirect(site, address) == target


def test_a_feed_that_comes_out_while_it_is_looked_for_is_no_redirect(
    site: Site, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, asked = shelf.find, list[str]()

    def not_at_once(path: str) -> object:
        asked.append(path)
        return None if asked.count(path) < 3 and path == "all/feed.json" else find(path)

    monkeypatch.setattr(shelf, "find", not_at_once)
    answer = site.get("/all/feed.json")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/feed+json"


def test_a_redirect_holds_below_a_path_of_a_proxy(site: Site, shelf: Shelf) -> None:
    shelf.put("all/2026/index.html", b"<!doctype html>")
    assert site.get("/all/2026").headers["Location"] == "2026/"
    assert site.get("/feed/").headers["Location"] == "../all/rss.xml"


def test_a_guess_leads_to_a_format_that_is_published(site: Site, shelf: Shelf) -> None:
    del shelf.known["all/rss.xml"]
    assert site.get("/rss.xml").headers["Location"] == "all/atom.xml"
    del shelf.known["all/atom.xml"], shelf.known["all/feed.json"]
    assert site.get("/rss.xml").status_code == 404


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("/elsewhere", "/world/"),
        ("/elsewhere/", "/world/"),
        ("/elsewhere/atom.xml", "/world/atom.xml"),
        ("/elsewhere/2026/11/20/abc.html", "/world/2026/11/20/abc.html"),
        ("/elsewhere/x:%20y%3F", "/world/x%3A%20y%3F"),
    ],
)
def test_every_address_below_a_former_name_leads_to_the_present_one(
    current: Current, site: Site, shelf: Shelf, address: str, target: str
) -> None:
    current.app = create_app(shelf, shelf.directory, moved={"elsewhere": "world"})
    assert redirect(site, address) == target
    assert redirect(site, "/feed") == "/all/rss.xml"
    shelf.put("elsewhere/2026/old.html", b"<!doctype html>")
    assert site.get("/elsewhere/2026/old.html").status_code == 200


@pytest.mark.parametrize("address", ["/world", "/world/"])
def test_a_category_without_a_page_leads_to_its_feed(
    site: Site, shelf: Shelf, address: str
) -> None:
    shelf.put("world/rss.xml", b"<rss/>")
    assert redirect(site, address) == "/world/rss.xml"
    shelf.put("world/atom.xml", b"<feed/>")
    assert redirect(site, address) == "/world/atom.xml"


def test_what_was_taken_down_is_gone_and_its_page_says_so(site: Site, shelf: Shelf) -> None:
    shelf.put("_gone/world/2026/11/20/abc.html", b"<!doctype html><title>Taken down</title>")
    answer = site.get("/world/2026/11/20/abc.html", {"If-Modified-Since": AFTER})
    assert (answer.status_code, answer.text) == (410, "<!doctype html><title>Taken down</title>")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "ETag" not in answer.headers
    assert site.get("/_gone/world/2026/11/20/abc.html").status_code == 404
    assert site.get("/world/2026/11/20/other.html").status_code == 404
    shelf.put("world/2026/11/20/abc.html", b"<!doctype html><title>Back</title>")
    assert site.get("/world/2026/11/20/abc.html").status_code == 200


def test_a_share_link_of_the_site_shows_what_leads_to_its_article(site: Site, shelf: Shelf) -> None:
    shelf.put("_share/html_News/NewsShare.html/infoCode=NW1.html", b"<!doctype html>NW1")
    answer = site.get("/html_News/NewsShare.html?from=timeline&infoCode=NW1")
    assert (answer.status_code, answer.text) == (200, "<!doctype html>NW1")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    for missing in ("infoCode=NW2", "infocode=NW1", "infoCode=NW1.html", "NW1", "infoCode=", ""):
        assert site.get(f"/html_News/NewsShare.html?{missing}").status_code == 404
    assert site.get("/_share/html_News/NewsShare.html/infoCode=NW1.html").status_code == 404


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_share_link_leads_nowhere_else(site: Site, shelf: Shelf, attack: str) -> None:
    shelf.put("_share/html_News/secret.html", b"secret")
    shelf.put("_share/secret.html", b"secret")
    (shelf.directory.parent / "secret.html").write_bytes(b"secret")
    for query in (f"infoCode={attack}", f"{attack}=NW1", attack):
        target = f"/html_News/NewsShare.html?{query}".encode().replace(b" ", b"%20")
        answer = site.raw(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answer.split(b" ")[1] in (b"400", b"404")
        assert b"secret" not in answer


def test_the_list_of_feeds_may_stand_at_its_well_known_address_itself(
    site: Site, shelf: Shelf
) -> None:
    shelf.put(".well-known/feeds", b"<opml version='2.0'><body/></opml>")
    answer = site.get("/.well-known/feeds", {"Accept-Encoding": "gzip"})
    assert answer.content == b"<opml version='2.0'><body/></opml>"
    assert answer.headers["Content-Type"] == "text/x-opml; charset=utf-8"
    assert answer.headers["Content-Encoding"] == "gzip"


def test_a_published_document_goes_before_a_guess(site: Site, shelf: Shelf) -> None:
    shelf.put("feed/index.html", b"<!doctype html>")
    assert site.get("/feed").headers["Location"] == "feed/"
    assert site.get("/feed/").status_code == 200


@pytest.mark.parametrize("address", ["/nothing", "/nothing/rss.xml", "/all/x/", "//", "//all/"])
def test_what_is_not_published_gets_the_page_about_it(
    site: Site, shelf: Shelf, address: str
) -> None:
    answer = site.get(address)
    assert answer.status_code == 404
    assert answer.content == (shelf.directory / "404.html").read_bytes()
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "ETag" not in answer.headers


def test_before_anything_is_published_an_answer_is_a_plain_404(site: Site, shelf: Shelf) -> None:
    shelf.known.clear()
    answer = site.get("/")
    assert (answer.status_code, answer.text) == (404, "404 Not Found\n")


def test_a_feed_stays_a_feed_whatever_is_accepted(site: Site) -> None:
    answer = site.get("/all/rss.xml", {"Accept": "text/html"})
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert answer.headers["Last-Modified"] == CHANGED.strftime("%a, %d %b %Y %H:%M:%S GMT")
