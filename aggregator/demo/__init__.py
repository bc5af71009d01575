"""A newsroom on this machine, for `aggregator demo`: papers of every kind, and their accidents.

    stories.toml ─► papers ─► printing ─► newsroom (HTTP on loopback, and a folder of posts)

It knows nothing of the rest of the program: to that it is the world outside.
"""
