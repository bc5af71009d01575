from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from aggregator.config.settings import Rule
from aggregator.errors import EntryError
from aggregator.model import Entry
from aggregator.normalise import rules
from aggregator.normalise.article import explain, normalise
from tests.normalise.places import NOW, article, entry, place


def rule(**keys: Any) -> Rule:
    return Rule(**keys)


def run(one: Entry, *steps: Rule) -> Entry:
    ruled = rules.apply(one, steps, "paper", lambda: timedelta(0))
    assert ruled.entry is not None
    return ruled.entry


def test_drop_leaves_out_what_matches() -> None:
    where = place(rule=(rule(field="title", match="(?i)sponsored", drop=True),))
    assert normalise(entry(title="Sponsored: x"), where, NOW) is None
    assert normalise(entry(title="News"), where, NOW) is not None


def test_keep_leaves_out_what_does_not_match() -> None:
    where = place(rule=(rule(field="market", match="^37$", keep=True),))
    assert normalise(entry(fields={"market": "37"}), where, NOW) is not None
    assert normalise(entry(fields={"market": "38"}), where, NOW) is None
    assert normalise(entry(), where, NOW) is None


@pytest.mark.parametrize(
    ("days", "condition", "stays"),
    [
        (10, {"older": "7d"}, False),
        (2, {"older": "7d"}, True),
        (2, {"newer": "7d"}, False),
        (10, {"newer": "7d"}, True),
        (10, {"older": "7d", "match": "(?i)sport"}, True),
        (10, {"older": "7d", "match": "(?i)news"}, False),
        (10, {"older": "7d", "sources": ["paper"]}, False),
        (10, {"older": "7d", "sources": ["other"]}, True),
    ],
)
def test_a_rule_may_depend_on_age_and_source(
    days: int, condition: dict[str, Any], stays: bool
) -> None:
    one = entry(title="News", published=(NOW - timedelta(days=days)).isoformat())
    where = place(id="paper", rules=(rule(drop=True, **condition),))
    assert (normalise(one, where, NOW) is not None) is stays


def test_keep_with_an_age_leaves_out_what_is_older_and_undated_entries_are_new() -> None:
    where = place(rule=(rule(keep=True, newer="7d"),))
    old = (NOW - timedelta(days=8)).isoformat()
    assert normalise(entry(published=old), where, NOW) is None
    assert normalise(entry(published=""), where, NOW) is not None


def test_a_title_is_matched_and_replaced_as_the_text_it_says() -> None:
    one = run(entry(title="A &lt;b&gt; &amp; C"), rule(match="<b> &", replace="<i> &"))
    assert one.title == "A &lt;i&gt; &amp; C"


def test_content_is_matched_as_the_html_it_came_as() -> None:
    one = run(entry(content="<p>　　a</p>"), rule(field="content", match="<p>　　", replace="<p>"))
    assert one.content == "<p>a</p>"


def test_a_fragment_without_tags_is_matched_as_the_text_it_says() -> None:
    one = run(
        entry(summary="【a &amp; b】c &lt; d"), rule(field="summary", match="^.*】", replace="")
    )
    assert one.summary == "c &lt; d"
    assert run(entry(summary="AT&amp;T"), rule(field="summary", match="AT&T", tag="x")) is not None


def test_groups_may_be_named_in_the_replacement() -> None:
    assert run(entry(title="b: a"), rule(match="(.*): (.*)", replace=r"\2 (\1)")).title == "a (b)"


def test_a_rows_field_is_changed_for_the_templates() -> None:
    steps = (rule(field="section", match="s$", replace=""), rule(tag="{section}"))
    assert article(entry(fields={"section": "sports"}), place(rule=steps)).tags == ("sport",)


def test_set_gives_fields_their_values_of_templates() -> None:
    one = run(
        entry(title="t", fields={"code": "N<1>"}),
        rule(set={"title": "{code}: {title}", "content": "<p>{code}</p>", "kind": "x"}),
    )
    assert one.title == "N&lt;1&gt;: t"
    assert one.content == "<p>N&lt;1&gt;</p>"
    assert one.fields["kind"] == "x"


def test_set_reaches_link_publisher_and_author() -> None:
    made = article(
        entry(),
        place(
            rule=(
                rule(set={"link": "https://x.example/2", "publisher": "P & Co", "author": "Alice"}),
            )
        ),
    )
    assert made.share_link == "https://x.example/2"
    assert made.attribution.publisher == "P & Co"
    assert [person.name for person in made.authors] == ["Alice"]


def test_a_changed_field_is_what_templates_see_afterwards() -> None:
    one = entry(title="old", fields={"title": "row's old"})
    where = place(rule=(rule(match="old", replace="new"), rule(tag="{title}")))
    assert article(one, where).tags == ("new",)


def test_no_rule_changes_which_article_it_is() -> None:
    where = place(rule=(rule(set={"id": "other", "link": "https://x.example/2"}),))
    made = article(entry(), where)
    assert made.guid == "https://paper.example/1"
    assert made.id == article(entry()).id


def test_category_and_tag_are_added_after_the_sources_own() -> None:
    steps = (
        rule(field="title", match="(?i)court", category="Law", tag="court"),
        rule(tag="{source}"),
        rule(category="world"),
    )
    made = article(entry(title="The Court"), place(category="world", tags=("t",), rule=steps))
    assert made.categories == ("world", "Law")
    assert made.tags == ("t", "court", "paper")


def test_the_sources_rules_come_before_those_for_every_source() -> None:
    where = place(rule=(rule(match="a", replace="b"),), rules=(rule(match="b", replace="c"),))
    assert article(entry(title="a"), where).title == "c"


def test_rules_leave_a_trace_of_what_they_did() -> None:
    did, did_not = rule(match="A", replace="B"), rule(match="Z", replace="Y")
    gone = rule(match="B", drop=True)
    explanation = explain(entry(title="A"), place(rule=(did, did_not, gone)), NOW)
    assert explanation.article is None
    assert [(step.rule, step.effect, step.value) for step in explanation.steps] == [
        (did, "replaced", "B"),
        (gone, "dropped", ""),
    ]


def test_a_pattern_that_takes_too_long_costs_the_entry_and_not_the_others() -> None:
    where = place(rule=(rule(match="(a|aa)+$", replace=""),))
    with pytest.raises(EntryError, match="took more than"):
        normalise(entry(title="a" * 60 + "b"), where, NOW)


def test_a_template_of_a_rule_that_lacks_a_field_is_an_error_that_names_it() -> None:
    with pytest.raises(EntryError, match="'desk'"):
        normalise(entry(), place(rule=(rule(tag="{desk}"),)), NOW)
