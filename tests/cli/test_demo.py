"""`aggregator demo`: what is said, what is seen, and what is left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.inside import aggregator
from tests.command import command, environment


@contextmanager
def demo(folder: Path, *options: str, language: str = "en") -> Iterator[subprocess.Popen[str]]:
    """Run the demo in `folder/work`, with `folder/tmp` for its temporary folder."""
    own = {"TMPDIR": str(folder / "tmp"), "AGGREGATOR_LANG": language}
    for name in ("work", "tmp"):
        (folder / name).mkdir()
    with subprocess.Popen(
        command("demo", *options),
        cwd=folder / "work", env={**environment(), **own},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def left(folder: Path) -> list[str]:
    """Return what the demo has left behind: files, and processes that work on them."""
    found = [str(path) for path in (*folder.glob("tmp/*"), *folder.glob("work/*"))]
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return found + [line for line in listed.stdout.splitlines() if str(folder) in line]


@pytest.mark.long
def test_the_tour_shows_everything_and_ends_by_itself_where_nobody_looks_on(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    os.environ["BROWSER"] = str(browser)
    try:
        with demo(tmp_path, "--open") as process:
            out, err = process.communicate(timeout=120)
    finally:
        del os.environ["BROWSER"]
    assert (process.returncode, err) == (0, ""), out
    assert re.findall(r"^ *(\d+)  ", out, re.MULTILINE) == [str(one) for one in range(1, 10)]
    (address,) = set(re.findall(r"Look around: (\S+)", out))
    assert (tmp_path / "opened").read_text() == f"{address}\n"
    for words in (
        "10 sources: 6 feed, 1 json, 1 html, 1 sitemap, 1 jekyll",
        "✓ JSON API        江湾通讯社: 3 new",
        "✗ RSS             The Lighthouse Log: answered 500",
        "✗ failing\tlighthouse",
        "19 articles before, 19 after",
        "after   Town clock now right all day",
        "as it was: id, url, date_published",
        "Found downstream: one hat, wearing a duck",
    ):
        assert words in out
    assert re.search(
        r"茶馆日报; also: 江湾晚报|江湾晚报; also: 茶馆日报", out
    )  # who came first leads
    assert re.search(r"also: (The Teapot Gazette|Lantern & Ladder)\)", out)
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("sent", "step"), [(signal.SIGHUP, 1), (signal.SIGTERM, 2), (signal.SIGINT, 3)]
)
def test_who_interrupts_it_is_left_with_nothing(
    tmp_path: Path, sent: signal.Signals, step: int
) -> None:
    """At the third step the daemon runs, at the second a command."""
    with demo(tmp_path, "--seconds", "60") as process:
        assert process.stdout
        for line in process.stdout:
            if line.startswith(f"{step:2} "):
                break
        (folder,) = (tmp_path / "tmp").iterdir()
        assert (folder / "config.toml").exists()
        process.send_signal(sent)
        begun = time.monotonic()
        out, err = process.communicate(timeout=20)
        assert (process.returncode, err) == (0, "")
        assert time.monotonic() - begun < 10
    over = "The demo is over; its folder is removed, and nothing else was written.\nnext:\n  1. "
    assert over in out
    assert left(tmp_path) == []


def test_its_time_may_be_up_before_the_tour_is_over(tmp_path: Path) -> None:
    with demo(tmp_path, "--seconds", "0.5") as process:
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert "Look around" not in out
    assert left(tmp_path) == []


def test_the_tour_is_in_chinese_where_the_locale_is(tmp_path: Path) -> None:
    with demo(tmp_path, "--seconds", "0.5", language="zh") as process:
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    assert out.startswith("\n 1  本机上的编辑部：十家虚构的报纸，地址为 http://127.0.0.1:")
    assert "\n演示结束；所用文件夹已删除，未写入其他任何内容。\n下一步：\n  1. " in out


def test_its_configuration_is_a_good_one_to_start_from(tmp_path: Path) -> None:
    printed = aggregator(tmp_path, "demo", "--config")
    (tmp_path / "config.toml").write_text(printed.out, encoding="utf-8")
    checked = aggregator(tmp_path, "check")
    assert (checked.status, checked.err) == (0, "")
    assert "6 feed, 1 json, 1 html, 1 sitemap, 1 jekyll" in checked.out
