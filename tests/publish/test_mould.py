from __future__ import annotations

import random
from typing import Any

import pytest

from aggregator.model import Article, Attribution, Channel, Enclosure, Month, Person, Report, Term
from aggregator.publish import article_page, atom, dates, jekyll, mould, rss, xml_feed
from aggregator.publish.archive import parts
from aggregator.publish.press import Press
from tests.publish.desk import CHINESE, NOW, article, press
from tests.publish.forms import FORMS, RICH

FORMATS = {"rss": rss, "atom": atom}
ODD = "<>&\"'\t\n\r ]\x7f\x85\xa0\u2028\ue000\ue001\ufffd0aä南𝄞"


def text(rng: random.Random) -> str:
    return "".join(rng.choices(ODD, k=rng.choice([0, 1, 2, 7])))


def texts(rng: random.Random, count: int) -> list[str]:
    return [text(rng) for _ in range(count)]


def anything(rng: random.Random) -> Article:
    """Return an article with anything in it that may be published."""
    some = [rng.randrange(3) for _ in range(5)]
    return article(
        title=text(rng),
        link=text(rng),
        share_link=text(rng),
        summary=text(rng),
        content=text(rng),
        language=rng.choice(["", "en", "de", "zh-CN"]),
        authors=tuple(Person(*texts(rng, 3)) for _ in range(some[0])),
        attribution=Attribution(f"P{text(rng)}", *texts(rng, 4)),
        tags=tuple(texts(rng, some[1])),
        terms=tuple(Term(*texts(rng, 3)) for _ in range(some[2])),
        enclosures=tuple(
            Enclosure(rng.choice(["https://a.example/b.mp3", text(rng)]), text(rng), length, "x")
            for length in rng.sample([None, 0, 9], some[3])
        ),
        image=text(rng),
        also=tuple(
            Report(Attribution(*texts(rng, 2)), text(rng), text(rng), NOW) for _ in range(some[4])
        ),
        updated=rng.choice([NOW, article().published]),
    )


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("seed", range(60))
def test_what_is_cast_is_what_would_be_rendered(seed: int, name: str) -> None:
    module: Any = FORMATS[name]
    said = module._said(press(CHINESE), anything(random.Random(seed)), "zh-CN")
    assert mould.cast(module._rendered, said) == module._rendered(said)


@pytest.mark.parametrize("name", FORMATS)
def test_every_form_of_article_is_cast_as_it_would_be_rendered(name: str) -> None:
    module: Any = FORMATS[name]
    for with_press, found in (*FORMS.values(), (press(), RICH)):
        said = module._said(with_press, found, "en")
        assert mould.cast(module._rendered, said) == module._rendered(said)


@pytest.mark.parametrize("seed", range(60))
def test_a_page_and_a_post_that_are_cast_are_as_their_templates_make_them(seed: int) -> None:
    rng = random.Random(seed)
    found = anything(rng)
    for with_press in (press(CHINESE), press({"author": text(rng), "title": f"T{text(rng)}"})):
        home = article_page._home_channel(with_press, found)
        page = article_page._said(with_press, found, "world/2026/11/22/a.html", home)
        cast = mould.printed(article_page._rendered, page, mould.in_page)
        assert cast == article_page._rendered(page)
        post = jekyll._said(with_press, found)
        assert mould.printed(jekyll._rendered, post, str) == jekyll._rendered(post)


def any_channel(rng: random.Random) -> tuple[Press, Channel]:
    """Return a channel with anything in its settings, and a press to render it with."""
    base = rng.choice(["https://a.example", "https://a.example/deep/site"])
    given = {"title": f"T{text(rng)}", "url": base, "language": rng.choice(["en", "zh-CN"])}
    hub = rng.choice(["", "self", "https://hub.example/?a=1&b=2"])
    months = tuple(Month(f"2026-{number:02}", 700) for number in range(1, rng.randrange(1, 4)))
    channel = Channel(
        rng.choice(["world", "nanchang"]),
        text(rng),
        text(rng),
        rng.choice(["", "en", "de"]),
        months=months,
        formats=rng.choice([(), ("rss", "atom")]),
    )
    return press(given, hub=hub), channel


def frames(press: Press, channel: Channel) -> list[tuple[Any, xml_feed.Head]]:
    """Return what is said around the entries of a channel's documents, each with its render."""
    found = []
    for name, render, date in (
        ("rss", rss._frame, dates.rfc822(NOW)),
        ("atom", atom._frame, dates.rfc3339(NOW)),
    ):
        links = xml_feed.own_links(press, channel, name)
        head = xml_feed.head(press, channel, name, f"{channel.slug}/{name}.xml", links, date)
        found.append((render, head))
    for part in parts(channel.months).values():
        links = atom._archive_links(press, channel, part)
        path = f"{channel.slug}/archive/{part.name}.atom.xml"
        head = xml_feed.head(press, channel, "atom", path, links, dates.rfc3339(NOW))
        found.append((atom._archive_frame, head))
    return found


@pytest.mark.parametrize("seed", range(60))
def test_a_head_that_is_cast_is_as_feedgen_would_make_it(seed: int) -> None:
    for render, said in frames(*any_channel(random.Random(seed))):
        assert mould.cast(render, said) == render(said)


@pytest.mark.parametrize("text", ["\x00", "a\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_a_character_that_xml_forbids_is_not_cast(text: str) -> None:
    said = rss._said(press(), article(title=f"News {text}"), "en")
    with pytest.raises(ValueError):  # noqa: PT011 - of lxml, of Unicode or of ours
        mould.cast(rss._rendered, said)


def test_a_hundred_articles_of_one_shape_are_rendered_once() -> None:
    rendered = []

    def render(said: tuple[str, ...]) -> bytes:
        rendered.append(said)
        return f"<a b='{said[0]}'>{said[1]}</a>".encode()

    cast = [mould.cast(render, (f"{number}", "<")) for number in range(100)]
    assert cast[7] == b"<a b='7'>&lt;</a>"
    assert len(rendered) == 1
