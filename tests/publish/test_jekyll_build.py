"""What Jekyll itself makes of our posts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from aggregator.model import Article
from aggregator.publish.rendering import article_documents
from tests.jekyll_site import built, needs_jekyll
from tests.publish.desk import CHINESE, article, chinese, press

FINEWS = Path(__file__).parents[3] / "shared" / "finews"
CODE = "NW202201172249359827"

pytestmark = needs_jekyll


def posts_of(articles: Sequence[Article], site: dict[str, Any] = CHINESE) -> dict[str, bytes]:
    how = press(site, formats=["jekyll"], credit="")
    return {
        document.path: document.body for one in articles for document in article_documents(how, one)
    }


HOSTILE = [
    'He said "no" \\ and left',
    "a: b # c - [d] {e}",
    "🚢 emoji and 'quotes'",
    "{{ site.secret }} {% include nonesuch %} {% raw %}",
    "{%- assign x = 1 -%}{{ x }}",
    "bell\x07 and \x85 next",
    "<b>bold</b> & &amp; <script>alert(1)</script>",
    "- --- ...",
    "*a* _b_ `c` [d](javascript:alert(1)) {: onclick='x'}",
    "yes",
]
LIQUID = (
    "<p>{{ site.secret }} {{ 6 | times: 7 }} {% include nonesuch.html %} {%- if x -%}</p>"
    '<p title="{{ site.secret }}">{% raw %}{% comment %} {{{{{% %}</p>'
    "<pre><code>{{ `code` }} {% highlight %}</code></pre>{{ outside }}"
)


def legal(title: str) -> str:
    return title.replace("\x07", "")  # what no article holds


@pytest.mark.parametrize("known", [True, False], ids=["jekyll-4", "jekyll-3"])
def test_no_post_runs_or_breaks_anything_whatever_is_in_it(tmp_path: Path, known: bool) -> None:
    """Jekyll 3, which GitHub's pages are built with, knows no render_with_liquid."""
    articles = [
        article(
            number,
            guid=f"p{number}",
            title=legal(title),
            summary=f"{legal(title)} {{{{ site.secret }}}} `{{{{ site.secret }}}}` {{% break %}}",
            content=LIQUID,
            tags=(legal(title), "{{ site.secret }}"),
        )
        for number, title in enumerate(HOSTILE, 1)
    ]
    posts = posts_of(articles)
    if not known:
        posts = {p: b.replace(b"render_with_liquid: false\n", b"") for p, b in posts.items()}
    site = built(tmp_path, posts)
    assert len(site.pages) == len(articles)
    assert len(site.feed.entries) == len(articles)
    for one in articles:
        page = site.pages[f"_posts/2022-01-17-{one.guid}.md"]
        assert " ".join(page.findtext(".//h1").split()) == " ".join(one.title.split())
        text = page.find(".//main").text_content()
        assert (
            "{{ site.secret }} {{ 6 | times: 7 }} {% include nonesuch.html %} {%- if x -%}" in text
        )
        assert "{% raw %}{% comment %} {{{{{% %}" in text
        assert "{{ `code` }} {% highlight %}" in text
        assert "{{ outside }}" in text
        assert page.find(".//main//p[@title]").get("title") == "{{ site.secret }}"
        quoted = " ".join(page.find(".//main/blockquote").text_content().split())
        assert "{{ site.secret }} `{{ site.secret }}` {% break %}" in quoted
        assert "LEAKED" not in html.tostring(page, encoding="unicode")
        assert page.xpath("//main//script | //main//@onclick | //main//b") == []
        assert not [a for a in page.xpath("//main//a/@href") if a.startswith("javascript")]
    assert "LEAKED" not in str(site.feed)
    titles = sorted(" ".join(entry.title.split()) for entry in site.feed.entries)
    assert len(titles) == len(HOSTILE)


@pytest.mark.skipif(not FINEWS.exists(), reason="the site's own files are not here")
def test_the_real_post_is_built_as_it_always_was(tmp_path: Path) -> None:
    name = f"2022-01-17-{CODE}.md"
    real = (FINEWS / name).read_bytes()
    detail = json.loads((FINEWS / f"api-GetNewsText-{CODE}.json").read_text(encoding="utf-8"))
    site = built(tmp_path, {f"_posts/{name}": real, **posts_of([chinese(2, guid="x")])})
    page = site.pages[f"_posts/{name}"]
    assert page.findtext(".//h1") == "努力实现发展与安全良性互动"
    assert page.findtext(".//time") == "2022-01-17T07:42:38+08:00"
    assert json.loads(page.findtext(".//i")) == ["nanchangribao"]
    assert json.loads(page.findtext(".//b")) == ["南昌日报新闻"]
    wanted = html.fromstring(detail["text"].replace("\u3000\u3000", "")).text_content()
    assert "".join(wanted.split()) in "".join(page.find(".//main").text_content().split())


def test_an_old_post_is_a_post_no_more(tmp_path: Path) -> None:
    posts = posts_of([article(1, guid="new")])
    old = {path.replace("_posts/", "old_post/"): body for path, body in posts.items()}
    site = built(tmp_path, {**posts_of([article(2, title="Still new")]), **old})
    assert [entry.title for entry in site.feed.entries] == ["Still new"]
