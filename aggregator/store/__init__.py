"""The only SQL: one SQLite file that holds what was taken in, what it is called and what is out.

    article ── identity ── alias      who is who, for ever
       ├── provenance, revision       how it was made, and what it said before
       │
    placement ── slug                 what stands where, newest first
       │
    document, channel                 what is published, and what must be published again

One `Store` per process writes (and checkpoints); any number of `Reader`s read beside it.
"""
