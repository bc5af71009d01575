"""Licences as feeds and pages state them."""

from __future__ import annotations

import pytest

from aggregator.licence import best, licence, reserves


@pytest.mark.parametrize(
    ("stated", "meant"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),
        ("http://creativecommons.org/licenses/by-nc-sa/3.0/de/deed.en", "CC BY-NC-SA 3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "public domain"),
        ("© 2026 The Paper, CC BY-ND 4.0", "CC BY-ND 4.0"),
        ("CC-BY-4.0", "CC BY 4.0"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike 4.0", "CC BY-NC-SA 4.0"),
        ("under a Creative Commons Attribution 3.0 Unported License", "CC BY 3.0"),
        ("Creative Commons Attribution Share-Alike", "CC BY-SA"),
        ("This work is in the public domain.", "public domain"),
        ("CC0", "CC0 1.0"),
        ("本作品采用知识共享署名-非商业性使用-禁止演绎 4.0 国际许可协议", "CC BY-NC-ND 4.0"),
        ("知识共享 署名-相同方式共享 4.0", "CC BY-SA 4.0"),
        ("CC 署名", "CC BY"),
        ("署名文章", ""),
        ("Copyright 2026 The Paper. All rights reserved.", ""),
        ("accby-line", ""),
        ("", ""),
    ],
)
def test_a_licence_is_named_in_short(stated: str, meant: str) -> None:
    assert licence(stated) == meant


@pytest.mark.parametrize(
    "line",
    [
        "© 2026 The Paper. All Rights Reserved.",
        "Alle Rechte vorbehalten",
        "版权所有，未经书面授权禁止使用",
        "無断転載を禁じます",
    ],
)
def test_a_line_that_reserves_all_rights_is_known_in_several_languages(line: str) -> None:
    assert reserves(line)
    assert not reserves("© 2026 The Paper, CC BY 4.0")


PATTERNS = (
    "CC BY*",
    "CC BY",
    "CC BY-*ND*",
    "all rights reserved",
    "none",
    "open government*",
    "MIT",
)


@pytest.mark.parametrize(
    ("rights", "stated", "pattern"),
    [
        ("CC BY-SA 4.0", "", "CC BY*"),
        ("https://creativecommons.org/licenses/by/4.0/", "", "CC BY"),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/", "", "CC BY-*ND*"),
        ("© 2026 The Paper", "cc-by-nd", "CC BY-*ND*"),
        ("CC0", "", None),
        ("© 2026 The Paper. 版权所有", "", "all rights reserved"),
        ("© 2026 The Paper", "", "none"),
        ("", "", "none"),
        ("", "our own", None),
        ("", "MIT", "MIT"),
        ("permitted by the MIT licence", "", "MIT"),
        ("permitted", "", "none"),
        ("Contains Open-Government Licence v3.0 material", "", "open government*"),
    ],
)
def test_the_pattern_that_says_the_most_is_the_one_for_a_work(
    rights: str, stated: str, pattern: str | None
) -> None:
    assert best(PATTERNS, rights, stated) == pattern


def test_a_star_is_for_what_nothing_else_fits() -> None:
    assert best(("*", "none"), "CC0") == "*"
    assert best(("*", "none"), "") == "none"
    assert best(("*",), "© all rights reserved") == "*"
    assert best((), "CC0") is None
