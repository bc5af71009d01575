"""What every table of config.toml is: frozen, and no key goes by unknown."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """One table of config.toml; a field's `description` is its line in `docs/config.md`."""

    # Tables are only read as parts of the whole: none needs a validator of its own at the import.
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
        strict=False,
        defer_build=True,
    )
