"""Commands that only read: search, export."""

from __future__ import annotations

import sys

from aggregator.cli.composition import Invocation, load, searchable
from aggregator.cli.speech import say
from aggregator.cli.terminal import print_error_line, print_json, print_table
from aggregator.publish.standing import iso


def search_articles(invocation: Invocation, query: str, limit: int, *, as_json: bool) -> int:
    """Print the articles that hold every word of *query*; return 0, or 1 where there is none."""
    articles = searchable(load(invocation)).search(query, limit)
    if as_json:
        print_json(
            [
                {
                    "id": article.id,
                    "title": article.title,
                    "link": article.share_link or article.link,
                    "published": iso(article.published),
                    "publisher": article.attribution.publisher,
                    "source": article.source,
                    "categories": list(article.categories),
                }
                for article in articles
            ]
        )
    elif not articles:
        print_error_line(say("no article has all of these words"))
    else:
        print_table(
            [say(one) for one in ("published", "publisher", "title", "link")],
            [
                (
                    f"{article.published:%Y-%m-%d}",
                    article.attribution.publisher,
                    article.title,
                    article.share_link or article.link,
                )
                for article in articles
            ],
        )
    return 0 if articles else 1


def export_opml(invocation: Invocation) -> int:
    """Print the sources that are feeds as OPML; return the exit status."""
    from aggregator.publish.opml import subscriptions

    settings = load(invocation)
    feeds = [source for source in settings.source if source.kind == "feed"]
    sys.stdout.write(subscriptions(settings.site, feeds).decode("utf-8"))
    return 0
