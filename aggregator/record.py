"""Records: frozen for who writes code, as the type checker sees to, and cheap to make.

A dataclass that is frozen at runtime as well stores each field by a call that looks through its
class first: of the 13 µs that a record of 24 fields takes to make, these are 10. Twenty are made of
each answer without news, and thousands of each document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["record"]

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:
    from dataclasses import dataclass

    def record(*, frozen: bool, slots: bool):
        """Make a dataclass of a class, to be compared and hashed by its fields."""
        return dataclass(slots=slots, unsafe_hash=frozen)
