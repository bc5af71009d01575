"""explain, release and what status says of held articles, from outside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aggregator.cli.composition import Invocation
from aggregator.cli.explaining import explain_article
from aggregator.cli.status import show_status
from aggregator.cli.working import Wanted, refresh_once, release_held
from aggregator.errors import AggregatorError
from tests.cli.inside import aggregator
from tests.command import files
from tests.web import Answer, document, serving

Items = dict[str, dict[str, str]]

KEYS = {
    "id", "public_id", "source", "guid", "title", "standing", "first_seen", "published", "dated",
    "updated", "link", "share_link", "candidates", "rules", "aliases", "revisions", "categories",
    "channels", "told_through", "also", "documents", "credit", "removal", "log", "corrections",
    "leaving", "addresses", "feeds", "given",
}  # fmt: skip


def feed(items: Items, site: str = "https://paper.example") -> bytes:
    """Return an RSS document; an item's keys are its elements, beside those it has anyway."""
    rendered = ""
    for number, (name, changes) in enumerate(items.items()):
        elements = {
            "guid": f"{site}/{name}",
            "link": f"{site}/{name}",
            "title": f"About {name}",
            "pubDate": f"Fri, 20 Nov 2026 10:{59 - number % 60:02}:00 GMT",
            "description": f"What is new about {name}.",
            **changes,
        }
        inner = "".join(f"<{key}>{text}</{key}>" for key, text in elements.items() if text)
        rendered += f"<item>{inner}</item>"
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>The Paper</title>'
        f"<link>{site}/</link><description>News</description>{rendered}</channel></rss>"
    ).encode()


_ABOUT_SOURCES = {"sources.html", "manifest.json"}


class Desk:
    """A source that is served, and the commands that work on it, in this process."""

    def __init__(
        self, folder: Path, port: int, answers: dict[str, Answer], out: pytest.CaptureFixture[str]
    ) -> None:
        self.folder = folder
        self._answers = answers
        self._out = out
        self._invocation = Invocation(folder / "config.toml", quiet=True)
        self._configuration = (
            '[site]\nurl = "https://news.example.org"\n'
            f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\nspacing = "0s"\n'
            f'[[source]]\nid = "paper"\nurl = "http://127.0.0.1:{port}/feed"\nevery = "30s"\n'
        )
        self.write("")

    def write(self, keys: str) -> None:
        """Write the configuration, with these keys of the source."""
        (self.folder / "config.toml").write_text(self._configuration + keys, encoding="utf-8")

    def serve(self, items: Items, site: str = "https://paper.example") -> None:
        self._answers["/feed"] = document(feed(items, site))

    def refresh(self) -> dict[str, Any]:
        """Refresh; return the row of the source, and what was published."""
        wanted = Wanted((), everything=True, publish=True)
        assert refresh_once(self._invocation, wanted, as_json=True) == 0
        done = json.loads(self._out.readouterr().out)
        return {**done["sources"][0], "published": done["published"]}

    def explain(self, subject: str) -> dict[str, Any]:
        explain_article(self._invocation, subject, as_json=True)
        told = json.loads(self._out.readouterr().out)
        assert isinstance(told, dict)
        return told

    def explain_to_people(self, subject: str) -> str:
        explain_article(self._invocation, subject, as_json=False)
        return self._out.readouterr().out

    def status(self) -> dict[str, Any]:
        show_status(self._invocation, "", as_json=True)
        row = json.loads(self._out.readouterr().out)["sources"][0]
        assert isinstance(row, dict)
        return row

    def release(self, *, drop: bool) -> Any:
        assert release_held(self._invocation, ["paper"], drop=drop, as_json=True) == 0
        return json.loads(self._out.readouterr().out)

    def published(self) -> dict[str, bytes]:
        """Return every published file but the page about sources and the manifest that names it."""
        found = {path: body for path, (_, body) in files(self.folder / "feeds").items()}
        return {path: body for path, body in found.items() if path not in _ABOUT_SOURCES}


@pytest.fixture
def desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.chdir(tmp_path)
    answers: dict[str, Answer] = {}
    with serving(answers) as port:
        yield Desk(tmp_path, port, answers, capsys)


def test_everything_that_names_an_article_explains_it(desk: Desk) -> None:
    desk.serve({"storks": {"guid": "tag:paper.example,2026:storks"}, "rates": {}})
    desk.refresh()
    told = desk.explain("tag:paper.example,2026:storks")
    page = next(path for path in told["documents"] if path.startswith("paper/"))
    names: list[str] = [
        told["id"],
        told["public_id"],
        told["link"],
        "http://paper.example/storks",
        "https://paper.example/storks?utm_source=rss#top",
        page,
        f"/{page}",
        f"feeds/{page}",
        f"https://news.example.org/{page}",
        f"https://news.example.org/elsewhere/{told['id']}.html",
        *told["documents"],
    ]
    for name in names:
        assert desk.explain(name) == told, name


def test_an_article_that_is_not_known_is_said_so_in_a_sentence(desk: Desk) -> None:
    desk.serve({"storks": {}})
    desk.refresh()
    for name in ("https://paper.example/none", "0123456789", "paper/index.html", ""):
        with pytest.raises(AggregatorError, match=r"nothing here is known as .*search`"):
            desk.explain(name)
    ended = aggregator(desk.folder, "explain", "nonsense")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("error: nothing here is known as 'nonsense'")


def test_the_json_has_the_shape_that_programs_read(desk: Desk) -> None:
    rule = '[[source.rule]]\nmatch = "About"\nreplace = "On"\n'
    desk.write(f'share_link = "https://share.example/{{id}}"\nlicence = "CC BY 4.0"\n{rule}')
    desk.serve({"storks": {"guid": "17"}})
    desk.refresh()
    told = desk.explain("17")
    assert set(told) == KEYS
    assert (told["title"], told["standing"], told["dated"]) == ("On storks", "published", True)
    assert told["published"] == "2026-11-20T10:59:00Z"
    assert told["share_link"] == "https://share.example/17"
    assert told["candidates"] == [
        {"url": "https://share.example/17", "reason": "the source's share_link", "chosen": True},
        {"url": "https://paper.example/storks", "reason": "the entry's link", "chosen": False},
    ]
    assert told["rules"] == [
        {
            "rule": 'match = "About", replace = "On"',
            "effect": "replaced",
            "value": "On storks",
        }
    ]
    assert told["aliases"] > 0
    assert (told["categories"], told["channels"]) == (["paper"], ["all", "paper"])
    assert told["credit"]["publisher"] == "The Paper"
    assert told["credit"]["rights"] == "CC BY 4.0"
    assert all((desk.folder / "feeds" / path).is_file() for path in told["documents"])


def test_the_entry_is_shown_as_its_source_gave_it_before_rules_and_cleaning(desk: Desk) -> None:
    desk.write('[[source.rule]]\nmatch = "About"\nreplace = "On"\n')
    body = "&lt;p onclick='x()'&gt;Back&lt;script&gt;y()&lt;/script&gt;&lt;/p&gt;"
    long = {"description": "word " * 50, "author": "ada@paper.example (Ada)"}
    desk.serve({"storks": {"description": body, "category": "Birds"}, "rates": long})
    desk.refresh()
    told = desk.explain("https://paper.example/storks")
    assert told["title"] == "On storks"
    assert told["given"] == {
        "id": "https://paper.example/storks",
        "title": "About storks",
        "link": "https://paper.example/storks",
        "permalink": "https://paper.example/storks",
        "published": "Fri, 20 Nov 2026 10:59:00 GMT",
        "summary": "<p onclick='x()'>Back<script>y()</script></p>",
        "terms": [{"label": "Birds"}],
    }
    shown = desk.explain_to_people("https://paper.example/rates")
    assert "as given     id: https://paper.example/rates\n" in shown
    assert "             published: Fri, 20 Nov 2026 10:58:00 GMT\n" in shown
    assert 'authors: [{"name": "Ada", "email": "ada@paper.example"}]\n' in shown
    assert "word word…" in shown


def test_what_is_kept_of_an_entry_follows_its_edits(desk: Desk) -> None:
    desk.serve({"storks": {}})
    desk.refresh()
    desk.serve({"storks": {"title": "Storks back", "description": ""}})
    desk.refresh()
    given = desk.explain("https://paper.example/storks")["given"]
    assert (given["title"], given.get("summary")) == ("Storks back", None)


def test_edits_are_kept_and_shown_and_a_changed_rule_is_none(desk: Desk) -> None:
    desk.serve({"storks": {}})
    desk.refresh()
    for title in ("Storks back", "Storks are back"):
        desk.serve({"storks": {"title": title}})
        assert desk.refresh()["changed"] == 1
    desk.write('[[source.rule]]\nmatch = "Storks"\nreplace = "Birds"\n')
    assert desk.refresh()["changed"] == 1
    told = desk.explain("https://paper.example/storks")
    edits = [(edit["title"], edit["new_title"]) for edit in told["revisions"]]
    assert edits == [("About storks", "Storks back"), ("Storks back", "Birds are back")]
    assert told["updated"] == told["published"], "by default an edit is quiet"
    shown = desk.explain_to_people("https://paper.example/storks")
    assert "title 'About storks' → 'Storks back'; text 25 → 25 characters" in shown


def test_significant_edits_move_the_date_of_update(desk: Desk) -> None:
    desk.write('edits = "significant"\n')
    desk.serve({"storks": {}})
    desk.refresh()
    desk.serve({"storks": {"title": "About storks."}})
    desk.refresh()
    told = desk.explain("https://paper.example/storks")
    assert told["updated"] == told["published"], "a full stop is not significant"
    desk.serve({"storks": {"title": "Storks are back"}})
    desk.refresh()
    told = desk.explain("https://paper.example/storks")
    assert told["updated"] >= told["first_seen"] > told["published"]
    (correction,) = told["corrections"]
    assert correction["seen"] == told["updated"]
    assert correction["public_id"] == f"tag:news.example.org,{told['updated'][:4]}:{told['id']}/2"


def test_for_people_it_is_a_page_of_text(desk: Desk) -> None:
    desk.serve({"storks": {"pubDate": ""}})
    desk.refresh()
    shown = desk.explain_to_people("https://paper.example/storks")
    assert shown.startswith("About storks\n  standing     published\n")
    for words in (
        "✓ https://paper.example/storks (the entry's link)",
        "paper, as https://paper.example/storks",
        "(first seen: the source gave no date)",
        "The Paper, https://paper.example/",
        "all, paper",
    ):
        assert words in shown, words


def test_a_source_that_moves_to_https_changes_only_where_sources_are_listed(desk: Desk) -> None:
    items: Items = {f"subject-{number}": {} for number in range(30)}
    desk.serve(items, "http://paper.example")
    assert desk.refresh()["new"] == 30
    before = desk.published()
    desk.serve(items, "https://paper.example")
    row = desk.refresh()
    assert (row["new"], row["changed"], row["unchanged"], row["held"]) == (0, 0, 30, 0)
    assert row["published"] == ["sources.html"]
    assert desk.published() == before
    desk.serve({"news": {"pubDate": "Sat, 21 Nov 2026 10:00:00 GMT"}, **items})
    assert desk.refresh()["new"] == 1


def test_a_flood_is_held_and_said_until_it_is_released(desk: Desk) -> None:
    desk.serve({f"subject-{number}": {} for number in range(20)})
    desk.refresh()
    desk.serve({f"page/{number}": {} for number in range(100, 120)}, "https://new.example")
    desk.refresh()
    # What is dated as before and called otherwise is held; the newest of it is not newer either.
    status = desk.status()
    assert (status["state"], status["held"]) == ("ok", 20)
    assert "holds 20 articles" in status["note"]
    told = desk.explain("https://new.example/page/100")
    assert (told["standing"], told["documents"]) == ("held", [])
    assert "aggregator release paper" in desk.explain_to_people("https://new.example/page/100")
    done = desk.release(drop=False)
    assert done["released"] == 20
    assert "paper/rss.xml" in done["published"]
    titles = [
        item["title"]
        for item in json.loads((desk.folder / "feeds/paper/feed.json").read_bytes())["items"]
    ]
    assert len(titles) == 40
    assert desk.status()["note"] is None


def test_what_is_dropped_is_never_published(desk: Desk) -> None:
    desk.serve({f"subject-{number}": {} for number in range(20)})
    desk.refresh()
    before = desk.published()
    desk.serve({f"page/{number}": {} for number in range(100, 120)}, "https://new.example")
    assert desk.refresh()["held"] == 20
    assert desk.release(drop=True) == {"dropped": 20, "kept": 0, "published": []}
    assert desk.published() == before
    assert desk.explain("https://new.example/page/100")["standing"] == "unlisted"


def test_a_source_that_is_not_configured_cannot_be_released(desk: Desk) -> None:
    assert aggregator(desk.folder, "release", "nonsense").status == 2
