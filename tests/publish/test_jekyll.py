from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import html

from aggregator.errors import ConfigError
from aggregator.model import Article, Attribution
from aggregator.publish.jekyll import post_path
from aggregator.publish.press import Press
from aggregator.publish.rendering import article_documents
from tests.publish.desk import CHINESE, NOW, article, chinese, press

FINEWS = Path(__file__).parents[3] / "shared" / "finews"
CODE = "NW202201172249359827"


def post(one: Article, with_press: Press | None = None) -> str:
    chosen = with_press or press(formats=["jekyll"], credit="")
    (document,) = article_documents(chosen, one)
    return document.body.decode()


def parts(text: str) -> tuple[dict[str, Any], str]:
    _, front, body = text.split("---\n", 2)
    loaded = yaml.safe_load(front)
    assert isinstance(loaded, dict)
    return loaded, body


@pytest.mark.skipif(not FINEWS.exists(), reason="the site's own files are not here")
def test_the_post_of_the_real_article_is_the_real_post() -> None:
    detail = json.loads((FINEWS / f"api-GetNewsText-{CODE}.json").read_text(encoding="utf-8"))
    row = json.loads((FINEWS / "api-type45-list.json").read_text(encoding="utf-8"))["nodeList"][0]
    one = chinese(
        guid=CODE,
        title=row["title"],
        published=datetime(2022, 1, 16, 23, 42, 38, tzinfo=UTC),
        content=detail["text"].replace("\u3000\u3000", ""),
        share_link=f"http://finews.zning.xyz/html_News/NewsShare.html?infoCode={CODE}",
    )
    (document,) = article_documents(press(CHINESE, formats=["jekyll"], credit=""), one)
    assert document.path == f"_posts/2022-01-17-{CODE}.md"
    assert document.body == (FINEWS / f"2022-01-17-{CODE}.md").read_bytes()


def test_a_post_is_front_matter_text_share_link_and_ways_back() -> None:
    one = chinese(content="<p>一</p>\n <p>二</p>", share_link="http://s.example/?a=1&b=2")
    assert post(one, press(CHINESE, formats=["jekyll"], credit="")) == (
        "---\n"
        "layout: post\n"
        'title: "努力实现发展与安全良性互动"\n'
        "date: 2022-01-17 19:00:00 +0800\n"
        "categories: nanchangribao\n"
        "tags: 南昌日报新闻\n"
        "---\n"
        "<p>一</p>\n <p>二</p>\n"
        "\n"
        "<http://s.example/?a=1&b=2>\n"
        "\n"
        "[返回南昌日报新闻](//finews.withounder.com/category/nanchangribao.html)"
        "｜[返回首页](//finews.withounder.com/)"
    )


def test_the_ways_back_are_in_the_language_of_the_site() -> None:
    assert post(article()).endswith(
        "[More from ferries](//reader.example/news/category/World.html)"
        "｜[Home](//reader.example/news/)"
    )
    assert "[More from World](" in post(article(tags=()))


def test_a_summary_is_quoted_first() -> None:
    text = post(article(summary="One.\n\nTwo & < 3.", content="<p>x</p>"))
    assert parts(text)[1].startswith("> One.\n>\n> Two & < 3.\n\n<p>x</p>\n\n<https://courier")


def test_without_a_summary_nothing_is_quoted() -> None:
    assert parts(post(article(summary="", content="<p>x</p>")))[1].startswith("<p>x</p>\n")


def test_a_credit_line_is_the_last_of_the_text() -> None:
    text = post(article(content="<p>x</p>"), press(formats=["jekyll"]))
    assert '<p>x</p><p class="credit"><a href="https://courier.example/1">Source:' in text


def test_without_a_share_link_there_is_none() -> None:
    assert (
        "\n<" not in post(article(share_link="", content="<p>x</p>", summary="")).split("x</p>")[1]
    )


@pytest.mark.parametrize(
    "title", ['He said "no"', "C:\\temp", "a: b # c", "- x", "x\ny", "🚢 {{ x }}"]
)
def test_any_title_is_front_matter_that_is_read_back(title: str) -> None:
    assert parts(post(article(title=title)))[0]["title"] == title


def test_front_matter_is_read_back() -> None:
    front, _ = parts(post(article(tags=("two words", "b"))))
    assert front == {
        "layout": "post",
        "title": "Ferry 1 stops for the winter",
        "date": "2022-01-17 11:00:00 +0000",  # as Ruby reads it; not a YAML 1.1 timestamp
        "categories": "World",
        "tags": ["two words", "b"],
    }
    assert "tags" not in parts(post(article(tags=())))[0]


def test_liquid_is_turned_off_only_where_there_is_some() -> None:
    assert "render_with_liquid" not in post(article(content="<p>{ % x }</p>"))
    for changes in ({"content": "<p>{{ x }}</p>"}, {"summary": "{% x %}"}, {"tags": ("{{ x }}",)}):
        whole: dict[str, Any] = changes
        assert parts(post(article(**whole)))[0]["render_with_liquid"] is False


@pytest.mark.parametrize(
    ("guid", "name"),
    [
        ("NW2022-01_1.x", "NW2022-01_1.x"),
        ("a" * 100, "a" * 100),
        ("a" * 101, "abcdefgh01"),
        ("https://courier.example/1", "abcdefgh01"),
        ("../x", "abcdefgh01"),
        ("..", "abcdefgh01"),
        ("a b", "abcdefgh01"),
        ("新闻", "abcdefgh01"),
        ("x\n", "abcdefgh01"),
        ("", "abcdefgh01"),
    ],
)
def test_a_post_is_named_by_its_day_and_a_safe_id(guid: str, name: str) -> None:
    late = datetime(2022, 1, 16, 23, 42, 38, tzinfo=UTC)
    one = article(guid=guid, published=late)
    assert post_path(one, press(CHINESE), None) == f"_posts/2022-01-17-{name}.md"


def test_a_post_leaves_with_the_window() -> None:
    one = article(guid="g", published=NOW - timedelta(days=3))
    assert post_path(one, press(), NOW - timedelta(days=3)) == "_posts/2022-01-14-g.md"
    later = NOW - timedelta(days=2, hours=23)
    assert post_path(one, press(), later) == "old_post/2022-01-14-g.md"
    gone = replace(press(formats=["jekyll"]), cutoff=later)
    assert article_documents(gone, one)[0].path == "old_post/2022-01-14-g.md"


def own(path: Path, text: str) -> Press:
    path.write_text(text, encoding="utf-8")
    return press(formats=["jekyll"], jekyll={"template": str(path)})


def test_the_operator_may_bring_a_template(tmp_path: Path) -> None:
    template = own(
        tmp_path / "post.md",
        "---\ntitle: {{ title }}\nsource: {{ source }}\nby: {{ article.authors[0].name|yaml }}\n"
        "site: {{ site.title|yaml }}\n---\n{{ body }}\n{{ article.title }}\n",
    )
    one = article(title='a "b" < c', attribution=Attribution('The "Paper"'))
    front, body = parts(post(one, template))
    assert front == {
        "title": 'a "b" < c',
        "source": 'The "Paper"',
        "by": "Alice Li",
        "site": "Island Reader",
    }
    assert body.endswith("a &#34;b&#34; &lt; c")  # what is not ready to stand is escaped


def test_a_template_that_was_edited_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "post.md"
    assert post(article(), own(path, "one")) == "one"
    assert post(article(), own(path, "two {{ title }}")) == 'two "Ferry 1 stops for the winter"'


def test_a_template_that_is_none_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"post\.md:2:1: "):
        own(tmp_path / "post.md", "---\n{% if %}")
    with pytest.raises(ConfigError, match=r"none\.md:1:1: cannot be read: no such file"):
        press(formats=["jekyll"], jekyll={"template": str(tmp_path / "none.md")})


def test_a_template_that_fails_gives_way_to_ours(tmp_path: Path) -> None:
    failing = own(tmp_path / "post.md", "---\n{{ nonesuch }}")
    assert post(article(), failing) == post(article(), press(formats=["jekyll"]))
    assert failing.templates.faults == (f"{tmp_path}/post.md:2: 'nonesuch' is undefined",)


# ── what Markdown would make of it ────────────────────────────────────────────────────────────────

LINK = "[click](javascript:alert(1))"
ATTRIBUTES = '{: onclick="alert(1)"}'


@pytest.mark.parametrize(
    "content",
    [
        LINK,
        f"<p>a</p>{LINK}",
        f"<p>a</p>\n{ATTRIBUTES}",
        f"<b>a</b> {LINK}",
        f"<p>a</p>\n     <p>{LINK}</p>",
        f"<img src='https://x.example/a.png'>{LINK}",
    ],
)
def test_text_outside_of_blocks_is_boxed(content: str) -> None:
    assert f"<div>{content}</div>\n\n<https" in post(article(content=content))


def test_text_in_blocks_is_left_as_it_is() -> None:
    content = f"<p>{LINK}</p>\n <ul><li>*a*</li></ul><table><tr><td>a|b</td></tr></table>"
    assert f"\n{content}\n" in post(article(content=content))


def test_a_summary_and_a_tag_show_what_they_are() -> None:
    summary = rf"{LINK} {ATTRIBUTES} <b> &lt; 1 < 2 \[ *ST a *ST $$x$$ | y"
    text = post(article(summary=summary, tags=(LINK,)))
    assert (
        r'> \[click\](javascript:alert(1)) \{: onclick="alert(1)"} \<b> &amp;lt; 1 < 2 \\\[ '
        r"\*ST a \*ST \$$x\$$ \| y"
    ) in text
    assert r"[More from \[click\](javascript:alert(1))](//reader" in text


def kramdown(text: str) -> str:
    """Return the HTML that Jekyll's own Markdown processor makes; skip where it is not here."""
    program = "puts Kramdown::Document.new($stdin.read.force_encoding('utf-8')).to_html"
    command = ["ruby", "-rkramdown", "-e", program]
    if shutil.which("ruby") is None:
        pytest.skip("ruby is not installed")
    done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=30)
    if b"LoadError" in done.stderr:
        pytest.skip("kramdown is not installed")
    return done.stdout.decode()


def test_kramdown_makes_nothing_live_of_it() -> None:
    summary = f"{LINK}\n{ATTRIBUTES}\n<b onclick=alert(1)> \\{LINK} $$x$$"
    text = post(article(summary=summary, content=f"<p>x</p> {LINK}\n{ATTRIBUTES}", tags=(LINK,)))
    root = html.document_fromstring(kramdown(parts(text)[1]))
    assert "click" in root.text_content()
    assert [link for link in root.xpath("//a/@href") if link.startswith("javascript")] == []
    assert root.xpath("//@onclick") == []
    assert root.xpath("//b") == []
    assert root.xpath("//a[@href='https://courier.example/1']")
