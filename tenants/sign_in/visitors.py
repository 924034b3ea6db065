"""Who knocks, as far as the connection tells."""

import uuid
from dataclasses import dataclass

from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index
from tenants.devices.known import known_device
from tenants.limits.keys import Attempt, Trial, keys_of
from tenants.limits.rules import Bucket
from tenants.sessions.start import Started


@dataclass(frozen=True, slots=True, repr=False)
class Visitor:
    """Network address, coarse device label, referrer, and the device cookie if there is one."""

    address: str
    device: str
    referrer: str | None = None
    device_token: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that began or moved on; `device_token`, when not None, is a cookie to set."""

    started: Started
    device_token: str | None = None

    def __repr__(self) -> str:
        return f"<SignedIn {self.started.session_id}>"


def attempt_keys(
    ring: Keyring,
    work: UnitOfWork,
    *,
    trial: Trial,
    account: bytes,
    user_id: uuid.UUID | None,
    visitor: Visitor,
) -> dict[bytes, Bucket]:
    """The buckets in which this visitor's attempt at this account counts."""
    device = known_device(work, user_id=user_id, token=visitor.device_token)
    attempt = Attempt(trial, account, visitor.address, device)
    return keys_of(attempt, ring.tenant_index(work, Index.ADDRESS).digest)
