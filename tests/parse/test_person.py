from __future__ import annotations

import pytest

from aggregator.model import Person
from aggregator.parse.person import distinct, people, person

ADA = Person("Ada Regen", "ada@rain.example")


@pytest.mark.parametrize(
    "text",
    [
        "ada@rain.example (Ada Regen)",
        "Ada Regen <ada@rain.example>",
        "Ada Regen &lt;ada@rain.example&gt;",
        "Ada Regen (ada@rain.example)",
        "Ada Regen (mailto:ada@rain.example)",
        '"Ada Regen" ada@rain.example',
        "Ada Regen, ada@rain.example",
        "ada@rain.example?subject=Rain (Ada Regen)",
        "<b>Ada</b>\n Regen ada@rain.example",
    ],
)
def test_name_and_mail_are_told_apart(text: str) -> None:
    assert person(text) == ADA


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ada Regen", Person("Ada Regen")),
        ("Ada Regen (Rain House)", Person("Ada Regen (Rain House)")),
        ("张三", Person("张三")),
        ("ada@rain.example", Person(email="ada@rain.example")),
        ("ada@rain.example ()", Person(email="ada@rain.example")),
        ("@ada", Person("@ada")),
        ("Ada &amp; Bo", Person("Ada & Bo")),
        ("<b>Ada\n</b> Regen", Person("<b>Ada </b> Regen")),
        ("&lt;b&gt;Ada&lt;/b&gt;", Person("&lt;b&gt;Ada&lt;/b&gt;")),
        ("Ada <https://rain.example/ada>", Person("Ada", uri="https://rain.example/ada")),
    ],
)
def test_what_is_one_of_them_is_that(text: str, found: Person) -> None:
    assert person(text) == found


def test_several_mail_addresses_are_several_persons() -> None:
    both = (ADA, Person("Bo Wolke", "bo@rain.example"))
    assert people("ada@rain.example (Ada Regen), bo@rain.example (Bo Wolke)") == both
    assert people("Ada Regen <ada@rain.example>; Bo Wolke <bo@rain.example>") == both
    assert people("Regen, Ada") == (Person("Regen, Ada"),)
    assert people(" ") == ()


@pytest.mark.parametrize("text", ["", " \n", "<br>", "&nbsp;"])
def test_nobody_is_none(text: str) -> None:
    assert person(text) is None


def test_one_name_is_one_person_with_all_that_is_known() -> None:
    home = Person("ada regen", uri="https://rain.example/ada")
    both = Person("Ada Regen", "ada@rain.example", "https://rain.example/ada")
    assert distinct([None, ADA, Person(), Person("Bo"), home]) == (both, Person("Bo"))


def test_a_text_that_ends_in_thousands_of_addresses_is_a_person_too() -> None:
    assert person("Ada " + "https://a.example " * 3000) == Person("Ada", uri="https://a.example")
