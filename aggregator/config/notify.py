"""Who is told when sources fail: the table [notify]."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib.util import find_spec
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from aggregator.config.table import Table
from aggregator.config.values import Count, Duration, Means, Together
from aggregator.health.incident import Patience

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")


def _address(value: SecretStr) -> SecretStr:
    if find_spec("apprise") is None:
        raise ValueError("needs an extra; in a checkout, pip install '.[notify]'")
    if not _ADDRESS.fullmatch(value.get_secret_value()):
        raise ValueError('is not an address; write "mailto://…", "https://…" or "env:NAME"')
    return value


Recipient = Annotated[SecretStr, AfterValidator(_address), Means("address")]


class Notify(Table):
    """Who is told when a source is in trouble, and when it is well again."""

    to: tuple[Recipient, ...] = Field(
        (),
        description='addresses as Apprise has them: `"mailto://…"`, `"slack://…"`, and '
        '`"https://…"` for JSON; each may be `"env:NAME"` or `"file:PATH"`',
    )
    after: Count = Field(3, description="failures in a row that make an incident, …")
    lasting: Duration = Field(
        timedelta(hours=1),
        alias="for",
        description="… where they have lasted for so long",
    )
    together: Together = Field(
        timedelta(minutes=1), description="what happens in this time goes into one message"
    )

    @property
    def patience(self) -> Patience:
        """How long a failure may last before it is an incident."""
        return Patience(self.after, self.lasting)
