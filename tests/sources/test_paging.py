"""Lists of several pages, and the archives of new sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.config.settings import Source
from aggregator.errors import FetchError, PausedError
from aggregator.fetch.exchange import Fetched, NotModified, Request
from aggregator.model import SourceState
from aggregator.sources import KINDS, Harvest
from tests.sources.desk import FIELDS, LIST, Answers, collect, knows, rows, source

SITE = "https://rain.example"
KNOWN = SourceState("rain", etag='"1"', last_ok_at=datetime(2026, 11, 20, tzinfo=UTC))


def titles(harvest: Harvest) -> list[str]:
    return [entry.title for entry in harvest.feed.entries]


def guids(harvest: Harvest) -> dict[str, str]:
    return {entry.guid: entry.fingerprint for entry in harvest.feed.entries}


# ── JSON ──────────────────────────────────────────────────────────────────────────────────────────


def linked(**keys: Any) -> Source:
    return source(
        "json", **{"items": "rows", "fields": FIELDS, "next": "links.next", "pages": 9} | keys
    )


def numbered(**keys: Any) -> Source:
    return linked(next="?page={page}", **keys)


def chain(*pages: str) -> Answers:
    """Return JSON pages, each a text of one-letter titles, which name the next one."""
    documents: dict[str, Any] = {}
    for number, letters in enumerate(pages, 1):
        following = f"/list?page={number + 1}" if number < len(pages) else None
        document = rows(*letters) | {"links": {"next": following}}
        documents[LIST if number == 1 else f"{LIST}?page={number}"] = document
    return Answers(documents)


def test_pages_are_followed_by_the_address_that_each_one_names() -> None:
    answers = chain("abc", "def", "g")
    assert titles(collect(linked(), answers)) == list("abcdefg")
    assert answers.urls == [LIST, f"{LIST}?page=2", f"{LIST}?page=3"]


def test_pages_are_followed_by_their_number() -> None:
    answers = chain("abc", "def")
    harvest = collect(numbered(), answers)
    assert titles(harvest) == list("abcdef")
    assert answers.urls == [LIST, f"{LIST}?page=2", f"{LIST}?page=3"]
    assert harvest.complete
    assert harvest.feed.bad == ()  # nobody said that there is a third page


@pytest.mark.parametrize("last", [rows("c"), rows(), {"rows": None}, {"error": "no such page"}])
def test_a_page_without_anything_new_is_the_last(last: Mapping[str, Any]) -> None:
    answers = chain("abc")
    for number in (2, 3, 4):
        answers.documents[f"{LIST}?page={number}"] = last
    harvest = collect(numbered(), answers)
    assert titles(harvest) == list("abc")
    assert answers.urls == [LIST, f"{LIST}?page=2"]
    assert harvest.complete


def test_pages_are_read_up_to_their_bound() -> None:
    assert titles(collect(linked(pages=2), chain("a", "b", "c"))) == ["a", "b"]


def test_reading_stops_at_the_first_page_that_brings_nothing_unknown() -> None:
    stored = guids(collect(linked(), chain("cd", "ef", "gh")))
    answers = chain("ab", "cd", "ef", "gh")
    harvest = collect(linked(), answers, state=KNOWN, known=knows(stored))
    assert titles(harvest) == list("abcd")
    assert len(answers.asked) == 2


def test_after_a_look_that_was_not_complete_all_pages_are_read() -> None:
    stored = guids(collect(linked(), chain("ab")))
    again = SourceState("rain", last_ok_at=KNOWN.last_ok_at)  # its validators were not kept
    harvest = collect(linked(), chain("ab", "cd", "ef"), state=again, known=knows(stored))
    assert titles(harvest) == list("abcdef")


def test_a_page_that_fails_keeps_what_came_and_is_asked_for_again() -> None:
    answers = Unwell(chain("ab", "cd", "ef"), f"{LIST}?page=2", 503)
    harvest = collect(linked(), answers, state=KNOWN)
    assert titles(harvest) == ["a", "b"]
    assert [str(bad) for bad in harvest.feed.bad] == ["entry 'page 2': answered 503"]
    assert not harvest.complete


def test_a_page_that_is_named_and_not_there_is_the_end_and_said() -> None:
    answers = chain("ab", "cd")
    del answers.documents[f"{LIST}?page=2"]
    harvest = collect(linked(), answers)
    assert titles(harvest) == ["a", "b"]
    assert [bad.entry for bad in harvest.feed.bad] == ["page 2"]
    assert harvest.complete


def test_pages_that_lead_in_a_circle_end() -> None:
    answers = chain("a", "b")
    answers.documents[f"{LIST}?page=2"]["links"] = {"next": "/list"}
    assert titles(collect(linked(), answers)) == ["a", "b"]
    assert len(answers.asked) == 2


@pytest.mark.parametrize("following", ["https://other.example/2", "file:///etc/passwd", "", 7, {}])
def test_pages_are_followed_on_their_host_alone(following: Any) -> None:
    answers = chain("a", "b")
    answers.documents[LIST]["links"] = {"next": following}
    collect(linked(), answers)
    assert all(url.startswith(SITE) for url in answers.urls)


def test_an_entry_on_two_pages_is_one() -> None:
    assert titles(collect(linked(), chain("abc", "cd"))) == list("abcd")


def test_each_row_of_a_further_page_gets_its_detail() -> None:
    answers = chain("a", "b")
    answers.documents |= {f"{SITE}/N-{letter}": {"text": letter} for letter in "ab"}
    fields = {"id": "code", "title": "head", "content": "detail.text"}
    harvest = collect(linked(detail="/{code}", fields=fields), answers)
    assert [entry.content for entry in harvest.feed.entries] == ["a", "b"]


@pytest.mark.parametrize("next_", ["links.", "?page={page", "{page}{x}"])
def test_what_cannot_lead_to_a_page_is_a_fault(next_: str) -> None:
    assert [keys for keys, _ in KINDS["json"].check(linked(next=next_))] == [("next",)]


# ── HTML ──────────────────────────────────────────────────────────────────────────────────────────

BLOG = {"items": "article", "fields": {"title": "h2", "link": "a@href"}, "next": "a.next"}


def blog(pages: int, each: int = 2) -> Answers:
    """Return the pages of a blog, which lead from one to the next below `/page/`."""
    documents: dict[str, Any] = {}
    for number in range(1, pages + 1):
        posts = "".join(
            f"<article><h2><a href='/{number}/{post}'>{number}.{post}</a></h2></article>"
            for post in range(each)
        )
        following = f"<a class=next href='/page/{number + 1}'>older</a>" if number < pages else ""
        url = LIST if number == 1 else f"{SITE}/page/{number}"
        documents[url] = f"<html><body>{posts}{following}".encode()
    return Answers(documents)


def test_a_pages_link_to_the_next_is_followed() -> None:
    harvest = collect(source("html", **BLOG, pages=3), blog(9))
    assert titles(harvest) == ["1.0", "1.1", "2.0", "2.1", "3.0", "3.1"]


def test_a_page_without_rows_is_the_end() -> None:
    answers = blog(2)
    answers.documents[f"{SITE}/page/2"] = b"<p>Nothing here."
    harvest = collect(source("html", **BLOG, pages=3), answers)
    assert titles(harvest) == ["1.0", "1.1"]
    assert harvest.complete


def test_the_history_of_a_new_page_is_read_to_its_end() -> None:
    answers = blog(12)
    harvest = collect(source("html", **BLOG, history=True), answers)
    assert len(titles(harvest)) == 24
    later = blog(13)
    collect(source("html", **BLOG, history=True), later, state=KNOWN, known=knows(guids(harvest)))
    assert later.urls == [LIST]


def test_a_history_has_an_end_at_a_hundred_pages() -> None:
    answers = blog(120, each=1)
    assert len(titles(collect(source("html", **BLOG, history=True), answers))) == 100


def test_a_history_comes_with_its_pages_at_once() -> None:
    answers = blog(30)
    articles = {
        f"{SITE}/{number}/{post}": b"<main>It rained.</main>"
        for number in range(1, 31)
        for post in range(2)
    }
    answers.documents |= articles
    keys = BLOG | {"fields": {"title": "h2", "link": "a@href", "content": "detail.main"}}
    origin = source("html", **keys, detail="{+link}", history=True, first="all")
    harvest = collect(origin, answers)
    assert [entry.content for entry in harvest.feed.entries] == ["It rained."] * 60
    assert harvest.complete


# ── feeds ─────────────────────────────────────────────────────────────────────────────────────────


def archived(*pages: str, rel: str = "prev-archive") -> Answers:
    """Return Atom documents, each a text of one-letter titles, the first being the feed itself."""
    documents: dict[str, Any] = {}
    for number, letters in enumerate(pages):
        entries = "".join(
            f"<entry><id>tag:rain.example,2026:{letter}</id><title>{letter}</title></entry>"
            for letter in letters
        )
        link = (
            f"<link rel='{rel}' href='/archive/{number + 1}'/>" if number + 1 < len(pages) else ""
        )
        body = (
            f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Rain</title>{link}{entries}</feed>"
        )
        documents[LIST if number == 0 else f"{SITE}/archive/{number}"] = body.encode()
    return Answers(documents)


@pytest.mark.parametrize("rel", ["prev-archive", "next"])
def test_the_archive_of_a_new_feed_is_read_to_its_end(rel: str) -> None:
    answers = archived("ef", "cd", "ab", rel=rel)
    assert titles(collect(source(history=True), answers)) == list("efcdab")
    assert answers.asked[1].page is False


def test_a_json_feed_leads_to_its_next_page() -> None:
    def document(letter: str, following: str) -> bytes:
        version = "https://jsonfeed.org/version/1.1"
        items = [{"id": letter, "title": letter}]
        return json.dumps({"version": version, "items": items, "next_url": following}).encode()

    answers = Answers({LIST: document("b", "/2"), f"{SITE}/2": document("a", "")})
    assert titles(collect(source(history=True), answers)) == ["b", "a"]


def test_without_history_the_archive_is_left_alone() -> None:
    answers = archived("ef", "cd")
    assert titles(collect(source(), answers)) == ["e", "f"]
    assert answers.urls == [LIST]


def test_of_a_known_feed_the_archive_is_left_alone() -> None:
    answers = archived("ef", "cd")
    assert titles(collect(source(history=True), answers, state=KNOWN)) == ["e", "f"]


def test_the_newest_version_of_an_entry_counts() -> None:
    answers = archived("ab", "bc")
    newer = answers.documents[LIST].replace(b"<title>b</title>", b"<title>better</title>")
    answers.documents[LIST] = newer
    assert titles(collect(source(history=True), answers)) == ["a", "better", "c"]


@pytest.mark.parametrize("failures", [0, 1, 2])
def test_a_new_source_comes_whole_or_is_tried_again(failures: int) -> None:
    answers = Unwell(archived("ef", "cd", "ab"), f"{SITE}/archive/2", 503)
    with pytest.raises(FetchError, match="page 3: answered 503"):
        collect(source(history=True), answers, state=SourceState("rain", failures=failures))


def test_after_three_failures_a_new_source_comes_without_what_fails() -> None:
    answers = Unwell(archived("ef", "cd", "ab"), f"{SITE}/archive/2", 503)
    harvest = collect(source(history=True), answers, state=SourceState("rain", failures=3))
    assert titles(harvest) == list("efcd")
    assert [bad.entry for bad in harvest.feed.bad] == ["page 3"]
    assert harvest.complete  # nobody will ask for it again


def test_an_archive_that_is_gone_costs_only_itself() -> None:
    answers = archived("ef", "cd", "ab")
    del answers.documents[f"{SITE}/archive/2"]
    harvest = collect(source(history=True), answers)
    assert titles(harvest) == list("efcd")
    assert harvest.complete


def test_a_host_that_wants_to_be_left_alone_meanwhile_is() -> None:
    again = datetime(2026, 11, 23, tzinfo=UTC)
    answers = Unwell(
        archived("ef", "cd"), f"{SITE}/archive/1", PausedError("later", retry_at=again)
    )
    with pytest.raises(PausedError) as paused:
        collect(source(history=True), answers)
    assert paused.value.retry_at == again


class Unwell:
    """Answers, but fails at one address."""

    def __init__(self, answers: Answers, url: str, fault: int | FetchError) -> None:
        self._answers = answers
        self._url = url
        self._fault = fault

    def get(self, request: Request) -> Fetched | NotModified:
        if request.url != self._url:
            return self._answers.get(request)
        if isinstance(self._fault, FetchError):
            raise self._fault
        raise FetchError(f"answered {self._fault}", status=self._fault)
