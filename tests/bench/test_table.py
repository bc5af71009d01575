from __future__ import annotations

from pathlib import Path

from bench.table import Row, in_columns, in_markdown, missing, write_down

REACHED = Row("refresh", "1.0 s", "reader: 12.0 s", 12.0, 10)
MISSED = Row("publish", "1.0 s", "jekyll: 2.0 s", 2.0, 8)


def test_an_aim_that_is_missed_is_said_to_be() -> None:
    assert REACHED.cells == ("refresh", "1.0 s", "reader: 12.0 s", "12 ×", "≥ 10")
    assert MISSED.cells[-1] == "≥ 8, missed"


def test_a_peer_that_is_not_there_is_no_failure() -> None:
    row = missing("publish", "1.0 s", "jekyll", 8)
    assert row.cells == ("publish", "1.0 s", "jekyll is not installed", "", "≥ 8")


def test_rows_are_set_in_columns() -> None:
    lines = in_columns([REACHED, MISSED]).splitlines()
    assert [line.index("s", 8) for line in lines[1:]] == [13, 13]


def test_results_are_replaced_by_measurement(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    write_down(path, "serving", "2 cores", [REACHED])
    write_down(path, "parsing", "2 cores", [REACHED])
    write_down(path, "serving", "4 cores", [MISSED])
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Results\n\nWritten by `make bench`")
    assert "|\n\n## serving\n\n" in text
    assert text.index("## parsing\n\n2 cores\n") < text.index("## serving\n\n4 cores\n")
    assert text.count(in_markdown([REACHED])) == 1
    assert text.count(in_markdown([MISSED])) == 1
    write_down(path, "serving", "4 cores", [MISSED])
    assert path.read_text(encoding="utf-8") == text
