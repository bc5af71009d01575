"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes says more about the machine than about us.
settings.register_profile("without time limits", deadline=None)
settings.load_profile("without time limits")
