from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from aggregator.errors import ConfigError
from aggregator.model import Attribution, Report
from aggregator.publish import templating
from aggregator.publish.press import Press
from aggregator.publish.rendering import article_documents, site_documents
from tests.publish.desk import NOW, WORLD, article, press, rendered

PLAIN = press(formats=["html"])
DOCS = Path(__file__).parents[2] / "docs" / "templates.md"


def with_own(folder: Path, **files: str) -> Press:
    """Return a press with templates of the operator's; `article` is `article.html.jinja`."""
    for name, text in files.items():
        file = name.replace("_", ".") if "_" in name else f"{name}.html.jinja"
        (folder / file).write_text(text, encoding="utf-8")
    return press(formats=["html"], templates=str(folder))


def page(with_press: Press, **changes: Any) -> str:
    return article_documents(with_press, article(**changes))[0].body.decode()


def test_a_file_of_the_operators_replaces_ours_and_no_other(tmp_path: Path) -> None:
    with_press = with_own(tmp_path, article="<p>{{ row.title }} & {{ content|safe }}")
    assert page(with_press, title="a < b").startswith("<p>a &lt; b & <p>The harbour")
    assert rendered(with_press, WORLD, article()) == rendered(
        press(formats=["html"]), WORLD, article()
    )


def test_a_template_of_the_operators_has_whole_records(tmp_path: Path) -> None:
    own = "{{ site.url }} {{ article.guid }} {{ row.day }} {{ row.clock }} {{ channel.language }}"
    own += "{% for report in also %} {{ report.published.year }}{% endfor %}"
    told = Report(Attribution("Mail"), "https://mail.example/", "No ferry", NOW)
    assert page(with_own(tmp_path, article=own), also=(told,)) == (
        "https://reader.example/news/ https://courier.example/1 2022-01-17 11:00  2022"
    )


def test_one_block_of_ours_can_be_changed(tmp_path: Path) -> None:
    own = '{% extends "ours/article.html.jinja" %}'
    own += '{% block head %}{{ super() }}<meta name="x">{% endblock %}'
    assert page(with_own(tmp_path, article=own)).replace('<meta name="x">', "") == page(PLAIN)


def test_a_changed_frame_changes_every_page(tmp_path: Path) -> None:
    own = '{% extends "ours/base.html.jinja" %}{% block main %}{{ super() }}<hr>{% endblock %}'
    with_press = with_own(
        tmp_path,
        base="<main>{% block main %}{% endblock %}{% include 'more.jinja' %}",
        more_jinja="<hr>",
    )
    assert page(with_press).endswith("<hr>")
    assert rendered(with_press, WORLD, article())["index.html"].body.endswith(b"<hr>")
    with pytest.raises(ConfigError):
        with_own(tmp_path, base=own + "{% if %}")


def test_the_stylesheet_can_be_replaced_and_strange_files_are_left_alone(tmp_path: Path) -> None:
    with_press = with_own(tmp_path, style_css="p { color: red }", README_txt="{% if %}")
    documents = {document.path: document.body for document in site_documents(with_press, [])}
    assert documents["assets/style.css"] == b"p { color: red }"


def test_every_template_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "latin.jinja").write_bytes(b"\xe9")
    with pytest.raises(ConfigError) as raised:
        with_own(
            tmp_path,
            article="<p>\n<p>{{ title",
            home="{% block main %}",
            shelf='{% include "nonesuch.jinja" %}',
        )
    faults = str(raised.value).replace(f"{tmp_path}/", "").splitlines()
    assert [fault.partition(": ")[0] for fault in faults] == [
        "article.html.jinja:2:1",
        "home.html.jinja:1:1",
        "latin.jinja:1:1",
        "shelf.html.jinja:1:1",
    ]
    assert faults[2:] == [
        "latin.jinja:1:1: is not UTF-8",
        'shelf.html.jinja:1:1: takes in "nonesuch.jinja", which is neither there nor one of ours',
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("\n{{ nonesuch }}", "2: 'nonesuch' is undefined"),
        ("{{ row.title + 1 }}", '1: can only concatenate str (not "int") to str'),
        (
            '{% extends "base.html.jinja" %}\n{% block main %}\n{{ 1 / 0 }}{% endblock %}',
            "3: division by zero",
        ),
    ],
)
def test_a_template_that_fails_is_named_once_and_ours_stands_in(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, fault: str
) -> None:
    with_press = with_own(tmp_path, article=text)
    with caplog.at_level(logging.ERROR):
        assert page(with_press) == page(PLAIN)
        page(with_press)
    name = f"{tmp_path}/article.html.jinja:{fault}"
    assert with_press.templates.faults == (name,)
    assert [record.getMessage() for record in caplog.records] == [
        f"{name}; ours is used instead [E503]"
    ]


def test_the_digest_tells_every_change(tmp_path: Path) -> None:
    digests = {
        templating.shipped().digest,
        with_own(tmp_path, article="one").templates.digest,
        with_own(tmp_path, article="two").templates.digest,
        with_own(tmp_path, more_jinja="one").templates.digest,
    }
    assert len(digests) == 4
    assert with_own(tmp_path).templates.digest in digests


def test_every_template_is_described() -> None:
    described = DOCS.read_text(encoding="utf-8")
    shipped = [path.name for path in templating.FOLDER.iterdir()]
    assert [name for name in shipped if f"| `{name}` |" not in described] == []
