"""Headless Chromium, told by its debugging pipe what to open; what a page logs is what ran in it.

The pages of an attack log a number. Chromium writes what any frame logs to its standard error,
whatever the page's policy forbids it to fetch, so a script that ran is seen and one that did not is
not. What waits for a person is poked: links are clicked, handlers are given their events.
"""

from __future__ import annotations

import base64
import fcntl
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--remote-debugging-pipe", "--enable-logging=stderr", "--log-level=0",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)  # fmt: skip
_AS_3_AND_4 = (  # where Chromium expects its pipe
    "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4);"
    "os.execv(sys.argv[3], sys.argv[3:])"
)
_LOGGED = re.compile(r'CONSOLE[^\]]*\] "(\d+)"')
_POKE = """
(function poke(doc) {
  for (const frame of doc.querySelectorAll('iframe, frame, object, embed')) {
    try { if (frame.contentDocument) poke(frame.contentDocument) } catch (error) {}
  }
  for (const element of doc.querySelectorAll('*')) {
    for (const { name } of [...element.attributes]) {
      if (name.startsWith('on')) element.dispatchEvent(new Event(name.slice(2)));
    }
    const leads = element.getAttribute('href') || element.getAttribute('xlink:href')
      || element.getAttribute('formaction') || element.getAttribute('action') || '';
    if (/^[^/?#]*(script|data)[^/?#]*:/i.test(leads)) {
      try { element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })) }
      catch (error) {}
    }
  }
})(document)
"""


class Browser:
    """One running Chromium with one page."""

    def __init__(self, to: int, come_from: int, log: Path) -> None:
        self._to = to
        self._lines = os.fdopen(come_from, "rb")
        self._log = log
        self._ids = itertools.count(1)
        self._session = ""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        self._call("Page.enable")
        self._call("Runtime.enable")

    def open(self, url: str, settling: float = 0.02) -> None:
        """Open *url*, wait until it is loaded, poke what is there, and wait *settling* seconds."""
        answer = self._call("Page.navigate", url=url)
        if not answer.get("errorText"):
            self._until("Page.loadEventFired")
        self._call("Runtime.evaluate", expression=_POKE)
        time.sleep(settling)

    def text(self) -> str:
        """Return what the page shows as text."""
        said = self._call("Runtime.evaluate", expression="document.documentElement.innerText")
        return str(said["result"].get("value"))

    def see_with(self, width: int, scheme: str, height: int = 900) -> None:
        """Show pages in a window of *width* pixels, in the system's *scheme*: "light" or "dark"."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._call("Emulation.setDeviceMetricsOverride", **size)
        self._call("Emulation.setScrollbarsHidden", hidden=True)
        wanted = [{"name": "prefers-color-scheme", "value": scheme}]
        self._call("Emulation.setEmulatedMedia", features=wanted)

    def value(self, expression: str) -> Any:
        """Return what *expression* comes to on the page; a promise is waited for."""
        said = self._call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in said, said
        return said["result"].get("value")

    def picture(self) -> bytes:
        """Return what the window shows, as a PNG."""
        return base64.b64decode(self._call("Page.captureScreenshot", format="png")["data"])

    def ran(self) -> set[int]:
        """Return the numbers that pages have logged so far."""
        text = self._log.read_text(encoding="utf-8", errors="replace")
        return {int(number) for number in _LOGGED.findall(text)}

    def close(self) -> None:
        os.close(self._to)
        self._lines.close()

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._ids)
        message: dict[str, Any] = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while (said := self._heard()).get("id") != number:
            pass
        assert "error" not in said, said
        result: dict[str, Any] = said["result"]
        return result

    def _until(self, event: str) -> None:
        while self._heard().get("method") != event:
            pass

    def _heard(self) -> dict[str, Any]:
        message = bytearray()
        while (byte := self._lines.read(1)) != b"\0":
            assert byte, "Chromium is gone"
            message += byte
        said: dict[str, Any] = json.loads(message)
        return said


@contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """Have Chromium run in the block, with a profile of its own in *folder*."""
    assert CHROMIUM is not None
    theirs, ours = _pipe()
    our_end, their_end = _pipe()
    shim = [sys.executable, "-c", _AS_3_AND_4, str(theirs), str(their_end), CHROMIUM]
    log = folder / "chromium.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*shim, *_FLAGS, f"--user-data-dir={folder / 'profile'}", "about:blank"],
            pass_fds=(theirs, their_end),
            stdout=output,
            stderr=output,
        ) as process,
    ):
        os.close(theirs)
        os.close(their_end)
        browser = Browser(ours, our_end, log)
        try:
            yield browser
        finally:
            process.kill()
            browser.close()


def _pipe() -> tuple[int, int]:
    """Return a pipe whose ends are out of the way of 3 and 4."""
    ends = os.pipe()
    moved = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in ends)
    for end in ends:
        os.close(end)
    return moved[0], moved[1]
