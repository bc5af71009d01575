"""Entry → Article, pure: rules, credit, links, text, HTML, dates, ids, categories and slugs."""

from aggregator.normalise.article import Explanation, explain, normalise
from aggregator.normalise.place import Place
from aggregator.normalise.provenance import provenance

__all__ = ["Explanation", "Place", "explain", "normalise", "provenance"]
