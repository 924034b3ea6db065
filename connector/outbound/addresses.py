"""Which IP addresses are the open internet (ASVS 5.0, 1.3.6; ATTACK 46).

`ipaddress.is_global` alone is not enough: it says yes to multicast, to some clouds' metadata
services at public addresses, and to IPv6 addresses that carry a private IPv4 address inside.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Address = IPv4Address | IPv6Address

CLOSED_4: Final = tuple(
    IPv4Network(block)
    for block in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # a metadata and control service at a public address (Azure)
    )
)
"""IANA's special-purpose registry for IPv4, and multicast."""

OPEN_6: Final = IPv6Network("2000::/3")
"""All that is assigned as global unicast; everything else is local, multicast or nothing yet."""

CLOSED_6: Final = tuple(
    IPv6Network(block)
    for block in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
"""Within it: protocol assignments and Teredo, documentation, 6to4."""


def parse_address(text: str) -> Address | None:
    """The address, or None for a name. A zone (`%eth0`) is never ours to choose: ValueError."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if "%" in text:
        raise ValueError("an address with a zone")
    return address


def is_open(address: Address) -> bool:
    """Whether it is in the open internet. IPv4 in IPv6 clothes is judged by what it carries."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_open(address.ipv4_mapped)
        return address in OPEN_6 and not any(address in block for block in CLOSED_6)
    return not any(address in block for block in CLOSED_4)


def is_loopback(address: Address) -> bool:
    """This machine itself, for simulators in development."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback
