"""Which addresses are the open internet (ATTACK 46)."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.outbound.addresses import CLOSED_4, is_loopback, is_open, parse_address

CLOSED = (
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1"),  # noqa: S104
    *("127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192"),
    *("192.168.1.1", "198.18.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
    *("255.255.255.255", "168.63.129.16", "192.0.2.1", "203.0.113.9"),
    *("::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "100::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b:1::a9fe:a9fe", "2002:7f00:1::", "2001::1", "2001:db8::1"),
    *("3fff::1", "5f00::1", "4000::1"),
)
OPEN = ("93.184.216.34", "8.8.8.8", "1.1.1.1", "2606:4700::1111", "2a01:4f8::1", "::ffff:8.8.8.8")


@pytest.mark.attack(46)
@pytest.mark.parametrize("text", CLOSED)
def test_closed(text: str) -> None:
    assert not is_open(ip_address(text))


@pytest.mark.attack(46)
@pytest.mark.parametrize("text", OPEN)
def test_open(text: str) -> None:
    assert is_open(ip_address(text))
    assert not is_loopback(ip_address(text))


@pytest.mark.attack(46)
@given(st.ip_addresses())
def test_what_is_not_global_is_never_open(address: object) -> None:
    checked = ip_address(str(address))
    if is_open(checked):
        assert checked.is_global
        assert not checked.is_multicast


@pytest.mark.attack(46)
@pytest.mark.parametrize("block", CLOSED_4)
def test_ipv4_in_ipv6_is_judged_by_what_it_carries(block: object) -> None:
    closed = ip_address(str(block).split("/", maxsplit=1)[0])
    for prefix in ("::ffff:", "::", "64:ff9b::", "64:ff9b:1::"):
        assert not is_open(ip_address(f"{prefix}{closed}"))


def test_a_name_is_no_address_and_a_zone_is_refused() -> None:
    assert parse_address("api.example.com") is None
    assert parse_address("2130706433") is None
    assert parse_address("0177.0.0.1") is None
    with pytest.raises(ValueError, match="zone"):
        parse_address("fe80::1%eth0")


def test_loopback() -> None:
    for text in ("127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"):
        assert is_loopback(ip_address(text))
