"""A thousand sources of 250 hosts, all 304, asked by threads and by two processes of a cluster.

    python -m bench clustering

What an errand costs besides the asking: pickling, the scheduler, the way there and back.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

from bench.feeds import TOGETHER, nginx, served
from bench.process import Cost, aggregator, family, in_turn, measure
from bench.refreshing import CONFIG
from bench.table import Row, missing

SOURCES = 1_000
ROUNDS = 3
WORKERS = 2
_REST = 10  # seconds in which a cluster at rest is looked at


def rows(scale: float) -> Iterator[Row]:
    """Yield what an errand costs this process, and all processes together."""
    program = nginx()
    for name in ("nginx", "distributed"):
        if (program if name == "nginx" else find_spec(name)) is None:
            yield missing("gather on a cluster", "", name)
            return
    assert program is not None
    count = max(int(SOURCES * scale), 8)
    with (
        tempfile.TemporaryDirectory(prefix="bench-clustering-") as name,
        served(program, Path(name) / "web", count) as web,
        _cluster(Path(name)) as (address, processes),
    ):
        yield from _measured(Path(name), web.urls(), address, processes, scale)


def _measured(
    folder: Path, urls: list[str], address: str, processes: list[int], scale: float
) -> Iterator[Row]:
    sources = "".join(f'[[source]]\nid = "s{n}"\nurl = "{url}"\n' for n, url in enumerate(urls))
    idle = 0.0

    def refresh(engine: str, *names: str) -> Cost:
        """Refresh; the cost is that of the processes of the cluster too, but for their idling."""
        (folder / "config.toml").write_text(engine + CONFIG + sources, encoding="utf-8")
        before, begun = _spent(processes), time.monotonic()
        command = aggregator("--quiet", "refresh", *(names or ("--all",)), "--no-publish")
        cost = measure(command, folder)
        elsewhere = _spent(processes) - before - idle * (time.monotonic() - begun)
        return Cost(cost.wall, cost.cpu + max(elsewhere, 0.0), cost.peak_mb)

    clustered = f'[engine]\ndask = "{address}"\n'
    for engine in (clustered, clustered, ""):  # at first all are new; then all is imported
        refresh(engine)
    idle = _idle(processes, max(_REST * min(scale, 1), 1))
    costs = in_turn(
        ROUNDS if scale >= 1 else 1,
        there=lambda: refresh(clustered),
        here=lambda: refresh(""),
        one_there=lambda: refresh(clustered, "s0"),
        one_here=lambda: refresh("", "s0"),
    )
    errands = -(-len(urls) // TOGETHER)
    work = f"ask {len(urls):,} sources in {errands} errands, all 304"
    for name, there, here in (("one source", "one_there", "one_here"), (work, "there", "here")):
        said = f"cluster of {WORKERS}: {costs[there].cpu:.2f} s"
        yield Row(f"{name}, CPU of all processes", said, f"threads: {costs[here].cpu:.2f} s")
    more = costs["there"].cpu - costs["one_there"].cpu - costs["here"].cpu + costs["one_here"].cpu
    yield Row("an errand's own cost, CPU", f"{more / max(errands - 1, 1) * 1000:.1f} ms")
    yield Row("the cluster at rest, CPU", f"{idle * 1000:.0f} ms each second")


def _idle(processes: list[int], seconds: float) -> float:
    """Return how much CPU *processes* use each second while there is nothing to do."""
    before, begun = _spent(processes), time.monotonic()
    time.sleep(seconds)
    return (_spent(processes) - before) / (time.monotonic() - begun)


@contextmanager
def _cluster(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Have a scheduler and workers run; yield its address and the processes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    worker = ["worker", address, "--nthreads", "16"]
    with ExitStack() as stack:
        started = []
        for arguments in (["scheduler", "--port", str(port)], *[worker] * WORKERS):
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, "--host", "127.0.0.1"],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.enter_context(process)
            stack.callback(process.terminate)
            started.append(process.pid)
        _wait_for_workers(address)
        yield address, started


def _wait_for_workers(address: str) -> None:
    from distributed import Client

    for _ in range(30):
        with suppress(OSError):
            client = Client(address, timeout=5, set_as_default=False)  # type: ignore[no-untyped-call]
            client.wait_for_workers(WORKERS, timeout=60)
            client.close()  # type: ignore[no-untyped-call]
            return
        time.sleep(0.2)
    raise RuntimeError("the scheduler does not answer")


def _spent(processes: list[int]) -> float:
    """Return the seconds of CPU that *processes* and those below them have used."""
    ticks = 0
    for pid in [one for process in processes for one in family(process)]:
        with suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
