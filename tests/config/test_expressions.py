"""Selectors and paths are judged with the rest of the file, each at its own line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.desk import SOURCE, faults, settings

JSON = SOURCE + 'kind = "json"\n'
HTML = SOURCE + 'kind = "html"\n'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            JSON + 'items = "rows["\nfields = {}',
            '5:1 source "bbc": items: "rows[" is not a JMESPath expression: ',
        ),
        (
            JSON + '[source.fields]\ntitle = "a"\nlink = "a."',
            '7:1 source "bbc": fields: link: "a." is not a JMESPath expression: ',
        ),
        (
            HTML + 'items = "li["\nfields = {}',
            '5:1 source "bbc": items: "li[" is not a CSS selector: ',
        ),
        (
            HTML + 'items = "li"\nfields = { title = "h2:x" }',
            '6:12 source "bbc": fields: title: "h2:x" is not a CSS selector: ',
        ),
        (
            HTML + 'items = "li"\nfields = { content = "detail.p" }',
            '6:12 source "bbc": fields: content: "detail.p" stands on the entry\'s own page; ',
        ),
        (
            HTML + 'items = "li"\nnext = "a.next"\nfields = {}',
            '6:1 source "bbc": next: "a.next" is never followed, since pages is 1; add pages = 5',
        ),
        (
            HTML + 'items = "li"\npages = 3\nfields = {}',
            '6:1 source "bbc": pages: 3 needs to know where the next page is; add next',
        ),
        (
            SOURCE + '[source.extract.publisher]\nselector = "p["',
            '5:1 source "bbc": extract: publisher: selector: "p[" is not a CSS selector: ',
        ),
        (
            '[defaults]\nextract = { publisher = { selector = "p[" } }\n' + SOURCE,
            '2:27 defaults: extract: publisher: selector: "p[" is not a CSS selector: ',
        ),
        (
            SOURCE + 'history = "yes"',
            '4:1 source "bbc": history: "yes" is neither true nor false; ',
        ),
        (
            SOURCE.replace("feed", "s") + 'kind = "sitemap"\nfields = { content = "p[" }',
            '5:12 source "bbc": fields: content: "p[" is not a CSS selector: ',
        ),
    ],
)
def test_a_wrong_expression_is_a_fault_at_its_line(tmp_path: Path, text: str, fault: str) -> None:
    (found,) = faults(tmp_path, text)
    assert found.startswith(fault)


def test_faults_of_other_keys_and_sources_are_said_with_it(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        HTML + 'items = "li["\nfields = {}\n'
        '[[source]]\nid = "other"\nurl = "https://example.org"\nevery = "often"\n'
        "[site]\ntitle = 5",
    )
    assert [fault.partition(" ")[0] for fault in found] == ["5:1", "10:1", "12:1"]


def test_a_source_of_every_kind_may_have_its_keys(tmp_path: Path) -> None:
    text = (
        JSON + 'items = "rows"\nnext = "links.next"\npages = 3\nfields = { id = "code" }\n'
        '[[source]]\nid = "b"\nurl = "https://example.org"\nkind = "html"\nitems = "li"\n'
        'next = "?page={page}"\nhistory = true\nfields = { link = "a" }\n'
        '[[source]]\nid = "c"\nurl = "https://example.org/sitemap.xml"\nkind = "sitemap"\n'
        'match = "/news/"\n'
        '[[source]]\nid = "d"\nurl = "https://example.org/feed"\nhistory = true\n'
    )
    kinds = [source.kind for source in settings(tmp_path, text).source]
    assert kinds == ["json", "html", "sitemap", "feed"]
