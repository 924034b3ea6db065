"""The keys under which attempts are counted: keyed digests, never an address or a name."""

import ipaddress
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from privacy.vault.derivations import canonical
from tenants.limits.rules import Bucket

Digest = Callable[[bytes], bytes]


class Trial(StrEnum):
    """What is being tried. Each has counts of its own."""

    PASSWORD = "password"  # noqa: S105 — the name of a trial
    CODE = "code"
    REAUTHENTICATION = "reauthentication"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: at which account (a digest or an id), from where, with which known device."""

    trial: Trial
    account: bytes
    address: str
    device: bytes | None = None


def keys_of(attempt: Attempt, digest: Digest) -> dict[bytes, Bucket]:
    """The buckets that this attempt counts in."""
    network = network_of(attempt.address).encode()
    if attempt.device is not None:
        parts = {Bucket.DEVICE: (attempt.account, attempt.device)}
    else:
        parts = {
            Bucket.ACCOUNT_AND_ADDRESS: (attempt.account, network),
            Bucket.ACCOUNT: (attempt.account, b""),
            Bucket.ADDRESS: (b"", network),
        }
    return {
        digest(canonical(attempt.trial.encode(), bucket.encode(), *pair)): bucket
        for bucket, pair in parts.items()
    }


def mail_keys(tenant_id: uuid.UUID, recipient: bytes, digest: Digest) -> dict[bytes, Bucket]:
    """The buckets of a mail on somebody's word: its tenant's, and its recipient's over all."""
    parts = {Bucket.SENDING_TENANT: tenant_id.bytes, Bucket.RECIPIENT: recipient}
    return {
        digest(canonical(b"mail", bucket.encode(), part)): bucket for bucket, part in parts.items()
    }


def network_of(address: str) -> str:
    """An IPv4 address, or the /64 that one IPv6 customer has: 2^64 addresses are one visitor."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped or ipaddress.ip_network((int(found), 64), strict=False).network_address)
    return str(found)
