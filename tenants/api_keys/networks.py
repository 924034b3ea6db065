"""The networks that a key may come from."""

import ipaddress
from collections.abc import Iterable

from privacy.core.errors import Invalid

_MOST = 20


def checked_networks(networks: Iterable[str]) -> list[str]:
    """CIDR notation, canonical. Raises Invalid."""
    given = [text.strip() for text in networks if text.strip()]
    if len(given) > _MOST:
        raise _invalid(f"Name at most {_MOST} networks.")
    try:
        found = [str(ipaddress.ip_network(text, strict=False)) for text in given]
    except ValueError:
        raise _invalid("Write networks as 192.0.2.0/24 or 2001:db8::/32.") from None
    return list(dict.fromkeys(found))


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether `address` is in one of `networks`; every address is when there are none."""
    given = [ipaddress.ip_network(text) for text in networks]
    if not given:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return any((mapped or found) in network for network in given)


def _invalid(text: str) -> Invalid:
    return Invalid(text, fields={"networks": text})
