"""Destroy keys: the data that they sealed has ended.

First step: the rows go, and from that commit on no process opens the data. Second step: the
epoch that wrapped them ends (see epochs), and with it whatever old copies hold. Until then a
mistaken destruction can still be undone from escrow, afterwards by nobody.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from privacy.core import clock
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.errors import Conflict
from privacy.vault.epoch_rows import hold_epoch
from privacy.vault.ring_versions import flush_caches


class Reason(StrEnum):
    """Why a key was destroyed."""

    RETENTION = "retention"
    ERASURE = "erasure"
    CLOSED = "closed"
    ROTATED = "rotated"


_MOVE = (
    "WITH gone AS (DELETE FROM key_ring WHERE {which} RETURNING *) "
    "INSERT INTO key_destructions "
    "(tenant_id, key_id, kind, service, data, day, version, destroyed_at, reason) "
    "SELECT tenant_id, key_id, kind, service, data, day, version, :moment, :reason FROM gone"
)
_DAYS = (
    "kind = 'day' AND service = :service AND data = :data AND day <= :through "
    "AND (CAST(:tenant AS uuid) IS NULL OR tenant_id = :tenant)"
)
_DESTROY_DAYS = text(_MOVE.format(which=_DAYS))
_COUNT_DAYS = text(f"SELECT count(*) FROM key_ring WHERE {_DAYS}")
_DESTROY_TENANT = text(_MOVE.format(which="tenant_id = :tenant"))
_DESTROY_VERSIONS = text(
    _MOVE.format(
        which="tenant_id = :tenant AND kind = 'tenant' AND data = 'seal' AND version < :below"
    )
)


def destroy_days(
    connection: Connection,
    *,
    service: str,
    data: str,
    through: date,
    tenant_id: UUID | None = None,
    reason: Reason = Reason.RETENTION,
) -> int:
    """Destroy the keys of all days up to `through`, that day included (keeper).

    Args:
        tenant_id: only this tenant's; else everybody's.

    Returns:
        How many keys went.

    Raises:
        Conflict: `through` has not ended by the database's clock (ATTACK 68).
    """
    if through >= clock.database_today(connection):
        raise Conflict("A day that has not ended is not destroyed. Check the clocks.")
    given = {"service": service, "data": data, "through": through, "tenant": tenant_id}
    return _destroy(connection, _DESTROY_DAYS, given, reason)


def count_days(
    connection: Connection,
    *,
    service: str,
    data: str,
    through: date,
    tenant_id: UUID | None = None,
) -> int:
    """How many keys `destroy_days` would destroy."""
    given = {"service": service, "data": data, "through": through, "tenant": tenant_id}
    return int(connection.execute(_COUNT_DAYS, given).scalar_one())


def destroy_tenant(
    connection: Connection, *, tenant_id: UUID, reason: Reason = Reason.CLOSED
) -> int:
    """Destroy every key of a tenant: nothing of it opens any more (keeper).

    Raises:
        Conflict: the installation's own keys are not destroyed.
    """
    if tenant_id == INSTALLATION_ID:
        raise Conflict("The installation's own keys are not destroyed.")
    return _destroy(connection, _DESTROY_TENANT, {"tenant": tenant_id}, reason)


def destroy_versions(connection: Connection, *, tenant_id: UUID, below: int) -> int:
    """Destroy versions of a tenant's key that nothing depends on any more (keeper)."""
    given = {"tenant": tenant_id, "below": below}
    return _destroy(connection, _DESTROY_VERSIONS, given, Reason.ROTATED)


def _destroy(
    connection: Connection, statement: TextClause, given: dict[str, object], reason: Reason
) -> int:
    hold_epoch(connection)
    given |= {"moment": clock.database_now(connection), "reason": reason.value}
    gone = connection.execute(statement, given).rowcount
    if gone:
        flush_caches(connection)
    return gone
