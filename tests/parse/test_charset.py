from __future__ import annotations

import pytest

from aggregator.parse.charset import decode

RAIN = "<rss><title>大雨将至，注意防范</title></rss>"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32", "utf-32-be"]
)
def test_unicode_needs_no_declaration(encoding: str) -> None:
    assert decode(RAIN.encode(encoding)) == RAIN


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "iso-8859-1", "utf-16", "no-such-thing"])
def test_proven_utf8_beats_every_declaration(declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>{RAIN}'
    assert decode(text.encode(), f"text/xml; charset={declared}") == text


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("gb18030", "gb2312"), ("big5", "big5"), ("cp932", "Shift_JIS"), ("cp949", "euc-kr")],
)
def test_a_declared_encoding_is_read_with_what_is_written_in_it(
    encoding: str, declared: str
) -> None:
    text = {"cp932": "大雨①", "cp949": "한국의 비"}.get(encoding, "大雨將至")
    assert decode(text.encode(encoding), f'text/xml; charset="{declared}"') == text
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    assert decode((head + text).encode(encoding)) == head + text


def test_the_header_comes_before_the_xml_declaration() -> None:
    text = '<?xml version="1.0" encoding="koi8-r"?><a>Снег</a>'
    assert decode(text.encode("cp1251"), "text/xml;charset=windows-1251") == text


def test_what_calls_itself_latin_is_windows() -> None:
    assert decode(b"\x93Rain\x94 \x80 5", "text/plain; charset=ISO-8859-1") == "“Rain” € 5"


def test_undeclared_bytes_that_are_no_utf8_are_windows() -> None:
    assert decode("Schnee über Köln".encode("cp1252")) == "Schnee über Köln"


def test_a_broken_character_does_not_cost_the_encoding() -> None:
    assert decode("大雨将至，注意防范".encode() + b"\xe5") == "大雨将至，注意防范\ufffd"


def test_a_codec_that_is_none_of_text_is_passed_over() -> None:
    assert decode(b"Rain \xe9", "text/plain; charset=base64") == "Rain é"


@pytest.mark.parametrize(
    "declared",
    ["iso-2022-jp", "ISO2022JP", "csISO2022JP", "iso2022_jp_2", "utf-7", "hz-gb-2312"],
)
def test_an_encoding_that_hides_in_ascii_is_believed_by_any_of_its_names(declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?><a>大雨</a>'
    assert decode(text.encode(declared)) == text


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows1251", "cp1251"),
        ("win-1250", "cp1250"),
        ("x-cp1252", "cp1252"),
        ("windows-936", "gb18030"),
        ("X-SJIS", "cp932"),
        ("latin2", "iso-8859-2"),
        ("macintosh", "mac-roman"),
        ("csMacintosh", "mac-roman"),
        ("ms-cyrl", "cp1251"),
        ("csKOI8R", "koi8-r"),
        ("IBM437", "cp437"),
    ],
)
def test_a_name_that_others_use_is_known(declared: str, encoding: str) -> None:
    letter = b"\xe8".decode(encoding, "ignore") or "雨"
    text = f'<?xml version="1.0" encoding="{declared}"?><a>{letter}</a>'
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("declared", ["cp037", "cp500", "cp875"])
def test_each_ebcdic_is_read_as_what_it_says_it_is(declared: str) -> None:
    letter = "Ω" if declared == "cp875" else "ü"
    text = f'<?xml version="1.0" encoding="{declared}"?><a>{letter}</a>'
    assert decode(text.encode(declared)) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_wide_encoding_shows_itself_after_a_blank_line(encoding: str) -> None:
    assert decode(f"\n{RAIN}".encode(encoding)) == f"\n{RAIN}"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("iso-2022-jp", "大雨"), ("iso-2022-kr", "한국"), ("hz", "汉字"), ("utf-7", "大雨")],
)
def test_an_encoding_that_writes_ascii_alone_is_believed(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding), f"text/xml; charset={encoding}") == text


def test_such_an_encoding_is_believed_where_the_header_names_another() -> None:
    text = '<?xml version="1.0" encoding="iso-2022-jp"?><a>大雨</a>'
    assert decode(text.encode("iso-2022-jp"), "text/xml; charset=utf-8") == text


def test_three_characters_are_utf8_where_the_document_says_so() -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?><a>Köln</a>'
    assert decode(text.encode(), "text/xml; charset=windows-1251") == text
