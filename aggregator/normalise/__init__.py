"""Entry → Article, pure: rules, credit, links, text, HTML, dates, ids, categories and slugs."""

from aggregator.normalise.article import Explanation, explain, normalise
from aggregator.normalise.attribution import name_of
from aggregator.normalise.batch import Batch, make
from aggregator.normalise.place import Place
from aggregator.normalise.provenance import provenance

__all__ = ["Batch", "Explanation", "Place", "explain", "make", "name_of", "normalise", "provenance"]
