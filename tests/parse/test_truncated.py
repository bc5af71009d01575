"""A feed that ends in the middle is refused, and what there is of it can be looked at."""

from __future__ import annotations

import pickle

import pytest

from aggregator.errors import TruncatedError
from aggregator.parse import feed_xml

RAIN = b"""<rss version="2.0"><channel><title>Rain</title>
<item><title>one</title><link>https://rain.example/1</link></item>
<item><title>two</title><link>https://rain.example/2</link></item>
<item><title>three</title></item></channel></rss>"""


@pytest.mark.parametrize("end", [b"<title>three", b"</item></channel>", b"<channel>"])
def test_a_truncated_feed_is_refused_with_what_there_is_of_it(end: bytes) -> None:
    at = RAIN.index(end) + (3 if end.startswith(b"<title>") else 0)
    with pytest.raises(TruncatedError, match="ends in the middle: </rss> is missing") as refused:
        feed_xml.parse(RAIN[:at], url="https://rain.example/feed")
    feed = refused.value.feed
    assert feed is not None
    assert [entry.title for entry in feed.entries][:2] == (
        [] if end == b"<channel>" else ["one", "two"]
    )


def test_a_refusal_can_be_handed_from_one_process_to_another() -> None:
    with pytest.raises(TruncatedError) as refused:
        feed_xml.parse(RAIN[:150], url="https://rain.example/feed")
    copied = pickle.loads(pickle.dumps(refused.value))
    assert str(copied) == str(refused.value)
    assert copied.feed == refused.value.feed
