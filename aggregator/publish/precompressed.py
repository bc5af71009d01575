"""Documents compressed beside themselves, for web servers that send what stands ready.

`rss.xml` ─► `rss.xml.br`, `rss.xml.zst`, `rss.xml.gz`: nginx (gzip_static), Caddy (precompressed).
"""

from __future__ import annotations

from collections.abc import Iterator

from aggregator.coding.encoding import CODINGS, compressible
from aggregator.model import Document

_NOT_SERVED = ".md"  # Jekyll's posts: material for another program


def paths(path: str) -> set[str]:
    """Return where the copies of the document at *path* stand: nowhere for pictures and posts."""
    if not compressible(path) or path.endswith(_NOT_SERVED):
        return set()
    return {path + coding.suffix for coding in CODINGS.values()}


def documents(document: Document) -> Iterator[Document]:
    """Compress *document* in each coding; the same bytes give the same copies."""
    if paths(document.path):
        for coding in CODINGS.values():
            yield Document(document.path + coding.suffix, coding.encode(document.body))
