"""Rows of the key ring, read and written. Under the app role only the bound tenant's are seen."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from privacy.vault.wrapping import KeyKind, KeyRow

_COLUMNS = (
    "tenant_id, key_id, kind, service, data, day, version, epoch, wrapped, commitment, "
    "seals_leased, created_at"
)
_DAYS = text(
    f"SELECT {_COLUMNS} FROM key_ring WHERE tenant_id = :tenant AND kind = 'day' "
    "AND service = :service AND data = :data AND day BETWEEN :first AND :last"
)
_TENANT = text(
    f"SELECT {_COLUMNS} FROM key_ring WHERE tenant_id = :tenant AND kind = 'tenant' "
    "ORDER BY data, version"
)
_AFTER = text(
    f"SELECT {_COLUMNS} FROM key_ring WHERE (tenant_id, key_id) > (:tenant, :key) "
    "ORDER BY tenant_id, key_id LIMIT :limit"
)
_INSERT = text(
    f"INSERT INTO key_ring ({_COLUMNS}) "
    "SELECT * FROM unnest(CAST(:tenants AS uuid[]), CAST(:keys AS bytea[]), "
    "CAST(:kinds AS text[]), CAST(:services AS text[]), CAST(:datas AS text[]), "
    "CAST(:days AS date[]), CAST(:versions AS int[]), CAST(:epochs AS int[]), "
    "CAST(:wrappeds AS bytea[]), CAST(:commitments AS bytea[]), CAST(:leases AS bigint[]), "
    "CAST(:moments AS timestamptz[])) ON CONFLICT DO NOTHING RETURNING tenant_id, key_id"
)
_LEASE = text(
    "UPDATE key_ring SET seals_leased = seals_leased + :count "
    "WHERE tenant_id = :tenant AND key_id = :key AND seals_leased + :count <= :limit"
)
_EXISTS = text("SELECT 1 FROM key_ring WHERE tenant_id = :tenant AND key_id = :key")
_TOMB = text(
    "SELECT 1 FROM key_destructions WHERE tenant_id = :tenant AND service = :service "
    "AND data = :data AND day = :day LIMIT 1"
)
_FIRST_ID, _FIRST_KEY = UUID(int=0), b""


def read_days(
    connection: Connection, tenant_id: UUID, service: str, data: str, first: date, last: date
) -> list[KeyRow]:
    """Day keys from `first` to `last`, those days included."""
    given = {"tenant": tenant_id, "service": service, "data": data, "first": first, "last": last}
    return [_row(row) for row in connection.execute(_DAYS, given)]


def read_tenant(connection: Connection, tenant_id: UUID) -> list[KeyRow]:
    """All versions of a tenant's keys, ascending."""
    return [_row(row) for row in connection.execute(_TENANT, {"tenant": tenant_id})]


def walk_ring(connection: Connection, *, batch: int) -> Iterator[list[KeyRow]]:
    """The whole ring in batches, in the order of the primary key."""
    tenant, key = _FIRST_ID, _FIRST_KEY
    while rows := read_after(connection, tenant, key, limit=batch):
        yield rows
        tenant, key = rows[-1].tenant_id, rows[-1].key_id


def read_after(
    connection: Connection, tenant_id: UUID, key_id: bytes, *, limit: int
) -> list[KeyRow]:
    """The next `limit` rows after (tenant, key)."""
    given = {"tenant": tenant_id, "key": key_id, "limit": limit}
    return [_row(row) for row in connection.execute(_AFTER, given)]


def insert_rows(connection: Connection, rows: Sequence[KeyRow]) -> list[KeyRow]:
    """Add keys; those whose name is taken are left out. Returns what was added."""
    columns = {
        "tenants": [row.tenant_id for row in rows],
        "keys": [row.key_id for row in rows],
        "kinds": [row.kind.value for row in rows],
        "services": [row.service for row in rows],
        "datas": [row.data for row in rows],
        "days": [row.day for row in rows],
        "versions": [row.version for row in rows],
        "epochs": [row.epoch for row in rows],
        "wrappeds": [row.wrapped for row in rows],
        "commitments": [row.commitment for row in rows],
        "leases": [row.seals_leased for row in rows],
        "moments": [row.created_at for row in rows],
    }
    added = {(row[0], bytes(row[1])) for row in connection.execute(_INSERT, columns)}
    return [row for row in rows if (row.tenant_id, row.key_id) in added]


def lease_seals(
    connection: Connection, tenant_id: UUID, key_id: bytes, *, count: int, limit: int
) -> bool:
    """Write `count` seals down; False when the key is gone or would pass `limit`."""
    given = {"tenant": tenant_id, "key": key_id, "count": count, "limit": limit}
    return connection.execute(_LEASE, given).rowcount == 1


def exists(connection: Connection, tenant_id: UUID, key_id: bytes) -> bool:
    """Whether the key is on the ring."""
    return connection.execute(_EXISTS, {"tenant": tenant_id, "key": key_id}).first() is not None


def is_destroyed(
    connection: Connection, tenant_id: UUID, service: str, data: str, day: date
) -> bool:
    """Whether this day ever had a key that was destroyed."""
    given = {"tenant": tenant_id, "service": service, "data": data, "day": day}
    return connection.execute(_TOMB, given).first() is not None


def _row(row: Sequence[Any]) -> KeyRow:
    return KeyRow(row[0], row[1], KeyKind(row[2]), *row[3:])
