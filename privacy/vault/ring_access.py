"""The vault's own short transactions: read keys and open them, create days, lease seals."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import Connection, Engine

from privacy.core import clock
from privacy.vault.creations import bound, create_keys
from privacy.vault.custody import Custody
from privacy.vault.errors import DayEnded, DayTooFar, KeyPortFailed, NoKey, SealLimit
from privacy.vault.floor_rows import read_floors
from privacy.vault.floors import Floors
from privacy.vault.keys import DayKey, end_of
from privacy.vault.leases import LIMIT, SealLease
from privacy.vault.ring_rows import (
    exists,
    is_destroyed,
    lease_seals,
    read_days,
    read_tenant,
)
from privacy.vault.ring_versions import RingVersion, read_version
from privacy.vault.tenant_keys import Opened, TenantKeys
from privacy.vault.wrapping import KeyKind, KeyName, KeyRow

FURTHEST = timedelta(days=3)
"""Keys are made two days ahead, and a record may be a day ahead of us."""

_ATTEMPTS = 3


class RingAccess:
    """Reads and extends the ring for one process, under the app role.

    It takes connections for a moment at a time, while the caller's transaction is open, so its
    engine should have a pool of its own: nobody then waits for a connection that waits for him.
    """

    def __init__(self, engine: Engine, custody: Custody) -> None:
        self._engine = engine
        self._custody = custody

    def days(
        self, tenant_id: UUID, service: str, data: str, first: date, last: date, keep_days: int
    ) -> tuple[RingVersion, dict[date, DayKey]]:
        """The day keys that exist, ended ones too, and the version they were read under."""

        def read(connection: Connection) -> Sequence[KeyRow]:
            return read_days(connection, tenant_id, service, data, first, last)

        version, opened, _ = self._read(tenant_id, read)
        return version, {key.day: key for key in (self._day(o, keep_days) for o in opened)}

    def tenant(self, tenant_id: UUID) -> tuple[RingVersion, TenantKeys]:
        """A tenant's keys. Raises NoKey when it has none."""
        version, opened, floors = self._read(
            tenant_id, lambda connection: read_tenant(connection, tenant_id)
        )
        return version, TenantKeys(opened, floors, self._lease)

    def create_day(
        self, tenant_id: UUID, service: str, data: str, day: date, keep_days: int
    ) -> None:
        """Make a day's key, unless it exists.

        Raises:
            DayEnded: its time is over, or its key was destroyed: it is never made again.
            DayTooFar: it is more than three days ahead.
        """
        with bound(self._engine, tenant_id) as connection:
            moment = clock.database_now(connection)
            if moment >= end_of(day, keep_days):
                raise DayEnded
            if day > moment.date() + FURTHEST:
                raise DayTooFar
            if is_destroyed(connection, tenant_id, service, data, day):
                raise DayEnded
            name = KeyName(tenant_id, KeyKind.DAY, service, data, day, 1)
            create_keys(connection, self._custody, [name])

    def _read(
        self, tenant_id: UUID, read: Callable[[Connection], Sequence[KeyRow]]
    ) -> tuple[RingVersion, list[Opened], Floors]:
        for attempt in range(_ATTEMPTS):
            with bound(self._engine, tenant_id) as connection:
                version = read_version(connection)
                rows, floors = read(connection), read_floors(connection, tenant_id)
            try:
                return version, self._open(rows), floors
            except (NoKey, KeyPortFailed):
                # The epoch ended between reading the row and asking for its key: look again.
                self._custody.forget()
                if attempt == _ATTEMPTS - 1:
                    raise
        raise NoKey

    def _open(self, rows: Sequence[KeyRow]) -> list[Opened]:
        return [(row, self._custody.wrapper(row.epoch).unwrap(row)) for row in rows]

    def _day(self, opened: Opened, keep_days: int) -> DayKey:
        row, key = opened
        if row.day is None:
            raise NoKey
        return DayKey(row.key_id, key, row.day, keep_days, self._lease(row))

    def _lease(self, row: KeyRow) -> SealLease:
        return SealLease(partial(self._persist, row.tenant_id, row.key_id, row.kind))

    def _persist(self, tenant_id: UUID, key_id: bytes, kind: KeyKind, count: int) -> None:
        with bound(self._engine, tenant_id) as connection:
            if lease_seals(connection, tenant_id, key_id, count=count, limit=LIMIT):
                return
            if exists(connection, tenant_id, key_id):
                raise SealLimit
        raise DayEnded if kind is KeyKind.DAY else NoKey
