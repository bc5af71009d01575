"""Nothing leaves the disk but what is published."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import pytest

from aggregator.serve.library import Published
from tests.serve.conftest import CHANGED, Shelf, Site

SECRET = b"the operator's secret"


@pytest.fixture
def secret(shelf: Shelf) -> Path:
    """A file beside the published folder, and one inside it that is not published."""
    (shelf.directory / "manifest.json").write_bytes(SECRET)
    file = shelf.directory.parent / "secret.txt"
    file.write_bytes(SECRET)
    return file


@pytest.mark.parametrize(
    "address",
    [
        "/manifest.json",
        "/../secret.txt",
        "/all/../../secret.txt",
        "/all/../manifest.json",
        "/./manifest.json",
        "/%2e%2e/secret.txt",
        "/%2e%2e%2fsecret.txt",
        "/all/%2e%2e/%2e%2e/secret.txt",
        "/%252e%252e/secret.txt",
        "/%252e%252e%252fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/all\\..\\..\\secret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/%uff0e%uff0e/secret.txt",
        "/../secret.txt%00.xml",
        "/all/rss.xml%00",
        "/manifest.json%00.html",
        "/all/rss.xml/../../../secret.txt",
        "/....//secret.txt",
        "//../secret.txt",
        "/%2f..%2fsecret.txt",
        "/all/%0a/../rss.xml",
        "/%",
        "/%zz",
        "*",
        "file:///secret.txt",
    ],
)
def test_no_address_reaches_a_file_that_is_not_published(
    site: Site, secret: Path, address: str
) -> None:
    request = f"GET {address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    answer = site.raw(request)
    assert answer.split(b" ")[1] in (b"400", b"404")
    assert SECRET not in answer


def test_an_absolute_path_on_this_machine_is_no_address(site: Site, secret: Path) -> None:
    for address in (f"/{secret}", f"//{secret}", f"/{quote(str(secret), safe='')}"):
        answer = site.raw(
            f"GET {address} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        )
        assert answer.startswith(b"HTTP/1.1 404 ")
        assert SECRET not in answer


def test_a_link_planted_in_place_of_a_document_is_not_followed(
    site: Site, shelf: Shelf, secret: Path
) -> None:
    file = shelf.directory / "all/rss.xml"
    file.unlink()
    file.symlink_to(secret)
    answer = site.get("/all/rss.xml")
    assert answer.status_code == 503
    assert SECRET not in answer.content


def test_a_link_planted_in_place_of_a_folder_is_not_followed(
    site: Site, shelf: Shelf, secret: Path
) -> None:
    elsewhere = secret.parent / "elsewhere"
    (shelf.directory / "all").rename(elsewhere)
    (elsewhere / "rss.xml").write_bytes(SECRET)
    (shelf.directory / "all").symlink_to(elsewhere)
    answer = site.get("/all/rss.xml")
    assert answer.status_code == 503
    assert SECRET not in answer.content


def test_a_published_folder_that_is_itself_a_link_is_served(
    site: Site, shelf: Shelf, secret: Path
) -> None:
    real = secret.parent / "real"
    shelf.directory.rename(real)
    shelf.directory.symlink_to(real)
    assert site.get("/all/rss.xml").status_code == 200


def test_a_pipe_planted_in_place_of_a_document_holds_nobody_up(site: Site, shelf: Shelf) -> None:
    file = shelf.directory / "all/rss.xml"
    file.unlink()
    os.mkfifo(file)
    assert site.get("/all/rss.xml").status_code == 503


def test_a_library_that_names_a_path_outside_is_not_obeyed(
    site: Site, shelf: Shelf, secret: Path
) -> None:
    shelf.known["../secret.txt"] = Published("../secret.txt", "0" * 64, CHANGED)
    answer = site.raw(b"GET /../secret.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert SECRET not in answer
