"""docs/moving.md: what is imported there becomes what is shown there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.cli.inside import aggregator
from tests.docs.pages import PAGES
from tests.newsroom import generated, serving

GUIDE = PAGES["docs/moving.md"]
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTIONS = {
    part.partition("\n")[0]: FENCED.findall(part)
    for part in re.split(r"^## ", GUIDE, flags=re.MULTILINE)[1:]
}
IMPORTS = {
    name: parts
    for name, parts in SECTIONS.items()
    if any(kind in ("xml", "json", "ini") for kind, _ in parts) or "RSS-Bridge" in name
}


@pytest.mark.parametrize("name", IMPORTS)
def test_the_example_becomes_what_is_shown(name: str, tmp_path: Path) -> None:
    parts = IMPORTS[name]
    given = next(text for kind, text in parts if kind in ("xml", "json", "ini", "text"))
    told = [text for kind, text in parts if kind == "text" and text != given]
    (line,) = re.findall(r"^aggregator (.+)$", [t for k, t in parts if k == "sh"][-1], re.MULTILINE)
    words = line.split()
    (tmp_path / words[-1]).write_text(given, encoding="utf-8")
    (tmp_path / "config.toml").write_text("# mine\n", encoding="utf-8")
    ended = aggregator(tmp_path, *words)
    text = (tmp_path / "config.toml").read_text(encoding="utf-8")
    assert text.startswith("# mine\n"), ended.err
    shown = next(text for kind, text in parts if kind == "toml")
    assert tomllib.loads(text)["source"] == tomllib.loads(shown)["source"]
    assert sorted(ended.err.splitlines()) == sorted("".join(told).splitlines())
    assert aggregator(tmp_path, "check").status == 0
    again = aggregator(tmp_path, *words, "--json").json()
    assert (again["sources"], again["written"]) == ([], False)


def test_every_import_is_in_the_guide() -> None:
    assert {"Feedly, Inoreader and other readers", "miniflux", "FreshRSS", "RSS-Bridge",
            "Planet Venus and Pluto"} == IMPORTS.keys()  # fmt: skip


def test_the_script_of_ones_own_writes_the_posts_of_the_real_job(tmp_path: Path) -> None:
    (_, shown), *_ = [
        part for name, parts in SECTIONS.items() if "finews" in name for part in parts
    ]
    posts = []
    with serving(generated()) as room:
        here = f"http://127.0.0.1:{room.port}"
        recipe = shown.replace("http://portal.example", here)
        recipe = recipe.replace("http://finews.zning.xyz/NewsData", f"{here}/NewsData")
        recipe = recipe.replace('window = "3d"', "")  # the newsroom's dates do not move
        recipe = recipe.replace(
            "[defaults]", '[defaults]\nfirst = "all"\nallow_private = ["127.0.0.0/8"]'
        )
        for name, config in (("ours", room.config()), ("shown", recipe)):
            folder = tmp_path / name
            folder.mkdir()
            (folder / "config.toml").write_text(config, encoding="utf-8")
            refreshed = aggregator(folder, "refresh")
            assert refreshed.status == 0, refreshed.err
            written = sorted((folder / "feeds" / "_posts").iterdir())
            posts.append({path.name: path.read_bytes() for path in written})
    assert len(posts[0]) == 8
    assert posts[0] == posts[1]
