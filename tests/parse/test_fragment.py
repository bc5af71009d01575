from __future__ import annotations

import pytest

from aggregator.parse.fragment import from_unknown, is_html, line_from_unknown, paragraphs


@pytest.mark.parametrize(
    "text",
    [
        "Ink &amp; paper",
        "Rain &#8212; snow",
        "Rain &#x2014; snow",
        "caf&eacute;",
        "The <em>slow</em> boat",
        "Rain<br>snow",
        "Rain<br/>snow",
        '<img src="1.jpg" alt="a > b">',
        "<p>It rained.</p>",
        "<B>RAIN</B>",
    ],
)
def test_known_tags_and_references_are_html(text: str) -> None:
    assert is_html(text)
    assert line_from_unknown(text) == text
    assert from_unknown(text) == text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("", ""),
        ('a < b & "c" \\ d', 'a &lt; b &amp; "c" \\ d'),
        ("AT&T; and R&D", "AT&amp;T; and R&amp;D"),
        ("?a=1&b=2;", "?a=1&amp;b=2;"),
        ("Sorting a List<String>", "Sorting a List&lt;String&gt;"),
        ("</example>", "&lt;/example&gt;"),
        ("What <b> means", "What &lt;b&gt; means"),
        ("<em>Rain</em> in a Map<K>", "&lt;em&gt;Rain&lt;/em&gt; in a Map&lt;K&gt;"),
        ("1 < 2 > 0", "1 &lt; 2 &gt; 0"),
        ("&nosuchname; &#99999999;", "&amp;nosuchname; &amp;#99999999;"),
    ],
)
def test_everything_else_is_plain_and_survives(text: str, escaped: str) -> None:
    assert not is_html(text)
    assert line_from_unknown(text) == escaped
    assert from_unknown(text) == escaped


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("Rain", "Rain"),
        ("Rain\r\nand <snow>", "<p>Rain<br>and &lt;snow&gt;</p>"),
        ("Rain\n \n\nSnow\n", "<p>Rain</p><p>Snow</p>"),
        ("Rain\rSnow", "<p>Rain<br>Snow</p>"),
    ],
)
def test_lines_become_paragraphs(text: str, fragment: str) -> None:
    assert paragraphs(text) == fragment
