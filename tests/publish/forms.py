"""Each form of attribution as it is published, for `golden/`: `make golden` writes that anew.

`<form>.rss.xml`, `.atom.xml` and `.json` hold one entry each, `.html` what its page says. `whole.*`
are whole feeds, with everything that stands around the entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from aggregator.config.settings import Source
from aggregator.model import (
    Article,
    Attribution,
    Enclosure,
    Entry,
    Feed,
    Month,
    Origin,
    Person,
    Report,
    Term,
)
from aggregator.normalise.article import normalise
from aggregator.publish import atom, json_feed, rss, terms
from aggregator.publish.article_page import article_page
from aggregator.publish.press import Press
from aggregator.publish.rendering import channel_documents
from tests.normalise.places import place
from tests.publish.desk import CHINESE, NOW, WORLD, article, chinese, press

_OF_THE_ARTICLE = re.compile(r'rel="canonical"|name="robots"|application/ld\+json|"og:|"article:')
GOLDEN = Path(__file__).with_name("golden")
FEED = "https://news.example/feed.xml"
SITE = "https://news.example/"
MAIL = Report(
    Attribution("Mail & Echo", "https://mail.example/", "https://mail.example/feed"),
    "https://mail.example/ferry?a=1&b=2",
    "No ferry, says the office",
    NOW,
)
GAZETTE = Report(Attribution("The Gazette"), "", "Ferry stops", NOW)


def allowed(content: str) -> Press:
    """Return a press that may publish so much of the source's articles."""
    source = Source.model_validate({"id": "courier", "url": FEED, "content": content})
    return replace(press(), sources={"courier": source})


def of_an_aggregate() -> Article:
    """Return the article of an entry that an aggregate passes on, and says whose it is."""
    told = Entry(
        id="tag:original.example,2022:1",
        title="Ferry 1 stops",
        link="https://original.example/1",
        published="2022-01-17T11:00:00Z",
        authors=(Person("Alice Li"),),
        content="<p>The harbour was quiet.</p>",
        origin=Origin(
            "The Original", "https://original.example/feed", "https://original.example/",
            "tag:original.example,2020:feed", "CC BY-SA",
        ),
    )  # fmt: skip
    planet = Feed(
        title="Planet Ferry", link="https://planet.example/", id="https://planet.example/"
    )
    made = normalise(told, place(planet, category="World"), datetime(2022, 1, 17, 12, tzinfo=UTC))
    assert made is not None
    return made


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
    "of_an_aggregate": (press(), of_an_aggregate()),
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
    "excerpt": (allowed("excerpt"), article()),
    "link": (allowed("link"), article()),
    "also_reported_by_two": (press(), article(also=(MAIL, GAZETTE))),
    "also_reported_in_chinese": (press(CHINESE), chinese(also=(MAIL, GAZETTE))),
    "also_reported_without_credit_line": (press(credit=""), article(also=(MAIL,))),
}
RICH = article(
    2,
    updated=NOW,
    terms=(Term("Ships", "https://courier.example/sections", "ship"),),
    enclosures=(Enclosure("https://courier.example/a.mp3", "audio/mpeg", 7, "Listen", 90),),
    image="https://courier.example/a.png",
)


def _about_the_article(page: str) -> str:
    """Return what of a page is of its article: what it says of the original, and its text."""
    head, text = page.partition("<main")[::2]
    said = [line for line in head.splitlines() if _OF_THE_ARTICLE.search(line)]
    return "\n".join([*said, "<main" + text.partition("</main>")[0] + "</main>\n"])


def golden() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file."""
    for form, (with_press, one) in FORMS.items():
        shown, language = terms.fitted(with_press, one), with_press.site.language
        yield f"{form}.rss.xml", rss.item(with_press, shown, language).decode() + "\n"
        yield f"{form}.atom.xml", atom.entry(with_press, shown, language).decode() + "\n"
        yield f"{form}.json", json_feed.item(with_press, shown, language).decode() + "\n"
        (page,) = article_page(with_press, shown)
        yield f"{form}.html", _about_the_article(page.body.decode())
    channel = replace(WORLD, months=(Month("2021-12", 700),))
    formats = ["rss", "atom", "json"]
    with_hub = press(formats=formats, hub="https://hub.example/")
    for document in channel_documents(with_hub, channel, [article(), RICH]):
        kind = {"rss": "rss.xml", "atom": "atom.xml", "feed": "json"}
        yield f"whole.{kind[Path(document.path).stem]}", document.body.decode()


def main() -> None:
    """Write the files anew, and delete those that no form has."""
    texts = dict(golden())
    for path in GOLDEN.iterdir():
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (GOLDEN / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
