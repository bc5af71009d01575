"""How large the safety tests are: small in every run, larger by environment variable."""

from __future__ import annotations

import os


def scaled(name: str, usual: int) -> int:
    """Return the number that the environment gives as SAFETY_<name>, else the *usual* one."""
    return int(os.environ.get(f"SAFETY_{name}", usual))
