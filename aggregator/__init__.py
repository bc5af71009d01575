"""Pull articles from any source on a schedule, keep them in SQLite, publish them with credit."""

__version__ = "0.1.0"
