"""The words and rules of WebSub (https://www.w3.org/TR/websub/), without any I/O.

Three parts are played with them: the *publisher* tells a hub that a topic has changed, the *hub*
hands the topic's new content on to its *subscribers*, and as a subscriber we are told by the hubs
of our sources. A *topic* is the address of a feed as its `rel=self` names it, a *callback* the
address of a subscriber.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from aggregator.record import record

HUB_PATH = "hub"
"""Where our own hub stands below the site's base; callbacks of ours stand at `hub/<token>`."""

LEASE = timedelta(days=10)  # what we ask for, and what is given to whoever asks for none
_LEASES = (timedelta(days=1), timedelta(days=30))  # the shortest and the longest that we give
_LONGEST_SECRET = 199  # bytes: «MUST be less than 200» (§5.1)
_LONGEST_ADDRESS = 2048
_MOST_FIELDS = 50
_METHODS = ("sha1", "sha256", "sha384", "sha512")  # §7.1


def hub_address(hub: str, base: str) -> str:
    """Return the address of the hub that feeds name; `self` is our own, below the site's base."""
    return f"{base}/{HUB_PATH}" if hub == "self" else hub


class IntentError(ValueError):
    """What was asked of the hub cannot be done; the message says why, for the one who asked."""


class Mode(StrEnum):
    """What a subscriber wants."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


@record(frozen=True, slots=True)
class Intent:
    """What somebody asked of our hub, who is still to confirm that it was he (§5.3)."""

    mode: Mode
    topic: str
    callback: str
    lease: timedelta = LEASE
    secret: str = ""  # "" : what he is sent is not signed


@record(frozen=True, slots=True)
class Subscriber:
    """One who is told by our hub; `failures` are those in a row, since he last took something.

    `change` is the number of the change that he is told of.
    """

    topic: str
    callback: str
    secret: str
    expires_at: datetime
    failures: int = 0
    change: int = 0


@record(frozen=True, slots=True)
class Ping:
    """A topic that has changed, of which the hub is still to be told."""

    topic: str
    failures: int = 0
    change: int = 0


@record(frozen=True, slots=True)
class NamedHub:
    """A source, the hub its feed names, and what the feed calls itself there (§4)."""

    source: str
    hub: str
    topic: str


@record(frozen=True, slots=True)
class Subscription:
    """What we asked the hub of a source for. The token names it in the address of its callback.

    `verified` once the hub has asked back. `expires_at` is when it ends (None: not confirmed yet);
    `due_at` is when the hub is to be asked again, `pushed_at` when it told us something last. The
    secret is "" where everybody on the way to the hub could read it (§5.1).
    """

    source: str
    hub: str
    topic: str
    token: str
    secret: str
    verified: bool = False
    expires_at: datetime | None = None
    due_at: datetime | None = None
    failures: int = 0
    pushed_at: datetime | None = None


@record(frozen=True, slots=True)
class Confirmation:
    """What a hub asks back: whether we meant it, or that it will not (§5.2, §5.3)."""

    mode: str  # subscribe, unsubscribe, denied
    topic: str
    challenge: str
    lease: timedelta


class Switchboard(Protocol):
    """Who takes what comes in by HTTP. Called in the server's thread: it answers at once."""

    def has_hub(self) -> bool:
        """Say whether there is a hub of our own."""

    def is_topic(self, address: str) -> bool:
        """Say whether *address* is that of a feed that we publish."""

    def asked(self, intent: Intent) -> bool:
        """Take what a subscriber wants; False where there is too much to do at the moment."""

    def subscription(self, token: str) -> Subscription | None:
        """Return what we asked a hub for under this token, None where nothing is known of it."""

    def confirmed(self, subscription: Subscription, confirmation: Confirmation) -> None:
        """Take what a hub asks back about a subscription that is meant."""

    def pushed(self, subscription: Subscription) -> None:
        """Take it that the source of a subscription has news."""


# ── what comes in ─────────────────────────────────────────────────────────────────────────────────


def read_form(text: str) -> dict[str, str]:
    """Return the fields of a form or a query; of one that is given twice the last one counts.

    Raises ValueError where there are more than fifty.
    """
    return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))


def read_intent(form: Mapping[str, str]) -> Intent:
    """Return what a form asks our hub for (§5.1); raises IntentError where it is none."""
    try:
        mode = Mode(form.get("hub.mode", ""))
    except ValueError:
        raise IntentError("hub.mode is neither subscribe nor unsubscribe") from None
    topic, callback = form.get("hub.topic", ""), form.get("hub.callback", "")
    if not topic:
        raise IntentError("hub.topic is missing")
    if not is_callback(callback):
        raise IntentError("hub.callback is not an http or https address without a fragment")
    secret = form.get("hub.secret", "")
    if len(secret.encode("utf-8", "replace")) > _LONGEST_SECRET:
        raise IntentError("hub.secret is longer than 199 bytes")
    return Intent(mode, topic, callback, granted(form.get("hub.lease_seconds", "")), secret)


def read_confirmation(query: Mapping[str, str]) -> Confirmation:
    """Return what a hub asks back."""
    return Confirmation(
        query.get("hub.mode", ""),
        query.get("hub.topic", ""),
        query.get("hub.challenge", ""),
        _seconds(query.get("hub.lease_seconds", "")) or LEASE,
    )


def is_callback(address: str) -> bool:
    """Say whether somebody can be told something at *address*."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    plain = address.isascii() and address.isprintable() and " " not in address
    named = bool(parts.hostname) and parts.username is None and port != 0
    return (
        plain
        and named
        and parts.scheme in ("http", "https")
        and not parts.fragment
        and len(address) <= _LONGEST_ADDRESS
    )


def granted(lease: str) -> timedelta:
    """Return how long our hub tells whoever asks for *lease* (in seconds; "" is for none)."""
    shortest, longest = _LEASES
    return min(max(_seconds(lease) or LEASE, shortest), longest)


def _seconds(text: str) -> timedelta | None:
    if not (text.isascii() and text.isdecimal()) or int(text[:9]) == 0:
        return None
    return timedelta(seconds=int(text[:9]))


# ── what goes out ─────────────────────────────────────────────────────────────────────────────────


def question(intent: Intent, challenge: str) -> str:
    """Return the address at which a subscriber is asked whether he meant it (§5.3)."""
    fields = {"hub.mode": intent.mode.value, "hub.topic": intent.topic, "hub.challenge": challenge}
    if intent.mode is Mode.SUBSCRIBE:
        fields["hub.lease_seconds"] = str(round(intent.lease.total_seconds()))
    # The query that the callback has of its own is kept.
    joint = "&" if urlsplit(intent.callback).query else "?"
    return intent.callback.rstrip("?&") + joint + urlencode(fields)


def request(subscription: Subscription, callback: str) -> bytes:
    """Return the form that asks a source's hub to tell us at *callback* (§5.1)."""
    fields = {
        "hub.mode": Mode.SUBSCRIBE.value,
        "hub.topic": subscription.topic,
        "hub.callback": callback,
        "hub.lease_seconds": str(round(LEASE.total_seconds())),
    }
    if subscription.secret:
        fields["hub.secret"] = subscription.secret
    return urlencode(fields).encode()


def announcement(topic: str) -> bytes:
    """Return the form that tells a hub of a change; §6 leaves it open, and all hubs take this."""
    return urlencode({"hub.mode": "publish", "hub.url": topic, "hub.topic": topic}).encode()


def links(hub: str, topic: str) -> str:
    """Return the value of the Link header that goes with a topic's content (§4, RFC 8288)."""
    return f'<{hub}>; rel="hub", <{topic}>; rel="self"'


def signature(secret: str, body: bytes) -> str:
    """Return the value of X-Hub-Signature (§7.1)."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(header: str, secret: str, body: bytes) -> bool:
    """Say whether X-Hub-Signature is that of somebody who knows the secret (§7.1)."""
    method, _, given = header.strip().partition("=")
    if method.lower() not in _METHODS:
        return False
    made = hmac.new(secret.encode(), body, method.lower()).hexdigest()
    return hmac.compare_digest(made.encode(), given.strip().lower().encode())
