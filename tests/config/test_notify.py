"""The table [notify]: who is told, by addresses that are secrets; what a source should bring."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.errors import ConfigError
from aggregator.health.incident import Patience
from aggregator.health.rate import Rate
from tests.config.desk import settings

SOURCE = '[[source]]\nid = "x"\nurl = "https://x.example/feed"\n'


def test_addresses_come_from_the_file_the_environment_and_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", "https://hook.example/s3cr3t")
    (tmp_path / "mail").write_text("mailto://me:s3cr3t@example.org\n")
    to = '["json://a.example/", "env:HOOK", "file:mail"]'
    notify = settings(tmp_path, f'[notify]\nto = {to}\nafter = 5\nfor = "2h"\n{SOURCE}').notify
    assert [one.get_secret_value() for one in notify.to] == [
        "json://a.example/", "https://hook.example/s3cr3t", "mailto://me:s3cr3t@example.org",
    ]  # fmt: skip
    assert "s3cr3t" not in repr(notify)
    assert notify.patience == Patience(5, timedelta(hours=2))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('to = ["s3cr3t word"]', "is not an address"),
        ('to = ["env:NOT_THERE"]', 'the environment has no variable "NOT_THERE"'),
        ('for = "s3cr3t"', "is not a duration"),
        ("after = 0", "must be at least 1"),
        ("threshold = 3", 'did you mean "after"?'),
    ],
)
def test_a_fault_is_named_at_its_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, f"[notify]\n{line}\n{SOURCE}")
    (problem,) = caught.value.problems
    assert problem.line == 2
    assert said in problem.message
    assert "s3cr3t word" not in problem.message


def test_what_a_source_should_bring_is_a_rate(tmp_path: Path) -> None:
    found = settings(tmp_path, f'{SOURCE}expect = "3/day"\n')
    assert found.expected == {"x": Rate(3, timedelta(days=1))}
    with pytest.raises(ConfigError, match='is not a rate; write "3/day"'):
        settings(tmp_path, f'{SOURCE}expect = "often"\n')
