from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from aggregator.normalise.markup import LONGEST, clean, plain, says
from aggregator.normalise.tags import LIMIT, is_too_deep

BASE = "https://paper.example/2026/article"

KEPT = [
    '<p class="em_media">（文章来源：南昌日报）</p>',
    "<p>one</p>\n <p>two</p>\n",
    '<p lang="zh-CN" dir="ltr" title="x">“quotes” \'and\' "others"</p>',
    '<h2>t</h2><ul><li>a</li><li>b</li></ul><ol start="3" reversed=""><li value="9">c</li></ol>',
    (
        '<table><caption>c</caption><thead><tr><th scope="col" colspan="2">h</th></tr></thead>'
        '<tbody><tr><td rowspan="2">d</td><td>e</td></tr></tbody></table>'
    ),
    (
        '<figure><img src="https://i.example/a.png" alt="A" width="3" height="4">'
        "<figcaption>c</figcaption></figure>"
    ),
    (
        '<picture><source srcset="https://i.example/a.webp 1x" type="image/webp">'
        '<img src="https://i.example/a.png" alt=""></picture>'
    ),
    '<audio src="https://i.example/a.mp3" controls=""></audio>',
    (
        '<video poster="https://i.example/p.jpg" controls=""><source src="https://i.example/v.mp4" '
        'type="video/mp4"><track src="https://i.example/t.vtt" kind="captions" default=""></video>'
    ),
    "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>",
    '<details open=""><summary>s</summary>t</details>',
    '<blockquote cite="https://q.example/1"><q cite="https://q.example/2">q</q></blockquote>',
    '<del datetime="2026-11-20">a</del><ins>b</ins><time datetime="2026-11-20">today</time>',
    "<pre><code>a\n  b</code></pre>",
    "<pre>\n\nfirst line is blank</pre>",
    "<dl><dt>a</dt><dd>b</dd></dl><p>x<sub>1</sub><sup>2</sup> <kbd>k</kbd> <mark>m</mark></p>",
    '<a href="mailto:a@paper.example" rel="noopener noreferrer">m</a>',
    '<a href="https://paper.example/it\'s?a=1&amp;b=2" rel="noopener noreferrer">l</a>',
    "a &amp; b &lt; c&nbsp;d",
]


@pytest.mark.parametrize("html", KEPT)
def test_what_an_article_is_made_of_stays_to_the_byte(html: str) -> None:
    assert clean(html, BASE) == html


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<script>x()</script><p onclick='x()' style='color:red' id=i>t</p>", "<p>t</p>"),
        ("<form action=/x><input name=q><button>Go</button>text</form>", "text"),
        ("<object data=x><embed src=y><p>instead</p></object>", "<p>instead</p>"),
        ("<svg><path d='M0'/><text>no</text></svg>z", "z"),
        ("a <math><mi>x</mi><mo>&lt;</mo><mn>2</mn></math> z", "a x &lt; 2 z"),
        ('a <math alttext="x &lt; 2"><mi>x</mi><script>y</script></math> z', "a x &lt; 2 z"),
        ("a <math><mi>x</mi><annotation encoding='TeX'>\\x</annotation></math> z", "a x z"),
        ("<style>p{}</style><title>t</title><link rel=stylesheet href=x>a", "a"),
        ("<!-- comment --><![CDATA[ data ]]><?php x ?>a", "a"),
        ("<p>unclosed <b>tags", "<p>unclosed <b>tags</b></p>"),
        ("<font color=red>old</font>", "old"),
        ("<center><tt>a</tt><strike>b</strike></center>", "<div><code>a</code><s>b</s></div>"),
        ("<big>a</big> <acronym title=x>b</acronym>", '<span>a</span> <abbr title="x">b</abbr>'),
        ("&#1;a&#xFFFF;b&#xD800;c<br>", "ab\ufffdc<br>"),
        ("a\x0bb\ud800c<br>", "abc<br>"),
        ("<p>a<object><p>b</p></object></p>", "<p>a</p><p>b</p><p></p>"),
        ("<plaintext><b>x", "&lt;b&gt;x"),
        ("Write <!DOCTYPE first", "Write &lt;!DOCTYPE first"),
        ("<!' <b>x</b> <!", "&lt;!' <b>x</b> &lt;!"),
        ("a<!DOCTYPE html>b<!more><![endif]>c", "abc"),
    ],
)
def test_what_does_not_belong_into_an_article_goes_and_text_stays(html: str, cleaned: str) -> None:
    assert clean(html, BASE) == cleaned


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("<a href='/b'>l</a>", '<a href="https://paper.example/b" rel="noopener noreferrer">l</a>'),
        ("<a href=#n>l</a>", f'<a href="{BASE}#n" rel="noopener noreferrer">l</a>'),
        ("<a href='//o.example/ä'>l</a>",
         '<a href="https://o.example/%C3%A4" rel="noopener noreferrer">l</a>'),
        ("<a href='javascript:x'>l</a>", '<a rel="noopener noreferrer">l</a>'),
        ("<img src=a.png>", '<img src="https://paper.example/2026/a.png" alt="">'),
        ("<img alt=x>", ""),
        ("<img src='a b.png' width=100% height=20px>",
         '<img src="https://paper.example/2026/a%20b.png" height="20" alt="">'),
        ("<img src=/a srcset='/a, /b 2x,/c 300w'>",
         ('<img src="https://paper.example/a" srcset="https://paper.example/a, '
         'https://paper.example/b 2x, https://paper.example/c 300w" alt="">')),
        ("<img srcset='/a 1x, javascript:x 2x'>",
         '<img srcset="https://paper.example/a 1x" alt="" src="https://paper.example/a">'),
        ("<video poster=p.jpg src=v.mp4 autoplay></video>",
         ('<video poster="https://paper.example/2026/p.jpg" '
         'src="https://paper.example/2026/v.mp4" controls=""></video>')),
        ("<blockquote cite=../q>q</blockquote>",
         '<blockquote cite="https://paper.example/q">q</blockquote>'),
        ("<blockquote cite='data:,x'>q</blockquote>", "<blockquote>q</blockquote>"),
    ],
)  # fmt: skip
def test_addresses_are_absolute_and_ascii_wherever_they_stand(html: str, cleaned: str) -> None:
    assert clean(html, BASE) == cleaned


def test_without_a_base_relative_addresses_go() -> None:
    assert clean("<a href=/x>l</a><img src=y>") == '<a rel="noopener noreferrer">l</a>'


@pytest.mark.parametrize(
    "html",
    [
        '<img data-src="/a.jpg" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
        '<img data-original="/a.jpg" src="/grey.gif">',
        '<img data-lazy-src="/a.jpg">',
        '<img src="/grey.gif" data-src="/a.jpg"><noscript><img src="/a.jpg" alt="same"></noscript>',
        "<noscript><img src=/a.jpg></noscript>",
        "<img src=/a.jpg> <img src=/a.jpg>\n<img src=/a.jpg>",
        '<img data-src="javascript:x" src="/a.jpg">',
    ],
)
def test_an_image_that_waits_for_a_script_gets_its_address_back_once(html: str) -> None:
    assert clean(html, BASE) == '<img src="https://paper.example/a.jpg" alt="">'


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://i.example/p.gif" width="1" height="1">',
        '<img src="https://i.example/p.gif" width=0 height=0 alt="">',
        '<img src="https://i.example/p.gif" width="1px" height="1px">',
        '<img src="https://i.example/p.gif" style="display:none">',
        '<img src="https://pixel.wp.com/b.gif?v=1">',
        '<img src="http://feeds.feedburner.com/~r/x/~4/y" alt="">',
        '<img src="https://ad.doubleclick.net/ddm/x">',
        '<img src="https://www.facebook.com/tr?id=1">',
    ],
)
def test_tracking_pixels_go(html: str) -> None:
    assert clean(f"<p>t{html}</p>", BASE) == "<p>t</p>"


@pytest.mark.parametrize(
    "html",
    [
        '<p style="display:none;height:1px;"><br/></p>',
        "<div hidden><div>nested</div><p>x</p></div>",
        '<span style="color:#fff; font-size: 1px">preheader</span>',
        '<p style="color: red; display : none">x</p>',
    ],
)
def test_what_the_source_hides_stays_hidden(html: str) -> None:
    assert clean(f"<p>a</p>{html}<p style='color:red'>b</p>", BASE) == "<p>a</p><p>b</p>"


def test_a_value_that_looks_like_a_style_stays() -> None:
    html = '<p title="a style=" class="b" style="color:red">c</p>'
    assert clean(html) == '<p title="a style=" class="b">c</p>'
    assert clean('<p class="b style=" title="c">d</p>') == '<p class="b style=" title="c">d</p>'


def test_hidden_elements_within_each_other_end_with_the_outermost() -> None:
    html = "<div hidden>a<div style='display:none'>b</div>c</div>d<p hidden>e</p>f<span hidden>g"
    assert clean(html) == "df"


def test_sizes_that_do_not_hide_are_no_reason_to_leave_out() -> None:
    html = '<p style="line-height:1px;font-size:10px;height:0">a</p><hr style="height:1px">'
    assert clean(html, BASE) == "<p>a</p><hr>"


@pytest.mark.parametrize(
    ("frame", "link"),
    [
        ('<iframe src="//v.example/e/1?a=1&amp;b=2"></iframe>',
         ('<a href="https://v.example/e/1?a=1&amp;b=2" rel="noopener noreferrer">'
         "v.example/e/1?a=1&amp;b=2</a>")),
        ('<iframe title="A &lt;film&gt;" src="https://v.example/1"><p>old</p></iframe>',
         '<a href="https://v.example/1" rel="noopener noreferrer">A &lt;film&gt;</a>'),
        ('<iframe src="https://v.example/1"><a title="</iframe>',
         '<a href="https://v.example/1" rel="noopener noreferrer">v.example/1</a>'),
        ('<iframe srcdoc="<script>x</script>"></iframe>', ""),
        ('<iframe src="javascript:x"></iframe>', ""),
    ],
)  # fmt: skip
def test_a_frame_becomes_a_link_to_what_it_would_show(frame: str, link: str) -> None:
    assert clean(frame, BASE) == link


def test_what_a_frame_holds_is_no_text() -> None:
    assert plain('a<iframe src="https://v.example/1"><p>old</p></iframe>b') == "ab"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('a<iframe src="https://v.example/1"/>b', "av.example/1b"),
        ('a<IFRAME src="https://v.example/1" />b', "av.example/1b"),
        ("a<script src='x.js'/>b<style/>c<textarea />d", "abcd"),
        ("a<script>write(\"<script src='x' />\")</script>b", "ab"),
        ('a<!-- <script src="x" /> -->b', "ab"),
        ('a<iframe title="x/" src="https://v.example/1">b</iframe>c', "ax/c"),
        ('a<iframe src="https://v.example/1"> <b>b</b>', "av.example/1 b"),
        ('a<iframe>b</iframe>c<iframe title="x" src="https://v.example/1">d', "acxd"),
    ],
)
def test_an_element_that_is_closed_as_in_xml_or_never_swallows_nothing(
    html: str, text: str
) -> None:
    assert plain(clean(html, BASE)) == text


def test_an_image_inside_the_text_stays_if_it_is_small_and_no_drawing() -> None:
    def image(kind: str, size: int) -> str:
        return f'<img src="data:image/{kind};base64,{"A" * size}" alt="">'

    assert clean(image("png", 5000), BASE) == image("png", 5000)
    for unfit in (image("svg+xml", 5000), image("png", 80), image("png", 100_000)):
        assert clean(unfit, BASE) == ""


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one line", "one line"),
        ("  one &amp; line\n", "one &amp; line"),
        ("first\n\nsecond\n  \nthird", "<p>first</p><p>second</p><p>third</p>"),
        ("first\nsecond", "<p>first<br>second</p>"),
        ("wrapped by\n      its document", "wrapped by its document"),
        ("　　第一段\r\n　　第二段", "<p>　　第一段<br>　　第二段</p>"),
        ("", ""),
    ],
)
def test_a_text_without_tags_of_several_lines_becomes_paragraphs(text: str, html: str) -> None:
    assert clean(text, BASE) == html


# ── the same again ────────────────────────────────────────────────────────────────────────────────

HOSTILE = """
    <p> </p> <div> </div> <a_href="/x"> <a_href=y'z> </a> <b> </b> <i> </i> <table> <tr> <td> </td>
    </table> <ul> <li> </ul> <pre> </pre> <img_src=a.png> <img_data-src=b.png>
    <iframe_src=//z></iframe> <iframe> </iframe> <svg> </svg> <math> </math> <style> </style>
    <noscript> </noscript> <center> </center> <button> </button> <object> </object> <form> </form>
    <h1> </h1> <span_style="display:none"> </span> <video_src=v> </video> <select> <option>
    </select> <!-- --> <ruby> <rt> <dl> <dd> <textarea>
    </textarea> <template> </template> <p_hidden>
    <blockquote_cite=c> <details_open> <summary> <title> <plaintext> <nobr> <font> <tt> <caption>
    <col> <xmp> <mi> <annotation-xml_encoding="text/html"> <foreignObject> <mglyph> " ' <a_href="x
    _onclick=x> <![CDATA[ ]]> text &amp; &#1; &lt;b&gt; <hr>
"""
PIECES = [piece.replace("_", " ") for piece in HOSTILE.split()]


@settings(max_examples=400)
@given(st.lists(st.sampled_from([*PIECES, "\n", "\n\n", " "]), max_size=25))
def test_cleaning_what_is_clean_changes_nothing(pieces: list[str]) -> None:
    once = clean("".join(pieces), BASE)
    assert clean(once, "https://elsewhere.example/") == once


@settings(max_examples=100)
@given(st.text(st.characters(blacklist_categories=()), max_size=200))
def test_any_text_is_cleaned_to_something_that_stays_the_same(text: str) -> None:
    once = clean(text, BASE)
    assert clean(once, BASE) == once


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_what_is_clean_reads_the_same_to_another_parser(pieces: list[str]) -> None:
    once = clean("".join(pieces), BASE)
    seen = lxml_html.fragment_fromstring(once, create_parent="div").text_content()
    assert says(once, seen)


# ── bounds ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000 + "x",
        "<b>" * 20_000 + "x",
        '<div title="</div>">' * 20_000 + "x",
        "<div><!--</div>-->" * 20_000 + "x",
        "<div><textarea></div></textarea>" * 20_000 + "x",
        "<li><dd>" * 20_000 + "x",
        "<ul><li>" * 20_000 + "x",
        "".join(f"<div><b class=c{number}></div>" for number in range(20_000)) + "x",
    ],
    ids=lambda html: html[:24],
)
def test_what_nests_too_deep_is_published_as_text_and_quickly(html: str) -> None:
    began = time.perf_counter()
    assert clean(html, BASE) == "<p>x</p>"
    assert plain(html) == "x"
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    "html",
    [
        "<p>paragraph" * 2000,
        "<p>line<br>line</p>" * 2000,
        "<ul>" + "<li>item</li>" * 2000 + "</ul>",
        "<table>" + "<tr><td>cell<td>cell" * 2000 + "</table>",
        "<div>" * (LIMIT - 1) + "</div>" * (LIMIT - 1) + "<p>x</p>" * 1000,
        "<svg>" + "<path d='M0'/>" * 2000 + "</svg><p>x</p>",
        "<!-- " + "<div>" * 2000 + " --><p>x</p>",
    ],
    ids=lambda html: html[:24],
)
def test_what_is_only_long_is_not_too_deep(html: str) -> None:
    assert not is_too_deep(clean(html, BASE) if "<svg" in html else html)
    assert clean(html, BASE).count("<") > 1


@pytest.mark.parametrize(
    "html",
    ["<" * 200_000, "<!--" * 50_000, "<a " * 100_000, '<a x="' * 50_000, "<title>" * 50_000,
     "&" * 100_000, "<svg>" * 50_000, "</p>" * 50_000, "<img srcset='a " + " " * 200_000 + "b'>",
     "\n " * 100_000 + "x", "<p style='" + "; " * 50_000 + "'>", "<iframe src=x>" * 20_000,
     "<script />" * 20_000, "<style /" * 20_000, "/><!--" * 50_000],
    ids=lambda html: html[:24],
)  # fmt: skip
def test_no_fragment_takes_long(html: str) -> None:
    began = time.thread_time()
    clean(html, BASE)
    plain(html)
    assert time.thread_time() - began < 2


def test_what_is_too_long_is_cut_between_tags() -> None:
    cleaned = clean("<p>word</p>" * (LONGEST // 5), BASE)
    assert len(cleaned) <= LONGEST
    assert cleaned.endswith("<p>word</p>")


def test_depth_counts_what_is_open_at_once() -> None:
    assert not is_too_deep("<div></div>" * 2000)
    assert is_too_deep("<div>" * (LIMIT + 1))


# ── plain text ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fragment", "words"),
    [
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("AT&amp;T &#8220;x&#8221; &hellip;", "AT&T “x” …"),
        ("<p>one</p><p>two<br>three</p>", "one two three"),
        ("上海<span id=x><a href=y>证券</a></span>报", "上海证券报"),
        ("<li>a<li>b <td>c</td><td>d</td>", "a b c d"),
        ("a<script>x()</script><style>y{}</style>b", "ab"),
        ("<b>bold</b> &amp;lt;tag&amp;gt;", "bold &lt;tag&gt;"),
        ("a <3 b", "a <3 b"),
        ("  many \n\t spaces\u3000\u00a0here ", "many spaces here"),
        ("&#1;&#xD800;x\x1b", "\ufffdx"),
        ("", ""),
        ("<img alt=x>", ""),
    ],
)
def test_plain_text_is_what_a_fragment_says(fragment: str, words: str) -> None:
    assert plain(fragment) == words


def test_html_says_its_words_whatever_the_white_space() -> None:
    assert says("<p>one\n two</p><p>three &amp; four</p>", "one two three & four")
    assert not says("<p>one two</p>", "one")


@given(
    st.text(alphabet='ab <>&;p/"= \n', max_size=60),
    st.integers(1, 60),
    st.sampled_from(["", "x", " and more"]),
)
def test_an_article_says_its_own_words_and_no_others(piece: str, times: int, further: str) -> None:
    html = clean(f"<p>{piece * times}</p>")
    words = plain(html)
    assert says(html, words)
    assert says(html, words + further) == (not further.strip())
    assert says(html, words[:-1]) == (not words)
