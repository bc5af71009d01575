"""article hide, show, takedown and log, from outside."""

from __future__ import annotations

import getpass
import json
import re
from pathlib import Path

import feedparser
import pytest

from tests.cli.inside import aggregator
from tests.cli.test_explain import feed
from tests.command import files
from tests.store.test_removals import traces

CONFIG = """
[site]
url = "https://reader.example"

[[source]]
id = "paper"
url = "paper.xml"
category = "news"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "paper.xml").write_bytes(feed({"storks": {}, "rates": {}, "rivers": {}}))
    assert aggregator(tmp_path, "--quiet", "refresh").status == 0
    return tmp_path


def titles(folder: Path) -> list[str]:
    return [
        item["title"]
        for item in json.loads((folder / "feeds/news/feed.json").read_bytes())["items"]
    ]


def published(folder: Path) -> dict[str, bytes]:
    found = {path: body for path, (_, body) in files(folder / "feeds").items()}
    del found["manifest.json"]
    return found


def test_an_article_is_hidden_and_shown_again(folder: Path) -> None:
    before = published(folder)
    done = aggregator(
        folder,
        "article",
        "hide",
        "https://paper.example/rates",
        "--reason",
        " not\n true ",
        "--json",
    ).json()
    (hidden,) = done["articles"]
    assert done["action"] == "hide"
    assert (hidden["title"], hidden["source"], hidden["changed"]) == ("About rates", "paper", True)
    assert hidden["public_id"] == "https://paper.example/rates"
    assert {"news/rss.xml", "news/atom.xml", "all/feed.json", "index.html"} <= set(
        done["published"]
    )
    assert titles(folder) == ["About storks", "About rivers"]
    again = aggregator(
        folder, "article", "hide", hidden["id"], "--reason", "not true", "--json"
    ).json()
    assert (again["articles"][0]["changed"], again["published"]) == (False, [])
    shown = aggregator(folder, "article", "show", hidden["id"])
    assert shown.out.startswith(f"shown again: About rates ({hidden['id']} of paper)\n")
    assert published(folder) == before
    log = aggregator(folder, "article", "log", "--json").json()
    assert [(one["action"], one["reason"], one["who"]) for one in log] == [
        ("show", "", getpass.getuser()),
        ("hide", "not true", getpass.getuser()),
    ]
    assert set(log[0]) == {"at", "who", "action", "article", "public_id", "source", "reason"}


def test_what_comes_next_is_said_after_each_to_people_alone(folder: Path) -> None:
    reason = ("--reason", "x")
    id_ = aggregator(folder, "explain", "https://paper.example/rates", "--json").json()["id"]
    hidden = aggregator(folder, "article", "hide", id_, *reason).out
    assert hidden.endswith(f"next:\n  1. aggregator article show {id_}    # undoes it\n")
    shown = aggregator(folder, "article", "show", id_).out
    assert shown.endswith(f"next:\n  1. aggregator explain {id_}    # where it is listed again\n")
    down = aggregator(folder, "article", "takedown", id_, *reason).out
    assert down.endswith("next:\n  1. aggregator article log    # who did what, when and why\n")
    assert "next:" in aggregator(folder, "release", "paper").out
    other = "https://paper.example/storks"
    assert "next:" not in aggregator(folder, "--quiet", "article", "hide", other, *reason).out
    assert "next:" not in aggregator(folder, "--quiet", "release", "paper").out
    assert "next" not in aggregator(folder, "article", "show", other, "--json").out
    assert "next" not in aggregator(folder, "release", "paper", "--json").out


def test_every_name_of_an_article_will_do_and_the_page_of_one_that_is_gone(folder: Path) -> None:
    pages = [path for path, body in published(folder).items() if b"About rates</h1>" in body]
    (page,) = pages
    for name in (f"https://reader.example/{page}", page, "https://paper.example/rates"):
        assert aggregator(folder, "article", "hide", name, "--reason", "x").status == 0
        assert titles(folder) == ["About storks", "About rivers"]
        assert aggregator(folder, "article", "show", name).status == 0
        assert len(titles(folder)) == 3


def test_several_are_done_at_once_or_none(folder: Path) -> None:
    names = [f"https://paper.example/{name}" for name in ("storks", "rates")]
    failed = aggregator(folder, "article", "hide", *names, "nonsense", "--reason", "x")
    assert failed.status == 1
    assert failed.err.startswith("error: nothing here is known as 'nonsense'")
    assert len(titles(folder)) == 3
    assert aggregator(folder, "article", "hide", *names, "--reason", "x").status == 0
    assert titles(folder) == ["About rivers"]


def test_a_name_of_several_articles_is_refused_with_their_ids(folder: Path) -> None:
    config = (folder / "config.toml").read_text()
    (folder / "config.toml").write_text(
        config + '[[source]]\nid = "mirror"\nurl = "paper.xml"\ncategory = "other"\n'
    )
    assert aggregator(folder, "--quiet", "refresh").status == 0
    refused = aggregator(folder, "article", "hide", "https://paper.example/rates", "--reason", "x")
    assert refused.status == 1
    assert "2 articles are known as 'https://paper.example/rates'; give the id: " in refused.err
    id_ = refused.err.rpartition("id: ")[2].split()[0]
    done = aggregator(folder, "article", "takedown", id_, "--reason", "x")
    assert "stays, at the same address: About rates (" in done.err
    (copy,) = set(re.findall(r"([0-9a-z]{10}) \(", refused.err)) - {id_}
    assert f"next:\n  1. aggregator article takedown {copy} --reason …    # other" in done.out
    assert "About rates" in json.dumps(
        titles(folder)
        + [
            item["title"]
            for item in json.loads((folder / "feeds/other/feed.json").read_bytes())["items"]
        ]
    )


def test_a_reason_is_asked_for_before_anything_is_taken_back(folder: Path) -> None:
    for action in ("hide", "takedown"):
        assert aggregator(folder, "article", action, "https://paper.example/rates").status == 2
    assert len(titles(folder)) == 3


def test_what_is_taken_down_leaves_no_trace_and_does_not_come_back(folder: Path) -> None:
    (folder / "paper.xml").write_bytes(
        feed({"storks": {}, "rates": {"description": "Xylophonquark."}})
    )
    aggregator(folder, "--quiet", "refresh", "--all")
    (folder / "aggregator.db.backups").mkdir()
    (folder / "aggregator.db.backups" / "2026-11-01.db").touch()
    done = aggregator(
        folder, "article", "takedown", "https://paper.example/rates",
        "--reason", "court order", "--tell", "--json",
    ).json()  # fmt: skip
    (down,) = done["articles"]
    assert done["backups"] == [str(folder / "aggregator.db.backups" / "2026-11-01.db")]
    assert traces(folder, "Xylophonquark", "About rates") == []
    assert b"Xylophonquark" not in b"".join(published(folder).values())
    atom = feedparser.parse(published(folder)["news/atom.xml"])
    assert [one.id for one in atom.entries] == [
        f"https://paper.example/{name}" for name in ("storks", "rates", "rivers")
    ]
    assert "Reason: court order" in atom.entries[1].content[0].value
    for _ in range(2):
        aggregator(folder, "--quiet", "refresh", "--all")
        assert titles(folder)[1] == "This article was taken down"
        assert b"Xylophonquark" not in b"".join(published(folder).values())
    for action in ("hide", "show"):
        refused = aggregator(folder, "article", action, down["id"], "--reason", "x")
        assert refused.status == 1
        assert "was taken down: its text is gone for good" in refused.err


def test_neither_the_source_under_another_id_nor_its_archive_brings_it_back(folder: Path) -> None:
    posts = folder / "elsewhere"
    posts.mkdir()
    for path in (folder / "feeds" / "_posts").iterdir():
        (posts / path.name).write_bytes(path.read_bytes())
    aggregator(folder, "article", "takedown", "https://paper.example/rates", "--reason", "x")
    (folder / "subscriptions.opml").write_text(
        '<opml version="2.0"><head/><body><outline type="rss" text="P" xmlUrl="https://paper.example/rss"/>'
        "</body></opml>"
    )
    assert aggregator(folder, "import", "jekyll", "elsewhere").status == 0
    config = (folder / "config.toml").read_text()
    (folder / "config.toml").write_text(
        config + '[[source]]\nid = "again"\nurl = "paper.xml"\ncategory = "again"\n'
    )
    assert aggregator(folder, "--quiet", "refresh", "--all").status == 0
    for place, body in published(folder).items():
        assert b"About rates" not in body, place


def test_what_it_is_about_and_what_became_of_it_is_told(folder: Path) -> None:
    aggregator(folder, "article", "hide", "https://paper.example/rates", "--reason", "wrong")
    aggregator(
        folder, "article", "takedown", "https://paper.example/storks", "--reason", "order", "--tell"
    )
    hidden = aggregator(folder, "explain", "https://paper.example/rates", "--json").json()
    assert (hidden["standing"], hidden["title"]) == ("hidden", "About rates")
    assert (hidden["removal"]["reason"], hidden["removal"]["told"]) == ("wrong", False)
    assert [one["action"] for one in hidden["log"]] == ["hide"]
    assert [path.split("/")[0] for path in hidden["documents"]] == ["_gone"]
    down = aggregator(folder, "explain", "https://paper.example/storks")
    assert "taken down: what it said is wiped" in down.out
    assert f"takedown by {getpass.getuser()}: order" in down.out
    assert "About storks" not in down.out
    status = aggregator(folder, "status", "--json").json()
    assert status["removed"] == {"hidden": 1, "withdrawn": 0, "taken-down": 1}
    assert (
        "1 hidden, 1 taken-down; `aggregator article log` says why"
        in aggregator(folder, "status").out
    )
    log = aggregator(folder, "article", "log", "https://paper.example/storks").out
    assert log.count("\n") == 1
    assert "\ttakedown\t" in log


def test_an_operator_can_write_what_he_likes_as_a_reason(folder: Path) -> None:
    reason = "\u202e<b>&amp; \x1b[31m\x08 ' \" 不实"
    done = aggregator(
        folder, "article", "hide", "https://paper.example/rates", "--reason", reason, "--tell"
    )
    assert done.status == 0
    atom = published(folder)["news/atom.xml"]
    assert not feedparser.parse(atom).bozo
    assert "Reason: &lt;b&gt;&amp;amp; " in atom.decode()


def test_a_command_that_was_killed_is_made_up_for_by_the_next_one(folder: Path) -> None:
    from aggregator.pipeline.tasks import Task
    from aggregator.schedule.mailbox import Mailbox

    told = aggregator(folder, "explain", "https://paper.example/rates", "--json").json()
    Mailbox(folder / "aggregator.db").post(Task("hide", (told["id"],), "", "left behind"))
    aggregator(folder, "article", "hide", "https://paper.example/storks", "--reason", "x")
    assert titles(folder) == ["About rivers"]
