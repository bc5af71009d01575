"""demo: the whole program at work on this machine, for as long as somebody looks on.

    newsroom (this process) ◄── asks ── aggregator run (a process of its own) ── serves ──► you

All that it writes lies in one temporary folder, which goes with it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib.resources import files
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory

import aggregator
from aggregator.cli.speech import say
from aggregator.cli.stay import Over, Stay
from aggregator.cli.terminal import print_line, print_steps
from aggregator.cli.tour import Guide, Stand, show_sources, show_work
from aggregator.demo.newsroom import LOOPBACK, open_newsroom
from aggregator.demo.papers import script
from aggregator.errors import ServeError

_SITE, _NEWSROOM = f"{LOOPBACK}:8080", f"{LOOPBACK}:8081"  # as config.toml has them
_PATIENCE = 10.0  # seconds, for a process to end


def print_config() -> int:
    """Print the configuration that the demo runs; return the exit status."""
    print_line(_config().rstrip("\n"))
    return 0


def run_demo(*, seconds: float | None, browse: bool) -> int:
    """Show the program at work until told to end; return 1 where something did not come about.

    *seconds* is how long it lasts at most; None is until Ctrl-C, and where nobody is there to
    press that, until the tour is over. *browse* opens the site in a browser.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # a tour is live in a pipe, too
    stay = Stay(seconds)
    guide = Guide(stay, unhurried=sys.stdout.isatty())
    with suppress(Over), _set_up() as stand:
        show_sources(stand, guide)
        with _daemon(stand, stay):
            if browse:
                _browse(stand.address)
            show_work(stand, guide)
            if seconds is not None or sys.stdin.isatty():
                print_line("\n" + say("Ctrl-C ends the demo."))
                stay.wait()
    over = "The demo is over; its folder is removed, and nothing else was written."
    print_line("\n" + say(over))
    print_steps(
        say("aggregator init mysite && cd mysite    # writes a commented config.toml"),
        say("aggregator add https://www.nasa.gov    # finds a site's feed and writes it down"),
        say("aggregator import opml feeds.opml    # or brings them all from your reader"),
        say("aggregator run    # refreshes, publishes and serves"),
    )
    return 0 if guide.well else 1


@contextmanager
def _set_up() -> Iterator[Stand]:
    """Open the newsroom and write the configuration, in a folder that goes with the block."""
    now = datetime.now(UTC).replace(microsecond=0)
    with (
        TemporaryDirectory(prefix="aggregator-demo-") as name,
        open_newsroom(script(now)) as newsroom,
    ):
        folder, site = Path(name), f"{LOOPBACK}:{_free_port()}"
        newsroom.write_posts(folder)
        text = _config().replace(_NEWSROOM, newsroom.base.removeprefix("http://"))
        (folder / "config.toml").write_text(text.replace(_SITE, site), encoding="utf-8")
        yield Stand(newsroom, folder, f"http://{site}/", _have_done)


@contextmanager
def _daemon(stand: Stand, stay: Stay) -> Iterator[None]:
    """Have `aggregator run` run in the block, served and ready; its log goes to a file."""
    log = stand.folder / "daemon.log"
    with (
        log.open("wb") as stderr,
        subprocess.Popen(  # noqa: S603 - it is this program
            _program("--config", str(stand.config), "run"),
            env=_environment(), stdin=subprocess.DEVNULL, stdout=stderr, stderr=stderr,
            start_new_session=True,
        ) as process,
    ):  # fmt: skip
        try:
            stay.until(lambda: process.poll() is not None or stand.is_serving(), 30)
            if not stand.is_serving():
                last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-1:]
                raise ServeError(f"the demo's daemon does not serve: {' '.join(last)}")
            yield
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Have the daemon end as an operator would, and make sure that it does."""
    process.terminate()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


def _have_done(*arguments: str) -> None:
    """Run a command of the program; what it says goes to the terminal."""
    with suppress(subprocess.TimeoutExpired):  # the tour goes on
        subprocess.run(  # noqa: S603 - it is this program
            _program(*arguments), env=_environment(), start_new_session=True, check=False,
            timeout=_PATIENCE * 3,
        )  # fmt: skip


def _program(*arguments: str) -> list[str]:
    """Return the command line of this very program, wherever it was started."""
    return [sys.executable, "-P", "-m", "aggregator", *arguments]


def _environment() -> dict[str, str]:
    """Return an environment in which `_program` is found, and no other configuration."""
    own = str(Path(aggregator.__file__).parents[1])
    paths = [own, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _browse(address: str) -> None:
    import webbrowser

    webbrowser.open(address)


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _config() -> str:
    return files("aggregator.demo").joinpath("config.toml").read_text(encoding="utf-8")
