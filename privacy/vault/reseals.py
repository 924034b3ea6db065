"""Seal again, under a tenant's newest key, what older versions sealed.

Every table with values under tenant keys registers here. The values themselves say which key
sealed them, so there is nothing to remember between runs: a killed run is simply run again.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection, Engine, TextClause, text

from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.vault import sealing
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Scope
from privacy.vault.meanings import Place
from privacy.vault.ring_rows import read_tenant


class Resealable(Protocol):
    """Values under a tenant key, wherever they are."""

    @property
    def name(self) -> str:
        """What progress calls it."""

    def reseal(self, work: UnitOfWork, ring: Keyring, *, limit: int) -> int:
        """Seal up to `limit` old values anew, in `work`. Returns how many; 0 when none is left."""

    def key_ids(self, connection: Connection, tenant_id: UUID) -> set[bytes]:
        """Ids of the keys that a tenant's values are sealed under."""


@dataclass(frozen=True)
class SealedColumn:
    """A `bytea` column of a tenant table whose rows have a uuid; NULL stays NULL.

    Args:
        type: the type in the values' meaning.
        version_column: the column that counts the row's versions, where the meaning has one.
    """

    table: str
    column: str
    scope: Scope
    type: str
    id_column: str = "id"
    version_column: str | None = None

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.table}.{self.column}"

    def reseal(self, work: UnitOfWork, ring: Keyring, *, limit: int) -> int:
        """See Resealable."""
        new = ring.scope_key(work, self.scope)
        rows = work.connection.execute(
            self._old(), {"tenant": work.tenant_id, "key": new.key_id, "limit": limit}
        ).all()
        place = Place(self.type, work.tenant_id, self.table, self.column)
        changed = []
        for row_id, version, sealed in rows:
            meaning = place.row(row_id, version)
            value = ring.open(work, self.scope, meaning, sealed)
            changed.append({"id": row_id, "sealed": sealing.seal(new, meaning, value)})
        if changed:
            work.connection.execute(
                self._update(), [{"tenant": work.tenant_id, **one} for one in changed]
            )
        return len(changed)

    def key_ids(self, connection: Connection, tenant_id: UUID) -> set[bytes]:
        """See Resealable."""
        statement = text(
            f"SELECT DISTINCT substring({self.column} FROM 2 FOR 8) FROM {self.table} "
            f"WHERE tenant_id = :tenant AND {self.column} IS NOT NULL"
        )
        return {bytes(row[0]) for row in connection.execute(statement, {"tenant": tenant_id})}

    def _old(self) -> TextClause:
        return text(
            f"SELECT {self.id_column}, {self.version_column or 0}, {self.column} "
            f"FROM {self.table} WHERE tenant_id = :tenant AND {self.column} IS NOT NULL "
            f"AND substring({self.column} FROM 2 FOR 8) <> :key "
            f"ORDER BY {self.id_column} LIMIT :limit FOR UPDATE"
        )

    def _update(self) -> TextClause:
        return text(
            f"UPDATE {self.table} SET {self.column} = :sealed "
            f"WHERE tenant_id = :tenant AND {self.id_column} = :id"
        )


_registered: dict[str, Resealable] = {}


def register(resealable: Resealable) -> Resealable:
    """Add values to what rotation re-seals. Call where the table is mapped."""
    _registered[resealable.name] = resealable
    return resealable


def registered() -> list[Resealable]:
    """Everything that was registered."""
    return list(_registered.values())


def reseal_tenant(
    app: Engine,
    ring: Keyring,
    *,
    tenant_id: UUID,
    resealables: Iterable[Resealable] | None = None,
    batch: int = 500,
    on_progress: Callable[[str, int], None] = lambda _name, _count: None,
) -> int:
    """Re-seal all of a tenant's values, each batch in a unit of work of its own.

    Returns:
        How many were re-sealed by this run.
    """
    total = 0
    for one in registered() if resealables is None else resealables:
        while True:
            with unit_of_work(app, tenant_id=tenant_id, actor=SYSTEM) as work:
                count = one.reseal(work, ring, limit=batch)
            if not count:
                break
            total += count
            on_progress(one.name, count)
    return total


def find_dependants(
    app: Engine,
    *,
    tenant_id: UUID,
    resealables: Collection[Resealable] | None = None,
) -> list[int]:
    """Versions of the tenant's key that values are still sealed under, ascending."""
    with unit_of_work(app, tenant_id=tenant_id, actor=SYSTEM) as work:
        chosen = registered() if resealables is None else resealables
        ids = {key_id for one in chosen for key_id in one.key_ids(work.connection, tenant_id)}
        rows = read_tenant(work.connection, tenant_id)
    return sorted({row.version for row in rows if row.key_id in ids})
