from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.errors import AlreadyRunningError
from aggregator.schedule.lock import alone

HOLD = """
import sys, time
from pathlib import Path
from aggregator.schedule.lock import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_another_process_is_refused_until_the_first_is_gone_however_it_ends(tmp_path: Path) -> None:
    store = tmp_path / "aggregator.db"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(store)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    with holder, holder.stdout:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunningError, match="another aggregator works on"), alone(store):
            pass
        holder.kill()
        holder.wait()
    with alone(store):
        pass


def test_two_stores_do_not_hinder_each_other(tmp_path: Path) -> None:
    with alone(tmp_path / "a.db"), alone(tmp_path / "b.db"):
        pass
