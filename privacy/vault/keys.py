"""Keys in use: what remains of a tenant or day key once its purposes are derived from it.

A day or tenant key is never used directly, so the raw key is not kept here. None of these
objects pickles, prints or compares by its secret (ATTACK 10).
"""

import hmac
from datetime import UTC, date, datetime, time, timedelta

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from privacy.core import clock
from privacy.vault.derivations import derive
from privacy.vault.errors import DayEnded
from privacy.vault.index_keys import IndexKey
from privacy.vault.labels import Index, Label, Scope
from privacy.vault.leases import Lease

KEY_ID_BYTES = 8


class SealKey:
    """A key that seals and opens values."""

    def __init__(self, key_id: bytes, secret: bytes, lease: Lease) -> None:
        self.key_id = key_id
        self.cipher = AESGCM(secret)
        self._lease = lease

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.key_id.hex()}>"

    def __reduce__(self) -> str:
        raise TypeError("a key does not travel")

    def alive(self) -> bool:
        """Whether values may be opened with it now."""
        return True

    def use(self, seals: int) -> None:
        """Count `seals` before they happen. Raises SealLimit."""
        self._lease.take(seals)


class ScopeKey(SealKey):
    """One scope of one version of a tenant key."""

    def __init__(self, key_id: bytes, root: bytes, scope: Scope, version: int, lease: Lease):
        super().__init__(key_id, derive(root, Label.SCOPE_SEAL, scope), lease)
        self.scope = scope
        self.version = version


class DayKey(SealKey):
    """The key of one tenant, service, kind of data and UTC day.

    Args:
        keep_days: calendar days that the day is kept, its own included.
    """

    def __init__(self, key_id: bytes, root: bytes, day: date, keep_days: int, lease: Lease):
        super().__init__(key_id, derive(root, Label.DAY_SEAL), lease)
        self.day = day
        self.ends_at = end_of(day, keep_days)
        self._index_root = derive(root, Label.DAY_INDEX)
        self._indexes: dict[Index, IndexKey] = {}

    def alive(self) -> bool:
        """False from the moment that the last day of retention has ended."""
        return clock.now() < self.ends_at

    def use(self, seals: int) -> None:
        """Count `seals`. Raises SealLimit, DayEnded."""
        if not self.alive():
            raise DayEnded
        super().use(seals)

    def index(self, kind: Index) -> IndexKey:
        """The key of this day's tokens of one kind. Raises DayEnded."""
        if not self.alive():
            raise DayEnded
        if kind not in self._indexes:
            self._indexes[kind] = IndexKey(derive(self._index_root, Label.DAY_INDEX, kind))
        return self._indexes[kind]

    def source_ids(self, messages: list[bytes]) -> list[bytes]:
        """16-byte ids for records, from what identifies each at its source. Raises DayEnded."""
        return self.index(Index.SOURCE).digests(messages)


class TenantIndex:
    """Digests that outlive days: for look-ups among one tenant's few lasting things."""

    def __init__(self, root: bytes, kind: Index) -> None:
        self._secret = derive(root, Label.TENANT_INDEX, kind)

    def __reduce__(self) -> str:
        raise TypeError("a key does not travel")

    def digest(self, message: bytes) -> bytes:
        """32 bytes of HMAC-SHA256."""
        return hmac.digest(self._secret, message, "sha256")


def end_of(day: date, keep_days: int) -> datetime:
    """The moment at which a day that is kept `keep_days` calendar days, its own included, ends."""
    return datetime.combine(day + timedelta(days=keep_days), time(), UTC)
