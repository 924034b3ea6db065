"""The key ring as a process uses it: keys by day and by scope, unwrapped once, remembered.

What is remembered can be used only in transactions that see the ring unflushed since, and a day
key never past its end. Python cannot wipe memory: the bytes of a forgotten key stay in it
until they are overwritten, which is why core dumps are off (see processes).
"""

import os
import weakref
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Engine

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from privacy.vault import sealing
from privacy.vault.custody import Custody
from privacy.vault.errors import DayEnded, NoKey
from privacy.vault.keys import DayKey, ScopeKey, TenantIndex
from privacy.vault.labels import Index, Scope
from privacy.vault.meanings import Meaning
from privacy.vault.memories import Memory
from privacy.vault.ring_access import RingAccess
from privacy.vault.ring_versions import RingVersion, version_seen
from privacy.vault.tenant_keys import TenantKeys

KeepDays = Callable[[UUID, str, str], int]
"""Calendar days that a tenant's service keeps a kind of data, the day itself included."""

LONGEST = 30
_INFO = "vault.ring_version"


def thirty_days(_tenant_id: UUID, _service: str, _data: str) -> int:
    """What every service keeps unless its profile or tenant says less."""
    return LONGEST


class Keyring:
    """One for each process. Safe among threads, and empty in a forked child.

    The first use in a transaction reads the ring's version on the transaction's own connection;
    everything else is remembered, or read in a short transaction of the vault's own.
    """

    def __init__(
        self,
        engine: Engine,
        custody: Custody,
        *,
        keep_days: KeepDays = thirty_days,
        capacity: int = 20_000,
    ) -> None:
        """`engine`: the app role's, best with a small pool of its own (see RingAccess)."""
        self._access = RingAccess(engine, custody)
        self._custody = custody
        self._keep_days = keep_days
        self._days: Memory[DayKey] = Memory(capacity)
        self._tenants: Memory[TenantKeys] = Memory(capacity // 10 + 1)
        self._flushed = -1
        _living.add(self)

    def day_key(self, work: UnitOfWork, *, service: str, data: str, day: date) -> DayKey:
        """The key of a day, made when there is none yet.

        Raises:
            DayEnded: the day's time is over or its key is destroyed.
            DayTooFar: the day is more than three days ahead.
            EscrowFailed, KeyPortFailed: nothing can be sealed at the moment.
        """
        key = self.find_day_key(work, service=service, data=data, day=day)
        if key is None:
            keep = self._keep_days(work.tenant_id, service, data)
            self._access.create_day(work.tenant_id, service, data, day, keep)
            key = self._load(work.tenant_id, service, data, day, day).get(day)
        if key is None:
            raise NoKey
        if not key.alive():
            raise DayEnded
        return key

    def find_day_key(
        self, work: UnitOfWork, *, service: str, data: str, day: date
    ) -> DayKey | None:
        """The key of a day for reading: None when there is none, or no longer."""
        return self.day_keys(work, service=service, data=data, first=day, last=day).get(day)

    def day_keys(
        self, work: UnitOfWork, *, service: str, data: str, first: date, last: date
    ) -> dict[date, DayKey]:
        """The living keys of the days from `first` to `last`; one query when any is unknown."""
        seen, tenant_id = self._heed(work), work.tenant_id
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        names = [(tenant_id, service, data, day) for day in days]
        found = [self._days.get(name, seen) for name in names]
        keys = {d: f.value for d, f in zip(days, found, strict=True) if f and f.value}
        unknown = [day for day, answer in zip(days, found, strict=True) if answer is None]
        if unknown:
            keys |= self._load(tenant_id, service, data, unknown[0], unknown[-1])
        return {day: key for day, key in keys.items() if key.alive()}

    def scope_key(self, work: UnitOfWork, scope: Scope, *, version: int | None = None) -> ScopeKey:
        """What seals in a scope. Raises NoKey, FloorRefused."""
        return self._tenant(work).sealing(scope, version)

    def opening_key(self, work: UnitOfWork, scope: Scope, key_id: bytes) -> ScopeKey:
        """What opens values of `key_id` in a scope. Raises OpenError."""
        return self._tenant(work).opening(scope, key_id)

    def seal(self, work: UnitOfWork, scope: Scope, meaning: Meaning, plaintext: bytes) -> bytes:
        """Seal a lasting value of the tenant. Raises NoKey, SealLimit."""
        return sealing.seal(self.scope_key(work, scope), meaning, plaintext)

    def open(self, work: UnitOfWork, scope: Scope, meaning: Meaning, sealed: bytes) -> bytes:
        """Open a lasting value of the tenant, whichever version sealed it. Raises OpenError."""
        key = self.opening_key(work, scope, sealing.key_id_of(sealed))
        return sealing.open(key, meaning, sealed)

    def tenant_index(self, work: UnitOfWork, kind: Index) -> TenantIndex:
        """Lasting digests of the tenant. Raises NoKey."""
        return self._tenant(work).index(kind)

    def installation_index(self, kind: Index) -> TenantIndex:
        """Digests for look-ups before a tenant is known. Not rotated, so no version is read."""
        return self._tenant_of(INSTALLATION_ID, RingVersion(0, 0)).index(kind)

    def forget(self) -> None:
        """Drop everything remembered, epoch keys too."""
        self._days.clear()
        self._tenants.clear()
        self._custody.forget()

    def renew(self) -> None:
        """Begin anew in a forked child: it must not spend its parent's leases of seals."""
        self._days.renew()
        self._tenants.renew()
        self._custody.renew()

    def _heed(self, work: UnitOfWork) -> RingVersion:
        seen: RingVersion | None = work.session.info.get(_INFO)
        if seen is None:
            seen = work.session.info[_INFO] = version_seen(work)
            if seen.flushed > self._flushed:
                self._drop_before(seen)
        return seen

    def _drop_before(self, seen: RingVersion) -> None:
        self._days.drop_before(seen)
        self._tenants.drop_before(seen)
        self._custody.forget()
        self._flushed = seen.flushed

    def _load(
        self, tenant_id: UUID, service: str, data: str, first: date, last: date
    ) -> dict[date, DayKey]:
        keep = self._keep_days(tenant_id, service, data)
        version, keys = self._access.days(tenant_id, service, data, first, last, keep)
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            self._days.put((tenant_id, service, data, day), version, keys.get(day))
        return keys

    def _tenant(self, work: UnitOfWork) -> TenantKeys:
        return self._tenant_of(work.tenant_id, self._heed(work))

    def _tenant_of(self, tenant_id: UUID, seen: RingVersion) -> TenantKeys:
        found = self._tenants.get(tenant_id, seen)
        if found is not None and found.value is not None:
            return found.value
        version, keys = self._access.tenant(tenant_id)
        self._tenants.put(tenant_id, version, keys)
        return keys


_living: "weakref.WeakSet[Keyring]" = weakref.WeakSet()


def _renew_all() -> None:
    for ring in list(_living):
        ring.renew()


os.register_at_fork(after_in_child=_renew_all)
