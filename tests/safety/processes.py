"""What a process and its children hold, as Linux tells it in /proc."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
_PAGE = 4096


class Holding(NamedTuple):
    """What is held at one moment: bytes of memory, file handles, threads, processes."""

    resident: int
    handles: int
    threads: int
    processes: int


def tree(pid: int) -> list[int]:
    """Return *pid* and those that it has started, and so on, as far as they run."""
    parents: dict[int, int] = {}
    for entry in PROC.iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                parents[int(entry.name)] = int(_stat(entry)[1])
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found


def holding(pids: list[int]) -> Holding:
    """Return what these hold together; one that has ended meanwhile holds nothing."""
    held = [0, 0, 0, 0]
    for pid in pids:
        folder = PROC / str(pid)
        with suppress(OSError):
            handles = len(list((folder / "fd").iterdir()))
            stat = _stat(folder)
            pages = int((folder / "statm").read_text().split()[1])
            for place, value in enumerate((pages * _PAGE, handles, int(stat[17]), 1)):
                held[place] += value
    return Holding(*held)


def servers(pid: int) -> list[int]:
    """Return those below *pid* that hold a socket which listens."""
    listening = {
        f"socket:[{fields[9]}]"
        for line in (PROC / "net" / "tcp").read_text().splitlines()
        if (fields := line.split())[3] == "0A"
    }
    return [one for one in tree(pid)[1:] if listening & _open(one)]


def _open(pid: int) -> set[str]:
    links = set()
    with suppress(OSError):
        for handle in (PROC / str(pid) / "fd").iterdir():
            with suppress(OSError):
                links.add(str(handle.readlink()))
    return links


def _stat(folder: Path) -> list[str]:
    """Return the fields of /proc/PID/stat that follow the name, which may hold anything."""
    return (folder / "stat").read_text().rpartition(")")[2].split()
