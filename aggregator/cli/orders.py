"""What the operator wants of the daemon: his configuration and his templates, and their changes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from aggregator.cli.composition import Invocation, load
from aggregator.cli.watching import fingerprint, watching
from aggregator.config.document import read
from aggregator.config.settings import Publish, Settings
from aggregator.errors import ConfigError, Problem, ServeError
from aggregator.publish.templating import Templates
from aggregator.publish.templating import load as load_templates

log = logging.getLogger(__name__)

_QUIET = 0.2  # seconds without another change: whoever writes is done


class Orders(NamedTuple):
    """What the operator wants, free of faults: both are read again together, or not at all."""

    settings: Settings
    templates: Templates


class Intray:
    """Where the operator leaves his orders; `orders` are those in force.

    `problems` are those of others that stand in the files, which cannot be followed. Raises
    ConfigError where the first ones have faults.
    """

    def __init__(self, invocation: Invocation) -> None:
        self._invocation = invocation
        self._config = self._templates = ""  # what stood there when it was read last
        self.orders = self._before = self._read()
        self.problems: tuple[Problem, ...] = ()

    def read_again(self) -> bool:
        """Say whether there are new orders, which are in force now.

        Where what stands in the files has faults, they are logged and nothing changes.
        """
        try:
            fresh = self._read()
        except ConfigError as error:
            self.problems = error.problems
            log.error(
                "the configuration has faults; the one before stays in force:\n%s", error.coded
            )
            return False
        self._before, self.orders, self.problems = self.orders, fresh, ()
        log.info("configuration reloaded")
        return True

    def take_back(self, error: ServeError) -> bool:
        """Go back to the orders before these, which cannot be followed; False: there are none."""
        possible = self._before is not self.orders
        self.orders = self._before
        self.problems = (self._problem(error),)
        self._templates = fingerprint(_templates(self.orders.settings.publish))
        return possible

    def _problem(self, error: ServeError) -> Problem:
        """Return what stands in the way as a fault of the file, at its own address."""
        document = read(self._invocation.config)
        place = document.position(("serve", "address"))
        return Problem(document.file, *place, f"serve: {error}", error.code)

    def watched(self, saved: Callable[[], None]) -> AbstractContextManager[None]:
        """Have *saved* called, from another thread, when the files are not as they were read."""
        return watching(self._folders(), self._has_changed, saved)

    def _read(self) -> Orders:
        """Read it all; hashes come first, so that what is saved meanwhile is seen as a change."""
        self._config = fingerprint([self._invocation.config])
        settings = load(self._invocation)
        self._templates = fingerprint(_templates(settings.publish))
        return Orders(settings, load_templates(settings.publish))

    def _has_changed(self) -> bool:
        """Say whether there is something to be read; what is said once is not said again.

        It is waited for until nobody is writing: some write in pieces, and a piece may be a
        configuration.
        """
        found = self._look()
        while found[0] and found != (self._config, self._templates):
            time.sleep(_QUIET)
            before, found = found, self._look()
            if found == before:
                self._config, self._templates = found
                return True
        return False

    def _look(self) -> tuple[str, str]:
        """Return the fingerprints of the configuration and of the templates, as they are now."""
        templates = _templates(self.orders.settings.publish)
        return fingerprint([self._invocation.config]), fingerprint(templates)

    def _folders(self) -> set[Path]:
        """Return the folders in which the files stand; a link leads to one more."""
        config = self._invocation.config.absolute()
        folders = {config.parent, config.resolve().parent}
        folders |= {path.parent for path in _templates(self.orders.settings.publish)}
        return folders


def _templates(publish: Publish) -> list[Path]:
    """Return the operator's templates, and what else stands beside them."""
    own = [publish.jekyll.template] if publish.jekyll.template else []
    if publish.templates and publish.templates.is_dir():
        own += sorted(path for path in publish.templates.iterdir() if path.is_file())
    return own
