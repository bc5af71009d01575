"""Work on what strangers sent, done in processes that may be killed.

    apart(size, function, …) ─► small: done here at once
                              └► large: a child process with limits of time and memory, no network
    aside(function, …)        ─► a thread of this process that ends with the work
    apart_each(size, function, portions, …) ─► the same for each portion, on all cores

Parsing in a thread holds up every other thread, and what never ends there cannot be stopped.
"""

from aggregator.workers.aside import aside
from aggregator.workers.pool import SMALL, Limits, Workers, apart, apart_each, employed

__all__ = ["SMALL", "Limits", "Workers", "apart", "apart_each", "aside", "employed"]
