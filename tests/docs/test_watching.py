"""What docs/watching.md says of states and figures is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from aggregator.health.incident import STATES
from aggregator.publish.standing import MARKS

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "watching.md").read_text(encoding="utf-8")


def test_every_state_is_explained_with_its_sign() -> None:
    for state in STATES:
        assert f"\n| {MARKS[state]} {state} | " in GUIDE


def test_the_alerts_ask_for_figures_that_there_are() -> None:
    shown = (ROOT / "aggregator" / "serve" / "metrics.py").read_text(encoding="utf-8")
    (alerts,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    for rule in yaml.safe_load(alerts)["groups"][0]["rules"]:
        for figure in re.findall(r"aggregator_\w+", rule["expr"]):
            assert figure.removeprefix("aggregator_source_") in shown
