"""Licences as feeds and pages state them."""

from __future__ import annotations

import pytest

from aggregator.parse.licence import licence


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
        ("Copyright 2026 The Paper. All rights reserved.", ""),
        ("accby-line", ""),
        ("", ""),
    ],
)
def test_a_licence_is_named_in_short(stated: str, meant: str) -> None:
    assert licence(stated) == meant
