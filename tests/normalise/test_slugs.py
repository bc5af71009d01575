from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.normalise.slugs import RESERVED, propose

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


@pytest.mark.parametrize(
    ("label", "slug", "spelling"),
    [
        ("南昌日报", "nanchangribao", "nanchangribao"),
        ("重庆日报", "chongqingribao", "chongqingribao"),
        ("长沙晚报", "changshawanbao", "changshawanbao"),
        ("绿色金融", "lvsejinrong", "lvsejinrong"),
        (
            "21世纪经济报道 21财经APP",
            "21shijijingjibaodao-21caijingapp",
            "21shijijingjibaodao 21caijingAPP",
        ),
        (
            "安信国际证券(香港)",
            "anxinguojizhengquan-xianggang",
            "anxinguojizhengquan(xianggang)",
        ),
        ("Career In 投行PEVC", "career-in-touxingpevc", "Career In touxingPEVC"),
        ("36氪", "36ke", "36ke"),
        ("TechWeb", "techweb", "TechWeb"),
        ("Techweb", "techweb", "Techweb"),
        ("emnews", "emnews", "emnews"),
        ("World News", "world-news", "World News"),
        ("Straße & Söhne", "strasse-sohne", "Straße & Söhne"),
    ],
)
def test_a_label_becomes_the_slug_and_the_spelling_readers_know(
    label: str, slug: str, spelling: str
) -> None:
    assert propose(label) == (slug, spelling)


@pytest.mark.parametrize(
    ("label", "slug"),
    [
        ("Привет, мир", "privet-mir"),
        ("しんぶん", "sinbun"),
        ("ビジネス", "bizinesu"),
        ("한국일보", "hangugilbo"),
        ("Ελληνικά", "ellenika"),
        ("العربية", "l-rby"),
        ("Tiếng Việt", "tieng-viet"),
    ],
)
def test_other_scripts_are_transliterated(label: str, slug: str) -> None:
    assert propose(label)[0] == slug


@pytest.mark.parametrize(
    ("label", "spelling"),
    [
        ("../etc/passwd", "-etc-passwd"),
        ("a/b\\c", "a-b-c"),
        (".hidden", "hidden"),
        ("_posts", "posts"),
        ("red\x1b[31m\x00", "red[31m"),
        ("a\u202eb\u200bc", "abc"),
        ("two\nlines", "two lines"),
        ("ends. ", "ends"),
    ],
)
def test_a_spelling_is_safe_in_a_path(label: str, spelling: str) -> None:
    assert propose(label)[1] == spelling


@given(st.text(st.characters(blacklist_categories=()), max_size=300))
def test_any_label_has_a_slug_and_a_spelling(label: str) -> None:
    slug, spelling = propose(label)
    assert SLUG.fullmatch(slug)
    assert slug not in RESERVED
    assert spelling
    assert len(spelling.encode()) <= 255
    assert not re.search(r"[/\\\x00-\x1f]", spelling)
    assert spelling[0] not in "._"
    assert propose(label) == (slug, spelling)


@pytest.mark.parametrize("name", ["all", "ALL", "archive", "CON", "com1", "feed", "Index", "404"])
def test_names_that_mean_something_else_are_never_slugs(name: str) -> None:
    assert propose(name)[0] == f"{name.lower()}-category"


def test_labels_without_a_letter_have_slugs_of_their_own() -> None:
    assert propose("!!!")[0] != propose("???")[0]


def test_the_licensed_transliteration_is_the_one_in_use() -> None:
    propose("Привет")
    assert "text_unidecode" in sys.modules
    assert "unidecode" not in sys.modules
