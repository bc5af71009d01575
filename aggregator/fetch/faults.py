"""The one border where what the libraries raise becomes a FetchError in words.

A sentence continues «the source …» and is written here from the kind of fault alone: the libraries'
own messages quote whole addresses, with the secrets in them.
"""

from __future__ import annotations

import ssl
import traceback
from collections.abc import Callable, Iterator
from http.client import HTTPException, IncompleteRead, RemoteDisconnected

from requests import RequestException
from urllib3.exceptions import HTTPError

from aggregator.errors import FetchError
from aggregator.fetch.deadline import Deadline

FAULTS = (RequestException, HTTPError, HTTPException, OSError)
"""Everything that the libraries raise when an exchange fails (ssl's errors are OSErrors)."""

_CERTIFICATE = {  # X509_V_ERR_…
    9: "is not valid yet",
    10: "has expired",
    18: "is self-signed",
    19: "comes from an authority that is not trusted here",
    20: "comes from an authority that is not trusted here",
    21: "comes from an authority that is not trusted here",
    62: "is for another host",
    64: "is for another address",
}


def fetch_error(fault: BaseException, deadline: Deadline) -> FetchError:
    """Say in words what *fault* means."""
    causes = tuple(_causes(fault))
    for cause in causes:  # a traceback holds responses and sockets: let them go now
        traceback.clear_frames(cause.__traceback__)
    if deadline.stopped:
        return FetchError("was left unfinished: the program is stopping", code="E224")
    if deadline.over or any(isinstance(cause, TimeoutError) for cause in causes):
        return FetchError(_late(deadline), code="E203")
    for kinds, code, sentence in _SENTENCES:
        for cause in causes:
            if isinstance(cause, kinds):
                return FetchError(sentence(cause), code=code)
    return FetchError("could not be fetched, for a reason that is not known; it is asked again")


def _late(deadline: Deadline) -> str:
    return f"{deadline.doing} within {deadline.seconds:g} s; raise timeout if it is always slow"


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """Yield *fault* and all it was made from; urllib3 and requests hide causes in many places."""
    waiting, seen = [fault], set[int]()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        if not isinstance(one, RequestException):  # a wrapper, and an OSError by descent
            yield one
        within = (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
        waiting += [inner for inner in within if isinstance(inner, BaseException)]


def _untrusted(fault: BaseException) -> str:
    code = getattr(fault, "verify_code", None)
    return f"shows a certificate that {_CERTIFICATE.get(code or 0, 'cannot be trusted')}"


def _no_tls(fault: BaseException) -> str:
    if getattr(fault, "reason", None) in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST"):
        return "does not speak TLS on this port; write http:// or another port"
    return "agrees on no secure connection (TLS)"


def _cut_short(fault: BaseException) -> str:
    return "ended in the middle of its answer; it is asked again"


def _broken_off(fault: BaseException) -> str:
    return "broke the connection off; it is asked again"


def _no_http(fault: BaseException) -> str:
    return "does not answer in proper HTTP; check the address"


_Sentence = Callable[[BaseException], str]
_Kinds = type[BaseException] | tuple[type[BaseException], ...]
_SENTENCES: tuple[tuple[_Kinds, str, _Sentence], ...] = (
    (ssl.SSLCertVerificationError, "E206", _untrusted),
    ((ssl.SSLEOFError, ssl.SSLZeroReturnError), "E208", _broken_off),
    (ssl.SSLError, "E207", _no_tls),
    (ConnectionRefusedError, "E205", lambda _: "refused the connection; check host and port"),
    (IncompleteRead, "E208", _cut_short),
    (
        RemoteDisconnected,
        "E208",
        lambda _: "closed the connection without an answer; it is asked again",
    ),
    (ConnectionError, "E208", _broken_off),
    (HTTPException, "E209", _no_http),
    (OSError, "E205", lambda _: "cannot be reached from here; check the network"),
    (HTTPError, "E209", _no_http),
)
