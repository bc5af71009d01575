"""A copy of the published folder in a branch of a git repository.

published folder ─► Branch (one commit) ─► remote; the Courier says when, and keeps what came of it
"""
