"""From a name to the addresses that may be connected to: asked once, judged all together."""

import socket
from collections.abc import Callable, Sequence
from typing import Final

from connector.outbound.addresses import is_loopback, is_open, parse_address
from connector.outbound.failures import ForbiddenAddress, NameUnknown

Resolve = Callable[[str, int], Sequence[str]]
"""Host and port to all of its addresses, as text. Raises OSError."""

MOST: Final = 32
"""Addresses that one name may have."""


def system_resolve(host: str, port: int) -> list[str]:
    """The system's answer: A and AAAA, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_addresses(host: str, port: int, *, resolve: Resolve, loopback: bool) -> list[str]:
    """Every address of this name. One that is forbidden forbids them all (ATTACK 46).

    `loopback`: the recipient is this machine, by declaration; then it must be just that.
    """
    try:
        found = list(resolve(host, port))
    except (OSError, UnicodeError):
        raise NameUnknown(log=host) from None
    if not found:
        raise NameUnknown(log=host)
    if len(found) > MOST or not all(_allowed(text, loopback=loopback) for text in found):
        raise ForbiddenAddress(log=host)
    return found


def _allowed(text: str, *, loopback: bool) -> bool:
    try:
        address = parse_address(text)
    except ValueError:
        return False
    if address is None:
        return False
    return is_loopback(address) if loopback else is_open(address)
