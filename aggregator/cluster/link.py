"""The way to the scheduler, looked after by a thread of its own. Sole user of distributed.

What the library raises becomes one of three outcomes here: an errand was answered, it killed every
worker that it was given to, or it was lost on the way.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from contextlib import suppress
from enum import Enum
from functools import partial
from typing import Any

from aggregator.cluster.hand import MisfitError, gather_all
from aggregator.cluster.parcel import Answer, Parcel
from aggregator.config.engine import Engine

log = logging.getLogger(__name__)

_PATIENCE = 5  # seconds for the scheduler to answer
_FETCHING = 30  # seconds for an answer to come, where its worker may have died and left it


class Mishap(Enum):
    """Why an errand has no answer."""

    KILLED = "it killed the workers that it was given to"
    LOST = "the cluster was lost meanwhile"


Outcome = Answer | Mishap


class Link:
    """A connection to the scheduler that is made anew where it breaks.

    `hands` is how many errands the workers do at a time, 0 where the cluster cannot be used;
    `fault` says why it cannot, `losses` how often it was lost with what was out. *pulse* and
    *again* are seconds between two looks at a scheduler that is there, and at one that is away.
    """

    def __init__(self, engine: Engine, pulse: float = 5.0, again: float = 60.0) -> None:
        self._engine = engine
        self._pulse, self._again = pulse, again
        self._client: Any = None
        self._left_at: float | None = None  # when the last worker was gone
        self._closed = threading.Event()
        self.hands = 0
        self.fault = ""
        self.losses = 0
        self._look()
        threading.Thread(target=self._watch, name="cluster", daemon=True).start()

    @property
    def address(self) -> str:
        """Where the scheduler is."""
        return self._engine.dask or ""

    def is_deserted(self, patience: float) -> bool:
        """Say whether there have been no workers for *patience* seconds."""
        left_at = self._left_at
        return left_at is not None and time.monotonic() - left_at > patience

    def send(self, name: str, parcel: Parcel, then: Callable[[Outcome], None]) -> None:
        """Have a worker do an errand; *then* is told of the outcome, in another thread."""
        client = self._client
        if client is None:
            then(Mishap.LOST)
            return
        try:
            future = client.submit(gather_all, parcel, key=name, pure=False)
        except Exception as error:  # of any kind: it serialises, and talks to itself in a loop
            self._lose(error)
            then(Mishap.LOST)
            return
        future.add_done_callback(partial(self._ended, then))

    def close(self) -> None:
        """Leave the cluster; what it still does for us is for nothing."""
        self._closed.set()
        self._drop()

    def _ended(self, then: Callable[[Outcome], None], future: Any) -> None:
        from distributed.scheduler import KilledWorker

        try:
            answer: Answer = future.result(timeout=_FETCHING)
        except KilledWorker:
            then(Mishap.KILLED)
        except (CancelledError, OSError):
            then(Mishap.LOST)
        except Exception as error:  # the function raises nothing but that it does not fit
            self._lose(error)
            then(Mishap.LOST)
        else:
            then(answer)
        finally:
            future.release()

    def _watch(self) -> None:
        while not self._closed.wait(self._again if self._client is None else self._pulse):
            self._look()

    def _look(self) -> None:
        """Connect where that is due, and count the hands."""
        try:
            if self._client is None:
                self._client = self._connected()
            if self._client.status != "running":
                raise ConnectionError("broke the connection off")
            self.hands = sum(self._client.nthreads().values())
        except ImportError:
            self.hands, self.fault = 0, "cannot be used: the extra `cluster` is not installed"
        except Exception as error:  # whatever its loop and its TLS raise
            self._lose(error)
        else:
            if self.hands:
                self.fault, self._left_at = "", None
            else:
                self.fault = "has no workers"
                self._left_at = self._left_at or time.monotonic()

    def _connected(self) -> Any:
        from distributed import Client, Security

        # It would tell of each attempt, and of our errands.
        for name in logging.root.manager.loggerDict:
            if name.startswith(("distributed", "tornado")):
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        options: dict[str, Any] = {}
        if tls := self._engine.tls:
            ca, cert, key = map(str, tls)
            options["security"] = Security(  # type: ignore[no-untyped-call]
                require_encryption=True,
                tls_ca_file=ca,
                tls_client_cert=cert,
                tls_client_key=key,
            )
        return Client(  # type: ignore[no-untyped-call]
            self._engine.dask,
            timeout=_PATIENCE,
            name="aggregator",
            set_as_default=False,
            **options,
        )

    def _lose(self, error: Exception) -> None:
        """Do without the cluster until the next look that finds it."""
        known = isinstance(error, MisfitError | ConnectionError)
        said = str(error) if known else "cannot be reached"
        self.hands, self.fault = 0, said
        log.debug("the cluster is lost: %s", type(error).__name__)
        self._drop()

    def _drop(self) -> None:
        client, self._client, self._left_at = self._client, None, None
        self.hands = 0
        if client is not None:
            self.losses += 1
            with suppress(Exception):  # what cannot be reached cannot be told good-bye
                client.close(timeout=1)
