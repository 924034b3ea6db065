"""Minimum versions as rows: read by everybody for their own tenant, written by the keeper."""

from uuid import UUID

from sqlalchemy import Connection, text

from privacy.vault.floors import Floors

_READ = text("SELECT min_available, min_open, min_seal FROM key_floors WHERE tenant_id = :tenant")
_WRITE = text(
    "INSERT INTO key_floors (tenant_id, min_available, min_open, min_seal) "
    "VALUES (:tenant, :available, :open, :seal) ON CONFLICT (tenant_id) DO UPDATE SET "
    "min_available = excluded.min_available, min_open = excluded.min_open, "
    "min_seal = excluded.min_seal"
)


def read_floors(connection: Connection, tenant_id: UUID) -> Floors:
    """A tenant's floors; the defaults where it has none."""
    row = connection.execute(_READ, {"tenant": tenant_id}).first()
    return Floors(*row) if row else Floors()


def write_floors(connection: Connection, tenant_id: UUID, floors: Floors) -> None:
    """Set a tenant's floors (keeper)."""
    given = {"available": floors.available, "open": floors.open, "seal": floors.seal}
    connection.execute(_WRITE, {"tenant": tenant_id, **given})
