"""How each form of attribution is written, whole: one file for each form and format.

The files are in `tests/data/publish`: `<form>.rss`, `.atom` and `.json` hold one entry each.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.model import Article, Attribution, Person, Report
from aggregator.publish import Press, atom, json_feed, rss
from tests.publish.desk import CHINESE, NOW, article, chinese, press

DATA = Path(__file__).parents[1] / "data" / "publish"
FEED = "https://news.example/feed.xml"
SITE = "https://news.example/"
MAIL = Report(
    Attribution("Mail & Echo", "https://mail.example/", "https://mail.example/feed"),
    "https://mail.example/ferry?a=1&b=2",
    "No ferry, says the office",
    NOW,
)
GAZETTE = Report(Attribution("The Gazette"), "", "Ferry stops", NOW)

FORMS: dict[str, tuple[Press, Article]] = {
    "author_publisher_and_feed": (press(), article()),
    "two_authors": (press(), article(authors=(Person("Alice Li"), Person("Bob Ng")))),
    "no_author": (press(), article(authors=())),
    "no_feed_address": (press(), article(attribution=Attribution("Example News", SITE))),
    "publisher_name_alone": (press(CHINESE), chinese()),
    "no_address_at_all": (
        press(),
        article(attribution=Attribution("Example News"), link="", share_link=""),
    ),
    "licence_and_feed_id": (
        press(),
        article(
            attribution=Attribution("Example News", SITE, FEED, "tag:news.example,2020:f", "CC BY")
        ),
    ),
    "unfit_characters_in_names": (
        press(),
        article(
            authors=(Person("Li, Alice (Reuters)"),),
            attribution=Attribution("R&D <News>; Inc.", SITE, FEED),
        ),
    ),
    "own_credit_line": (press(credit="By {author?}, {publisher}: {link}"), article()),
    "no_credit_line": (press(credit=""), article()),
    "other_language": (press(), chinese(categories=("World",))),
    "also_reported_by_two": (press(), article(also=(MAIL, GAZETTE))),
    "also_reported_in_chinese": (press(CHINESE), chinese(also=(MAIL, GAZETTE))),
    "also_reported_without_credit_line": (press(credit=""), article(also=(MAIL,))),
}


def entry(form: str, kind: str) -> str:
    with_press, one = FORMS[form]
    language = with_press.site.language
    if kind == "json":
        return json_feed.item(with_press, one, language)
    return (rss.item if kind == "rss" else atom.entry)(with_press, one, language).decode()


@pytest.mark.parametrize("kind", ["rss", "atom", "json"])
@pytest.mark.parametrize("form", FORMS)
def test_attribution_is_written_as_it_was_agreed(form: str, kind: str) -> None:
    assert entry(form, kind) == (DATA / f"{form}.{kind}").read_text(encoding="utf-8").rstrip("\n")


def test_every_agreed_file_belongs_to_a_form() -> None:
    assert {path.stem for path in DATA.iterdir()} == set(FORMS)
