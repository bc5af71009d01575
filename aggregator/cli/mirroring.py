"""What commands do with, and say of, the git branch that the published folder is pushed to."""

from __future__ import annotations

from datetime import datetime

from aggregator.cli.progress import Quiet
from aggregator.cli.terminal import print_error_line, print_line
from aggregator.config.settings import Settings
from aggregator.errors import parted
from aggregator.store.mirror import MirrorState
from aggregator.store.writer import Store


def push(settings: Settings, store: Store, shown: Quiet) -> bool:
    """Bring the branch up to what is published; return whether all went well, and say if not."""
    if settings.publish.git is None:
        return True
    from aggregator.mirror.courier import Courier

    shown.plan("pushing", None)
    state = Courier(settings, store).deliver()
    if state is not None and state.error:
        print_error_line(state.error)
        return False
    return True


def print_mirror(state: MirrorState) -> None:
    """Print how pushing goes."""
    if state.error:
        print_line(
            f"✗ {state.error}; failing since {_local(state.failing_since)},"
            f" again at {_local(state.next_at)}, last pushed {_local(state.pushed_at)}"
        )
    else:
        print_line(f"✓ pushed {_local(state.pushed_at)} as commit {state.commit[:10]}")


def mirror_json(state: MirrorState) -> dict[str, object]:
    """Return how pushing goes, for `status --json`."""
    return {
        "pushed_at": _iso(state.pushed_at),
        "commit": state.commit or None,
        "error": parted(state.error)[0] or None,
        "code": parted(state.error)[1] or None,
        "failing_since": _iso(state.failing_since),
        "next_at": _iso(state.next_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _local(moment: datetime | None) -> str:
    return "never" if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M}"
