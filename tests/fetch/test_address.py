from __future__ import annotations

import pytest

from aggregator.errors import FetchError
from aggregator.fetch.address import permits, permitted, special

INTERNAL = """
    127.0.0.1 127.255.255.254 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.1.1
    169.254.169.254 169.254.0.1 168.63.129.16 100.64.0.1 100.100.100.200 100.127.255.255 0.0.0.0
    0.1.2.3 192.0.0.192 192.0.0.8 192.0.2.1 198.51.100.7 203.0.113.9 192.88.99.1 198.18.0.1
    198.19.255.255 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    ::1 :: ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808
    64:ff9b:1::1 100::1 2001::1 2001:0:7f00:1::1 2001:2::1 2001:20::1 2001:db8::1 3fff::1
    2002:7f00:1:: 2002:808:808::1 fc00::1 fd00:ec2::254 fd12:3456::1 fe80::1 fe80::1%lo fec0::1
    ff02::1 4000::1 5f00::1 8000::1
"""

PUBLIC = """
    8.8.8.8 1.1.1.1 9.255.255.255 11.0.0.0 172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0
    100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255 169.255.0.0 223.255.255.255
    198.17.255.255 198.20.0.0 168.63.129.15
    2606:4700:4700::1111 2a00:1450:4001::1 2001:200::1 2001:4860:4860::8888 240e::1 2003::1
"""


@pytest.mark.parametrize("address", INTERNAL.split())
def test_an_internal_address_is_special(address: str) -> None:
    assert special(address)
    assert not permitted("feeds.test", 80, address, ())


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address_is_not_special_even_next_to_a_block(address: str) -> None:
    assert special(address) == ""


@pytest.mark.parametrize(
    ("entry", "host", "port", "address", "covered"),
    [
        ("10.0.0.5", "nas.lan", 80, "10.0.0.5", True),
        ("10.0.0.5", "nas.lan", 80, "10.0.0.6", False),
        ("10.0.0.0/8", "nas.lan", 8080, "10.1.2.3", True),
        ("10.0.0.7/8", "nas.lan", 8080, "10.1.2.3", True),
        ("10.0.0.0/8", "nas.lan", 80, "192.168.0.1", False),
        ("10.0.0.0/8:8080", "nas.lan", 8080, "10.1.2.3", True),
        ("10.0.0.0/8:8080", "nas.lan", 80, "10.1.2.3", False),
        ("127.0.0.1:8080", "localhost", 8080, "127.0.0.1", True),
        ("127.0.0.1:8080", "localhost", 8081, "127.0.0.1", False),
        ("nas.lan", "nas.lan", 80, "10.1.2.3", True),
        ("NAS.lan.", "nas.lan", 80, "10.1.2.3", True),
        ("nas.lan", "evil.nas.lan", 80, "10.1.2.3", False),
        ("nas.lan:8080", "nas.lan", 8080, "10.1.2.3", True),
        ("nas.lan:8080", "nas.lan", 80, "10.1.2.3", False),
        ("::1", "localhost", 80, "::1", True),
        ("::1", "localhost", 80, "127.0.0.1", False),
        ("fd00::/8", "nas.lan", 80, "fd00::7", True),
        ("[fd00::/8]:80", "nas.lan", 80, "fd00::7", True),
        ("[fd00::/8]:80", "nas.lan", 81, "fd00::7", False),
        ("[::1]", "localhost", 81, "::1", True),
        (" 127.0.0.0/8 ", "localhost", 81, "127.0.0.1", True),
    ],
)
def test_an_entry_of_allow_private_covers(
    entry: str, host: str, port: int, address: str, covered: bool
) -> None:
    assert permitted(host, port, address, permits((entry,))) is covered


@pytest.mark.parametrize("entry", ["", "nas.lan:", "nas.lan:http", "nas.lan:99999", ":80", "[]:80"])
def test_an_entry_that_cannot_be_read_is_named(entry: str) -> None:
    with pytest.raises(FetchError, match="allow_private") as caught:
        permits((entry,))
    assert f'"{entry}"' in str(caught.value)
