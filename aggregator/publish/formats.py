"""The table of formats. A new one is a module of this room and a row of this table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from aggregator.model import Article, Channel, Document
    from aggregator.publish.archive import Part
    from aggregator.publish.press import Press, Shelf


class Format(NamedTuple):
    """What one output format renders; None where it has nothing for that occasion.

    A feed tells its readers of removals too, a page shows what there is; `gone` is what stands at
    the address of an article that was removed.
    """

    summary: str  # one line for docs and help
    feed: Callable[[Press, Channel, Sequence[Article]], Iterable[Document]] | None = None
    page: Callable[[Press, Channel, Sequence[Article]], Iterable[Document]] | None = None
    article: Callable[[Press, Article], Iterable[Document]] | None = None
    archive: Callable[[Press, Channel, Part, Sequence[Article]], Iterable[Document]] | None = None
    gone: Callable[[Press, Article], Iterable[Document]] | None = None
    home: Callable[[Press, Sequence[Shelf]], Iterable[Document]] | None = None
    site: Callable[[Press], Iterable[Document]] | None = None


def _renderer(module: str, name: str) -> Callable[..., Iterable[Document]]:
    """Return function *name* of this room's *module*, imported at its first call.

    The configuration is checked against the names of the formats, whether any is rendered or not.
    """

    def render(*content: Any) -> Iterable[Document]:
        found: Iterable[Document] = getattr(import_module(f"aggregator.publish.{module}"), name)(
            *content
        )
        return found

    return render


FORMATS: Mapping[str, Format] = {
    "rss": Format("an RSS 2.0 feed for each category", feed=_renderer("rss", "documents")),
    "atom": Format(
        "an Atom 1.0 feed for each category, and its archive by months",
        feed=_renderer("atom", "documents"),
        archive=_renderer("atom", "archived"),
    ),
    "json": Format("a JSON Feed 1.1 for each category", feed=_renderer("json_feed", "documents")),
    "html": Format(
        "a site: home, categories, articles, archive, sources, about",
        page=_renderer("html_site", "channel_page"),
        article=_renderer("share_page", "shared_page"),
        archive=_renderer("archive_pages", "part_page"),
        gone=_renderer("site_pages", "gone"),
        home=_renderer("html_site", "home_page"),
        site=_renderer("site_pages", "documents"),
    ),
    "jekyll": Format("a Jekyll post for each article", article=_renderer("jekyll", "post")),
}
