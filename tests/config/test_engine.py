from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.desk import SOURCE, faults, settings

PEMS = 'ca = "tls/ca.pem"\ncert = "tls/cert.pem"\nkey = "/etc/tls/key.pem"\n'


@pytest.mark.parametrize(
    "address",
    [
        "tls://scheduler.example.org:8786",
        "tcp://127.0.0.1:8786",
        "tcp://[::1]:8786",
        "tcp://10.0.0.7:8786",
        "tcp://scheduler:8786",
        "tcp://big.lan:8786",
    ],
)
def test_a_scheduler_is_named(tmp_path: Path, address: str) -> None:
    engine = settings(tmp_path, f'{SOURCE}[engine]\ndask = "{address}"\n').engine
    assert engine.dask == address
    assert engine.tls is None


def test_without_one_this_process_does_it_all(tmp_path: Path) -> None:
    assert settings(tmp_path, SOURCE).engine.dask is None


def test_certificates_lie_beside_the_configuration(tmp_path: Path) -> None:
    text = f'{SOURCE}[engine]\ndask = "tls://a.example:1"\n{PEMS}'
    assert settings(tmp_path, text).engine.tls == (
        tmp_path / "tls/ca.pem",
        tmp_path / "tls/cert.pem",
        Path("/etc/tls/key.pem"),
    )


@pytest.mark.parametrize("address", ["tcp://8.8.8.8:8786", "tcp://scheduler.example.org:8786"])
def test_what_runs_programs_is_not_reached_openly_across_networks(
    tmp_path: Path, address: str
) -> None:
    (fault,) = faults(tmp_path, f'{SOURCE}[engine]\ndask = "{address}"\n')
    assert fault == (
        "5:1 engine: dask: is tcp:// across networks: whoever reaches a scheduler can run programs "
        "on its workers; use tls://"
    )


@pytest.mark.parametrize(
    "address",
    ["scheduler:8786", "http://a.example:1", "tls://a.example", "tls://a.example:x", "tls://u@a:1"],
)
def test_anything_else_is_no_scheduler(tmp_path: Path, address: str) -> None:
    (fault,) = faults(tmp_path, f'{SOURCE}[engine]\ndask = "{address}"\n')
    assert fault.startswith("5:1 engine: dask: ")
    assert fault.endswith('is not a scheduler; write "tls://host:8786"')


def test_certificates_are_whole_and_for_tls(tmp_path: Path) -> None:
    (part,) = faults(tmp_path, f'{SOURCE}[engine]\ndask = "tls://a.example:1"\nca = "ca.pem"\n')
    assert "needs ca, cert and key together, or none where dask has its own" in part
    (open_,) = faults(tmp_path, f'{SOURCE}[engine]\ndask = "tcp://127.0.0.1:1"\n{PEMS}')
    assert 'has ca, cert and key, which are for a scheduler at "tls://…"' in open_
