from __future__ import annotations

import pytest

from aggregator.errors import ParseError
from aggregator.parse.document import closed_at, decode, described, is_json, read_json, read_xml

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
    ("text", "words"),
    [
        ("", "empty"),
        ("\n \t", "empty"),
        ("<!DOCTYPE HTML><title>Not\n found</title>", 'an HTML page ("Not found")'),
        ('<html lang="de"><body>', "an HTML page"),
        ("<html><title>A &amp; B</title></html>", 'an HTML page ("A & B")'),
        ('{"status": 1}', "a JSON document"),
        ('<?xml version="1.0"?><opml/>', "an XML document of another kind (<opml>)"),
        ("Rate limit exceeded", "neither XML nor JSON"),
        ("%PDF-1.4 <a>", "neither XML nor JSON"),
    ],
)
def test_what_came_is_named(text: str, words: str) -> None:
    assert described(text) == words
    with pytest.raises(ParseError, match="expected a feed"):
        read_xml(text)


@pytest.mark.parametrize("text", ["<!--", "<!-- <rss>", "<!---->" * 3, "<rssfeed>", "<feeds/>"])
def test_a_root_in_a_comment_or_of_another_name_is_none(text: str) -> None:
    with pytest.raises(ParseError):
        read_xml(text)


def test_entities_that_refer_to_others_or_outwards_are_not_kept() -> None:
    head = """<!DOCTYPE rss [<!ENTITY a "plain"> <!ENTITY b '"quoted"'> <!ENTITY c "&a;&a;">
        <!ENTITY d SYSTEM "file:///etc/passwd"> <!ENTITY % e "x"> <!ENTITY f "%e;">]>"""
    assert read_xml(f"{head}<rss/>").entities == {"a": "plain", "b": '"quoted"'}


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("<rss><channel><item></item></channel></rss>", True),
        ("<RSS><Channel><Item></Item></Channel></RSS >\n<!-- served by -->", True),
        ("<rss><channel><item></item></channel>", True),
        ("<rss><channel><item></item></channel></rss", True),
        ("<rss><channel><item></item>", False),
        ("<rss><channel><item>&lt;/rss&gt;</rss></item><item>", False),
        ("<feed><entry></entry></feed>", True),
        ("<a:feed><a:entry></a:entry></a:feed>", True),
        ("<feed><entry></entry></fe", False),
        ("<rdf:RDF><channel></channel><item></item>", False),
    ],
)
def test_a_document_is_complete_when_its_end_is_there(text: str, complete: bool) -> None:
    assert (closed_at(read_xml(text)) is not None) is complete


@pytest.mark.parametrize("text", ['{"a": 1}', " \n[1]"])
def test_json_is_known_by_its_first_character(text: str) -> None:
    assert is_json(text)
    assert read_json(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": ', "broken JSON or only the first part of it"),
        ("<html><title>Sign in</title>", 'is an HTML page ("Sign in"); expected JSON'),
        ("", "is empty; expected JSON"),
        ("[" * 100_000, "nests deeper"),
        ("[" + "1" * 5000 + "]", "broken JSON"),
    ],
)
def test_what_is_no_json_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ParseError) as refused:
        read_json(text)
    assert words in str(refused.value)


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
