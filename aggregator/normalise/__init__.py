"""Entry → Article, pure: rules, credit, links, text, HTML, dates, ids, categories and slugs."""

from aggregator.normalise.article import Explanation, explain, normalise
from aggregator.normalise.attribution import name_of
from aggregator.normalise.batch import Batch, joined, make, portions
from aggregator.normalise.place import Place
from aggregator.normalise.provenance import provenance

__all__ = [
    "Batch",
    "Explanation",
    "Place",
    "explain",
    "joined",
    "make",
    "name_of",
    "normalise",
    "portions",
    "provenance",
]
