"""The line from a source to a document; the only place that sees all the stages together.

refresh.py: due sources ─► fetch ─► parse ─► normalise ─► store
publication.py: store ─► publish ─► files
"""
