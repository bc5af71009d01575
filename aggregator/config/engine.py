"""Who gathers: the table [engine]."""

from __future__ import annotations

from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from aggregator.config.table import Table
from aggregator.config.values import Location, Means

_PRIVATE = (".lan", ".local", ".internal", ".home.arpa", "localhost")


def _scheduler(value: str) -> str:
    try:
        parts = urlsplit(value)
        complete = parts.scheme in ("tls", "tcp") and parts.hostname and parts.port
    except ValueError:
        complete = False
    if not complete or parts.path or parts.query or parts.fragment or "@" in value:
        raise ValueError('is not a scheduler; write "tls://host:8786"')
    if find_spec("distributed") is None:
        raise ValueError("needs an extra; in a checkout, pip install '.[cluster]'")
    if parts.scheme == "tcp" and not _is_near(parts.hostname or ""):
        raise ValueError(
            "is tcp:// across networks: whoever reaches a scheduler can run programs on its "
            "workers; use tls://"
        )
    return value


def _is_near(host: str) -> bool:
    """Say whether *host* is of this machine or of a network of one's own, by its name alone."""
    try:
        address = ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(_PRIVATE)
    return address.is_private and not address.is_unspecified


Scheduler = Annotated[str, AfterValidator(_scheduler), Means("tls://host:port")]


class Engine(Table):
    """Who asks the sources: threads of this process, or the workers of a Dask cluster."""

    dask: Scheduler | None = Field(
        None,
        description="the scheduler of a cluster (extra `cluster`); tcp:// to one's own network "
        "alone; absent: this process does it all",
    )
    ca: Location | None = Field(
        None, description="the authority that scheduler and workers are certified by (PEM)"
    )
    cert: Location | None = Field(None, description="the certificate of this program (PEM)")
    key: Location | None = Field(None, description="and its key (PEM)")

    @property
    def tls(self) -> tuple[Path, Path, Path] | None:
        """Authority, certificate and key; None where dask's own configuration has them."""
        found = (self.ca, self.cert, self.key)
        return None if None in found else found  # type: ignore[return-value]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        given = [name for name in ("ca", "cert", "key") if getattr(self, name) is not None]
        if given and len(given) < 3:
            raise ValueError("needs ca, cert and key together, or none where dask has its own")
        if given and not (self.dask or "").startswith("tls://"):
            raise ValueError('has ca, cert and key, which are for a scheduler at "tls://…"')
        return self
