"""Gathering on several machines: the engine whose hands are the workers of a Dask cluster.

    turns ─► errands (the sources of one site) ─► parcel ─► worker: gather ─► answer ─► commit
             └► threads of this process, where the scheduler is away or the source is a file

The coordinator, which is the process with the store, alone writes. What gathering must know of the
store travels in the parcel, what was learnt of hosts comes back with the answer, and as one site is
on one errand at a time, its limits need no counter that machines share.
"""

from aggregator.cluster.engine import Cluster, clustered

__all__ = ["Cluster", "clustered"]
