"""The program speaks English, and Chinese where the locale says so."""

from __future__ import annotations

import ast
import re
import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from aggregator.cli import speech
from aggregator.cli.chinese import CHINESE
from aggregator.cli.retelling import retold
from aggregator.cli.speech import language_of, say
from aggregator.health.condition import Health
from aggregator.health.incident import trouble
from aggregator.meanings import meanings
from aggregator.model import Hints, Rhythm, SourceState
from aggregator.schedule.due import next_due
from tests.cli.inside import aggregator
from tests.cli.test_explain import feed
from tests.health.test_condition import GOOD, USUAL, live, silent, under

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PACKAGE = Path(__file__).parents[2] / "aggregator"
DESCRIBING = (PACKAGE / "config" / "describe.py", PACKAGE / "config" / "caveats.py")
SPEAKERS = [*sorted((PACKAGE / "cli").glob("*.py")), *DESCRIBING]
# What these tell a person, they tell in both languages.
WHOLE = (
    *("demo", "tour", "retelling", "status", "tracing"),
    *(
        "adding",
        "cautions",
        "explaining",
        "foreign_rules",
        "keeping",
        "moving_in",
        "planning",
        "removing",
    ),
    *("from_freshrss", "from_jekyll", "from_miniflux", "from_opml", "from_planet"),
    *("from_rss_bridge", "setting_up", "working"),
)
ERRORS = ("Problem", "ConfigError", "ParseError", "RemovalError")
SENTENCE = re.compile("[a-z]{2,} [a-z]{2,}|[a-z]{2,}: ")
# Words that others choose, and that are said as they stand.
CHOOSING = tuple(
    PACKAGE / path
    for path in (
        "health/incident.py",
        "model.py",
        "normalise/rules.py",
        "normalise/sharing.py",
        "schedule/due.py",
    )
)
HAN = re.compile("[\u4e00-\u9fff]")


def constants(node: ast.AST) -> set[str]:
    return {
        one.value
        for one in ast.walk(node)
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def said() -> set[str]:
    """Return every text that is handed to `say` as it stands."""
    found: set[str] = set()
    for path in SPEAKERS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
                found |= constants(node.args[0])
    return found


def fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def sentences(tree: ast.Module) -> set[str]:
    """Return what a module may tell people: its texts of several words.

    No docstrings, and no errors, which are in English and have codes.
    """
    aside: set[str] = set()
    for node in ast.walk(tree):
        is_error = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ERRORS
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.Raise) or is_error or is_docstring:
            aside |= constants(node)
    return {text for text in constants(tree) - aside if SENTENCE.search(text)}


@pytest.fixture
def in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGGREGATOR_LANG", "zh_CN.UTF-8")
    monkeypatch.setattr(speech._Chosen, "language", "zh-CN")  # and English again after the test


def test_whatever_is_said_can_be_said_in_chinese() -> None:
    assert said() <= set(CHINESE)


@pytest.mark.parametrize("name", [*WHOLE, "caveats"])
def test_every_sentence_of_these_commands_is_there_in_both_languages(name: str) -> None:
    room = "config" if name == "caveats" else "cli"
    tree = ast.parse((PACKAGE / room / f"{name}.py").read_text(encoding="utf-8"))
    assert sentences(tree) <= set(CHINESE)


def test_a_sentence_that_is_not_translated_is_found() -> None:
    tree = ast.parse("""print_line(f"there are {count} more")\nraise E("an error is English")""")
    assert sentences(tree) == {"there are "}


def test_nothing_is_translated_that_is_never_said() -> None:
    written = set().union(
        *(
            constants(ast.parse(path.read_text(encoding="utf-8")))
            for path in (*SPEAKERS, *CHOOSING)
            if path.name != "chinese.py"
        )
    )
    assert set(CHINESE) <= written


@pytest.mark.parametrize("text", CHINESE)
def test_both_languages_have_the_same_fields(text: str) -> None:
    assert fields(CHINESE[text]) == fields(text)


def test_every_code_is_explained_in_both_languages() -> None:
    english, chinese = meanings(), meanings("zh-CN")
    assert list(english) == list(chinese)
    for code, meaning in chinese.items():
        assert all(HAN.search(words) for words in meaning), code
        commands = re.compile("`aggregator [a-z]+")
        assert set(commands.findall(meaning.do)) == set(commands.findall(english[code].do)), code


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "de_DE"}, "en"),
        ({"LC_ALL": "zh_TW", "LANG": "C"}, "zh-CN"),
        ({"LC_ALL": "", "LANG": "zh_CN"}, "zh-CN"),
        ({"AGGREGATOR_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "en"),
        ({"AGGREGATOR_LANG": "zh"}, "zh-CN"),
        ({"LANG": "C.UTF-8"}, "en"),
    ],
)
def test_the_locale_of_messages_decides(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


@pytest.mark.usefixtures("in_chinese")
def test_a_first_run_is_in_chinese(tmp_path: Path) -> None:
    made = aggregator(tmp_path, "init")
    assert made.out.splitlines()[:2] == ["已写入 config.toml", "下一步："]
    assert "还没有来源" not in aggregator(tmp_path, "check").out
    assert "每个订阅源含最新的" in aggregator(tmp_path, "check").out
    assert "✓ 配置：config.toml" in aggregator(tmp_path, "doctor").out.replace(": ", "：")
    assert "个来源" in aggregator(tmp_path, "status").out


@pytest.mark.usefixtures("in_chinese")
def test_why_a_source_is_asked_is_told_in_chinese_and_to_programs_in_english(
    tmp_path: Path,
) -> None:
    (tmp_path / "config.toml").write_text('[[source]]\nid = "paper"\nurl = "paper.xml"\n')
    (tmp_path / "paper.xml").write_bytes(feed({"storks": {}}))
    aggregator(tmp_path, "--quiet", "refresh")
    for told in (aggregator(tmp_path, "status"), aggregator(tmp_path, "status", "paper")):
        assert "每 1 分钟抓取一次：是本机文件" in told.out
    assert "\n  上次成功     20" in told.out
    hidden = "https://paper.example/storks"
    aggregator(tmp_path, "--quiet", "article", "hide", hidden, "--reason", "x")
    assert "1 已隐藏；原因见" in aggregator(tmp_path, "status").out
    (row,) = aggregator(tmp_path, "status", "--json").json()["sources"]
    assert "every 1 min: it is a file of this machine" in row.values()
    (tmp_path / "paper.xml").unlink()
    aggregator(tmp_path, "--quiet", "refresh", "--all")
    assert "来源“paper”：失败 1 次：" in aggregator(tmp_path, "check").out
    failing = aggregator(tmp_path, "check", "--json").json()["failing"]
    assert failing["paper"].startswith("failed once: ")


@pytest.mark.usefixtures("in_chinese")
def test_an_explanation_is_in_chinese(tmp_path: Path) -> None:
    told = aggregator(tmp_path, "explain", "E204").out
    assert told.startswith("E204: 找不到主机名\n")
    assert "原因：" in told
    assert "处理：" in told


@pytest.mark.usefixtures("in_chinese")
def test_the_history_of_an_article_is_told_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[[source]]\nid = "paper"\nurl = "paper.xml"\n')
    (tmp_path / "paper.xml").write_bytes(feed({"storks": {"pubDate": ""}}))
    aggregator(tmp_path, "--quiet", "refresh")
    title, *lines = aggregator(tmp_path, "explain", "https://paper.example/storks").out.splitlines()
    assert title == "About storks"
    labels = [line[2:].split("  ")[0] for line in lines if line[2] != " "]
    assert [label for label in labels if not HAN.search(label)] == ["id"]
    told = "\n".join(lines)
    assert lines[0] == "  状态         已发布"
    assert "  来源         paper，原 id 为 https://paper.example/storks\n" in told
    assert "  分享链接     ✓ https://paper.example/storks (条目的链接)\n" in told
    assert "（首次收录的时间：来源未注明日期）\n" in told


@pytest.mark.usefixtures("in_chinese")
def test_what_programs_read_stays_english(tmp_path: Path) -> None:
    aggregator(tmp_path, "init")
    assert not HAN.search(aggregator(tmp_path, "doctor", "--json").out)
    assert aggregator(tmp_path, "explain", "E204", "--json").json()["title"].startswith("the host")
    (tmp_path / "config.toml").write_text("[site]\nlanguage = 5\n")
    assert "is not text; write it in quotes" in aggregator(tmp_path, "check").err


HINTS = (Hints(), Hints(fresh=86400), Hints(interval=86400), Hints(skip_hours=frozenset(range(23))))
STATES = (
    *(SourceState("a", hints=hints) for hints in HINTS),
    SourceState("a", gone=True),
    SourceState("a", address="https://new.example/feed"),
    *(SourceState("a", failures=n, status=code) for n in (1, 4) for code in (None, 404)),
)
PUBLISHED = tuple((NOW - timedelta(hours=age), NOW - timedelta(days=40)) for age in (1, 900))
RHYTHMS = (
    *(
        Rhythm(every, local=local)
        for every in (None, timedelta(hours=1))
        for local in (False, True)
    ),
    *(Rhythm(published=published) for published in PUBLISHED),
    Rhythm(told=True),
    Rhythm(retry_at=NOW + timedelta(days=3)),
)


@pytest.mark.usefixtures("in_chinese")
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_why_a_source_is_asked_when_it_is_can_be_told_in_chinese(
    state: SourceState, rhythm: Rhythm
) -> None:
    why = next_due(state, rhythm, NOW, Random(5)).why
    told = retold(why)
    assert HAN.search(told)
    assert not SENTENCE.search(re.sub(r"https?://[^：]+", "", told)), (why, told)


BROKEN = (
    *(replace(GOOD, entries=count, made=0) for count in (0, 1, 2)),
    *(replace(GOOD, dated=count) for count in (0, 3)),
    *(replace(GOOD, filled=count) for count in (0, 3)),
    *(replace(GOOD, length=count) for count in (0, 100)),
    replace(GOOD, bad=15, made=5, dated=5, filled=5),
)
AMISS = (
    *(live([document, None], USUAL) for document in BROKEN),
    live([GOOD, *["failed", None] * 9]),
    under("4/day", (0, 1)),
    under("100/hour", (40, 90)),
    *(silent(days, 0.01) for days in (5, 50)),
)
HELD = trouble(SourceState("a", last_ok_at=NOW), Health(), 3, NOW)


@pytest.mark.usefixtures("in_chinese")
@pytest.mark.parametrize("why", [*(health.why for health in AMISS), HELD and HELD.why])
def test_what_is_amiss_with_a_source_can_be_told_in_chinese(why: str) -> None:
    told = retold(why).replace("`aggregator release`", "")
    assert HAN.search(told), why
    assert not SENTENCE.search(told), told


@pytest.mark.usefixtures("in_chinese")
def test_what_the_store_keeps_is_told_part_by_part() -> None:
    assert retold("every 1 d: it publishes about every 20.8 d") == (
        "每 1 天抓取一次：约每 20.8 天更新一篇"
    )
    assert retold("failed 4 times in a row: a.example does not answer; try later [E205]") == (
        "连续失败 4 次：a.example does not answer; try later [E205]"
    )
    assert retold("what is {not} known; every 5 s, as configured") == (
        "what is {not} known; 按配置每 5 秒抓取一次"
    )


def test_what_the_store_keeps_is_told_in_english_as_it_stands() -> None:
    assert retold("every 5 s, as configured") == "every 5 s, as configured"


def test_what_has_no_translation_is_said_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech._Chosen, "language", "zh-CN")
    assert say("{count} of a new kind", count=3) == "3 of a new kind"


def test_what_comes_next_is_numbered_and_said_to_people_alone(
    tmp_path: Path, in_chinese: None
) -> None:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    outline = '<outline type="rss" text="A" xmlUrl="https://a.example/feed"/>'
    (tmp_path / "feeds.opml").write_text(f"<opml><body>{outline}</body></opml>", encoding="utf-8")
    told = aggregator(tmp_path, "import", "opml", "feeds.opml").out.splitlines()
    assert told[0] == "1 个订阅源已加入 config.toml；0 个原已存在，0 个不是订阅源"
    assert told[1:3] == ["下一步：", "  1. aggregator check --net    # 逐一试抓取"]
    assert aggregator(tmp_path, "plan").out.splitlines()[-2:] == [
        "下一步：",
        "  1. aggregator refresh    # 付诸实施；守护进程若在运行，则已经生效",
    ]
    assert "下一步" not in aggregator(tmp_path, "--quiet", "plan").out
    assert "next" not in aggregator(tmp_path, "plan", "--json").out
