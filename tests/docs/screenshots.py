"""`python -m tests.docs.screenshots` takes the documentation's pictures anew, of the demo's site.

It needs Chromium, and letters for Chinese (Debian: fonts-noto-cjk).
"""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
from pathlib import Path

from tests.command import ROOT, command, environment
from tests.safety.browser import CHROMIUM, browsing

IMAGES = ROOT / "docs" / "images"
PICTURES = {  # file: path on the site, width, height
    "home.png": ("", 1180, 820),
    "status.png": ("status", 1180, 620),
}


def main() -> None:
    """Run the demo, and photograph its pages when its tour is over."""
    assert CHROMIUM, "Chromium is not installed"
    IMAGES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            command("demo", "--seconds", "600"),
            env=environment(), stdout=subprocess.PIPE, text=True,
        ) as demo,
    ):  # fmt: skip
        try:
            assert demo.stdout
            said = (re.search(r"Look around: (\S+)", line) for line in demo.stdout)
            site = next(found[1] for found in said if found)
            with browsing(Path(folder)) as browser:
                for name, (path, width, height) in PICTURES.items():
                    browser.see_with(width, "light", height)
                    browser.open(site + path, settling=0.5)
                    (IMAGES / name).write_bytes(browser.picture())
        finally:
            demo.send_signal(signal.SIGINT)


if __name__ == "__main__":
    main()
