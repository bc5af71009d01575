from __future__ import annotations

import hashlib
import json
import random

import pytest

from aggregator.publish import manifest

ONE, TWO = "1" * 64, "2" * 64


def hashes(count: int) -> dict[str, str]:
    names = [f"c{n % 7}/2022/{n}.html" for n in range(count)]
    return {name: hashlib.sha256(name.encode()).hexdigest() for name in names}


def test_a_manifest_is_json_with_a_line_for_each_document() -> None:
    text = manifest.render({"b": TWO, "a/x.html": ONE}, 7)
    assert json.loads(text) == {"generation": 7, "documents": {"a/x.html": ONE, "b": TWO}}
    assert text.count(b"\n") == 6
    assert manifest.read(text) == {"a/x.html": ONE, "b": TWO}


def test_a_change_is_a_generation_later() -> None:
    old = manifest.render({"a": ONE}, 1)
    assert manifest.edit(old, {"a": TWO}, 2) == manifest.render({"a": TWO}, 2)
    assert manifest.edit(old, {"a": None}, 2) == manifest.render({}, 2)
    assert manifest.edit(manifest.render({}, 9), {"a": ONE, "b": None}, 10) == manifest.render(
        {"a": ONE}, 10
    )


@pytest.mark.parametrize("seed", range(30))
def test_an_edited_manifest_is_the_one_that_would_be_rendered(seed: int) -> None:
    rng = random.Random(seed)
    known = hashes(rng.choice([1, 2, 3, 50, 300]))
    text = manifest.render(known, 1)
    for generation in range(2, 6):
        removed = rng.sample(sorted(known), min(len(known), rng.randrange(4)))
        changed = {
            name: rng.choice([ONE, TWO])
            for name in (*rng.sample(sorted(known), len(known) // 3), "", "0", "zz", 'q"\\', "a/南")
            if rng.random() < 0.7
        }
        known = {name: known[name] for name in known if name not in removed} | changed
        gone = dict.fromkeys([*removed, "never/there"])
        text = manifest.edit(text, {**gone, **changed}, generation)
        assert text == manifest.render(known, generation)


@pytest.mark.parametrize("old", [b"", b"{}", b"not json", manifest.render({"a": ONE}, 1)[:-3]])
def test_what_is_no_manifest_is_not_edited(old: bytes) -> None:
    with pytest.raises(ValueError, match="is not a manifest"):
        manifest.edit(old, {"a": ONE}, 2)


def test_changes_beside_a_manifest_count_where_they_are_later() -> None:
    whole = manifest.render({"a": ONE, "b": ONE}, 7)
    beside = manifest.render({"a": TWO, "b": None, "c": TWO, "d": None}, 8)
    assert manifest.read(whole, beside) == {"a": TWO, "c": TWO}
    assert manifest.read(whole.replace(b": 7", b": 8"), beside) == {"a": ONE, "b": ONE}
