"""A daemon with 500 sources of which twenty fail, each in its own way: status names each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree, html
from prometheus_client.parser import text_string_to_metric_families

from tests.cli.inside import aggregator
from tests.test_daemon import until
from tests.trouble import FAULTS, NEVER_WELL, World, trouble

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.long
def test_each_fault_is_named_told_once_and_over_when_it_is_over(tmp_path: Path) -> None:
    with trouble(tmp_path, well=480) as world:
        until(lambda: is_up(world), 60)
        until(lambda: all_met(world), 300)
        world.breakdown()
        wanted = {name: word for name, (word, _) in FAULTS.items()}
        until(lambda: are(world, wanted), 120)
        until(lambda: incidents_open(world) == len(FAULTS), 120)

        rows = world.status()
        for name, (_, said) in FAULTS.items():
            assert said in (rows[name]["reason"] or ""), name
            assert rows[name]["incident"], name
            assert rows[name]["since"], name
        assert {rows[name]["condition"] for name in world.well} == {"ok"}
        check_command(world)
        check_page(world)
        check_feed(world, recovered=0)
        check_metrics(world, wanted)
        until(lambda: set(FAULTS) <= told(world, "✗"), 60)
        assert len(world.posted) < len(FAULTS), "those that fail together are told together"

        world.repair()
        world.release()
        well = set(FAULTS) - NEVER_WELL
        until(lambda: are(world, dict.fromkeys(well, "ok")), 180)
        until(lambda: incidents_open(world) == len(NEVER_WELL), 60)
        check_feed(world, recovered=len(well))
        until(lambda: well <= told(world, "✓"), 60)
        assert told(world, "✗") == set(FAULTS), "each is told of once"


def is_up(world: World) -> bool:
    try:
        return b'"ok": true' in world.get("healthz")
    except OSError:
        return False


def are(world: World, wanted: dict[str, str]) -> bool:
    """Say whether sources are in the *wanted* conditions; not where nobody can say it in time."""
    try:
        return wanted.items() <= world.conditions().items()
    except OSError:
        return False


def all_met(world: World) -> bool:
    """Say whether every source was asked that can answer, and its articles are out."""
    met = [name for name, row in world.status().items() if row["last_ok"]]
    return len(met) == len(world.well) + len(FAULTS) - len(NEVER_WELL)


def incidents_open(world: World) -> int:
    return sum(row["incident"] is not None for row in world.status().values())


def told(world: World, mark: str) -> set[str]:
    """Return the sources that messages have named behind *mark*."""
    lines = "\n".join(message["message"] for message in world.posted)
    return set(re.findall(rf"^{mark} ([\w-]+):", lines, re.MULTILINE))


def check_command(world: World) -> None:
    lines = aggregator(world.folder, "status").out.splitlines()
    first = {line.split("\t")[1]: line for line in lines[: len(FAULTS)]}
    assert set(first) == set(FAULTS), "the worst come first"
    for name, (word, _) in FAULTS.items():
        assert first[name].split("\t")[0].endswith(f" {word}")
    assert "500 sources: 1 gone, 15 failing, 1 held, 2 degraded, 1 quiet, 480 ok" in lines[500]


def check_page(world: World) -> None:
    root = html.document_fromstring(world.get("status").decode())
    assert root.cssselect("h1")[0].text_content() == "480 of 500 sources are well"
    rows = root.cssselect("tbody tr")[: len(FAULTS)]
    shown = {row.cssselect("th a")[0].text_content(): row for row in rows}
    for name, (word, said) in FAULTS.items():
        row = shown.get(f"The {name} paper", shown.get(f"{name}.example"))
        assert row is not None, name
        assert row.get("class") == word
        assert said in row.cssselect(".reason")[0].text_content()
    one = world.get("status/broken").decode()
    assert "answered 500" in one
    assert one.count("<tr>") > 2


def check_feed(world: World, recovered: int) -> None:
    feed = etree.fromstring(world.get("status/incidents.atom"))
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == len(FAULTS), "one for each, changed in its place"
    ids = {entry.findtext(f"{ATOM}id") for entry in entries}
    assert len(ids) == len(FAULTS)
    titles = [entry.findtext(f"{ATOM}title") or "" for entry in entries]
    assert sum(title.endswith(": recovered") for title in titles) == recovered


def check_metrics(world: World, wanted: dict[str, str]) -> None:
    families = text_string_to_metric_families(world.get("metrics").decode())
    samples = [sample for family in families for sample in family.samples]
    states = {
        sample.labels["source"]: sample.labels["state"]
        for sample in samples
        if sample.name == "aggregator_source_state"
    }
    assert wanted.items() <= states.items()
    assert len(states) == 500
    (lasting,) = (one.value for one in samples if one.name == "aggregator_incidents_open")
    assert lasting == len(FAULTS)
