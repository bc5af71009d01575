"""Work on what strangers sent, done in processes that may be killed.

    apart(size, function, …) ─► small: done here at once
                              └► large: a child process with limits of time and memory, no network

Parsing in a thread holds up every other thread, and what never ends there cannot be stopped.
"""

from aggregator.workers.pool import Limits, Workers, apart, employed

__all__ = ["Limits", "Workers", "apart", "employed"]
