from __future__ import annotations

import pytest
from lxml import html

from aggregator.normalise import markup
from aggregator.publish.page_body import fitted

LAZY = 'loading="lazy" decoding="async"'
BOX = '<div class="wide" tabindex="0" role="group" aria-label="Table">'


def fit(fragment: str) -> str:
    return fitted(fragment, "Table", "Code")


@pytest.mark.parametrize(
    "fragment",
    [
        "",
        "just text &lt;b&gt;",
        '<p>one<br>two</p> <p class="x">three <a href="https://a.example/">four</a></p>',
        "<div><ul><li>a</li> <li><b>b</b></li></ul></div>",
        "<dl><dt>a</dt><dd><p>b</p></dd></dl><ruby>汉<rt>hàn</rt></ruby>",
        '<p><a href="https://a.example/"><em>a</em></a><time datetime="2026-11-22">x</time></p>',
    ],
)  # fmt: skip
def test_what_is_right_stays_as_it_is(fragment: str) -> None:
    assert fit(fragment) == fragment


@pytest.mark.parametrize(
    ("fragment", "becomes"),
    [
        # headings: below the page's own, none skipped, none empty
        ("<h1>a</h1><h3>b</h3>", "<h2>a</h2><h3>b</h3>"),
        ("<h3>a</h3><h6>b</h6><h4>c</h4>", "<h2>a</h2><h3>b</h3><h3>c</h3>"),
        ("<h4>a</h4><h2>b</h2>", "<h2>a</h2><h2>b</h2>"),
        ("<h2> </h2><p>a</p>", "<div> </div><p>a</p>"),
        # what is loaded late, what scrolls
        ('<img src="a" alt="b">', f'<img src="a" alt="b" {LAZY}>'),
        ('<img srcset="a 10w, b 20w">', f'<img srcset="a 10w, b 20w" sizes="100vw" {LAZY}>'),
        ("<pre>a</pre>", '<pre tabindex="0" role="group" aria-label="Code">a</pre>'),
        ("<table><tr><td>a</td></tr></table>b", f"{BOX}<table><tr><td>a</td></tr></table></div>b"),
        (
            "<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>",
            f"{BOX}<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table></div>",
        ),
        # blocks in phrases
        ("<b><p>a</p></b>", '<div class="b"><p>a</p></div>'),
        ("<b>c <i><p>a</p></i></b>", '<div class="b">c <div class="i"><p>a</p></div></div>'),
        ("<span><ul><li>a</li></ul></span>", '<div class="span"><ul><li>a</li></ul></div>'),
        (
            '<em><a href="x:y"><div>a</div></a></em>',
            '<div class="em"><a href="x:y"><div>a</div></a></div>',
        ),
        ("<h2><div>a</div></h2>", "<h2><span>a</span></h2>"),
        ("<h2>a<hr></h2>", "<h2>a<br></h2>"),
        # lists
        ("<li>a</li> <li>b</li><p>c</p>", "<ul><li>a</li> <li>b</li></ul><p>c</p>"),
        ("<div><li>a</li></div>", "<div><ul><li>a</li></ul></div>"),
        ("<ol><p>a</p>b<li>c</li></ol>", "<ol><li><p>a</p>b</li><li>c</li></ol>"),
        ("<ul><ul><li>a</li></ul></ul>", "<ul><li><ul><li>a</li></ul></li></ul>"),
        ("<dl>x<dt>a</dt></dl><dd>b</dd>", "<dl><dd>x</dd><dt>a</dt></dl><div>b</div>"),
        # what lacks what it needs
        ('<a rel="x" class="y">a</a>', '<span class="y">a</span>'),
        ("<time>soon</time><data>1</data>", "<span>soon</span><span>1</span>"),
        ('<time datetime="22.11.">soon</time>', "<span>soon</span>"),
        # links that say nothing
        ('<a href="https://a.example/b"> </a>', "<span> </span>"),
        (
            '<a href="https://a.example/b"><img src="c" alt=""></a>',
            f'<a href="https://a.example/b" aria-label="a.example"><img src="c" alt="" {LAZY}></a>',
        ),
        (
            '<a href="https://a.example/b"><img src="c" alt="d"></a>',
            f'<a href="https://a.example/b"><img src="c" alt="d" {LAZY}></a>',
        ),
    ],
)  # fmt: skip
def test_what_is_not_is_set_right(fragment: str, becomes: str) -> None:
    assert fit(fragment) == becomes


def test_no_value_is_taken_for_markup() -> None:
    hostile = markup.clean(
        '<p title="<img src=x onerror=alert(1)>">'
        '<img src="https://a.example/b.png" alt="<pre>&quot;"></p>'
    )
    root = html.fragment_fromstring(fit(hostile), create_parent="div")
    assert [node.tag for node in root.iter()] == ["div", "p", "img"]
    assert root[0].get("title") == "<img src=x onerror=alert(1)>"
    assert root[0][0].get("alt") == '<pre>"'


def test_text_stays_whatever_stands_around_it() -> None:
    tags = ("b", "p", "ul", "li", "h3", "table", "a", "dl", "dd", "pre", "time", "blockquote")
    for outer in tags:
        for inner in tags:
            fragment = markup.clean(f"w<{outer}>x<{inner}>y</{inner}>z</{outer}>!")
            whole = html.fragment_fromstring(fit(fragment), create_parent="div")
            assert "".join(whole.text_content().split()) == "wxyz!", (outer, inner)
