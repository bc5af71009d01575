"""Every feed names the hub that tells of its changes."""

from __future__ import annotations

import json

import pytest

from tests.publish.desk import WORLD, article, press, rendered, tree

ATOM = "{http://www.w3.org/2005/Atom}"
HUBS = [
    ("https://hub.example/", "https://hub.example/"),
    ("self", "https://reader.example/news/hub"),
]


@pytest.mark.parametrize(("configured", "address"), HUBS, ids=["another", "own"])
def test_each_format_names_the_hub(configured: str, address: str) -> None:
    documents = rendered(press(hub=configured), WORLD, article())
    atom = tree(documents["atom.xml"])
    relations = [link.get("rel") for link in atom.iterfind(f"{ATOM}link")]
    assert relations == ["self", "hub", "alternate"]
    assert atom.find(f"{ATOM}link[@rel='hub']").get("href") == address
    channel = tree(documents["rss.xml"])[0]
    assert channel.find(f"{ATOM}link[@rel='hub']").get("href") == address
    assert json.loads(documents["feed.json"].body)["hubs"] == [{"type": "WebSub", "url": address}]


def test_without_a_hub_none_is_named() -> None:
    documents = rendered(press(), WORLD, article())
    assert b"hub" not in documents["atom.xml"].body + documents["rss.xml"].body
    assert "hubs" not in json.loads(documents["feed.json"].body)
