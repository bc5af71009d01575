"""How a message gets to an address. Sole user of Apprise.

Addresses hold passwords and tokens: nothing of one is ever logged but its scheme.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from aggregator.notify.message import Message

if TYPE_CHECKING:
    from apprise import NotifyBase

log = logging.getLogger(__name__)

_PLAIN = re.compile(r"http(s?)://", re.IGNORECASE)


def carry(address: str, message: Message) -> bool:
    """Send *message* to *address*; return whether it was taken. Takes up to half a minute."""
    from apprise import Apprise, NotifyType

    target = _target(address)
    if target is None:
        return False
    carrier = Apprise()
    carrier.add(target)
    try:
        return bool(
            carrier.notify(
                body=message.body, title=message.title, notify_type=NotifyType(message.kind)
            )
        )
    except Exception as error:  # a plugin of a stranger's; what it says may hold the address
        log.error("unexpected %s from the carrier of %s", type(error).__name__, scheme(address))
        return False


def is_known(address: str) -> bool:
    """Say whether there is a carrier for *address*."""
    return _target(address) is not None


def scheme(address: str) -> str:
    """Return what may be said of an address."""
    return address.partition("://")[0].lower()


def _target(address: str) -> NotifyBase | None:
    """Return the carrier of an address; an address of the web that is none's takes JSON."""
    from apprise import Apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # it logs whole addresses
    found = Apprise.instantiate(address)
    if found is None and _PLAIN.match(address):
        found = Apprise.instantiate(_PLAIN.sub(r"json\1://", address))
    return found
