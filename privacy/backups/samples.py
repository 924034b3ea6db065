"""Open a sample of sealed values: a copy whose values do not open is no copy."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Engine, text

from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.vault.custody import Custody
from privacy.vault.keyring import Keyring
from privacy.vault.meanings import Place
from privacy.vault.reseals import SealedColumn, registered

_EACH: Final = 5
_TENANTS: Final = 50
_SOME = text("SELECT DISTINCT tenant_id FROM key_ring ORDER BY tenant_id LIMIT :most")


def open_samples(engine: Engine, whole: Engine, custody: Custody) -> int:
    """Open the newest few values of every sealed column of some tenants.

    Args:
        engine: sees one tenant at a time; `whole` sees all.

    Returns:
        How many opened.

    Raises:
        OpenError: one did not.
    """
    ring = Keyring(engine, custody)
    with whole.connect() as connection:
        tenants = connection.execute(_SOME, {"most": _TENANTS}).scalars().all()
    columns = [one for one in registered() if isinstance(one, SealedColumn)]
    return sum(_open(engine, ring, tenant, columns) for tenant in tenants)


def _open(engine: Engine, ring: Keyring, tenant: UUID, columns: Sequence[SealedColumn]) -> int:
    with unit_of_work(engine, tenant_id=tenant, actor=SYSTEM) as work:
        return sum(_open_column(work, ring, one) for one in columns)


def _open_column(work: UnitOfWork, ring: Keyring, one: SealedColumn) -> int:
    rows = work.connection.execute(
        text(
            f"SELECT {one.id_column}, {one.version_column or 0}, {one.column} FROM {one.table} "
            f"WHERE tenant_id = :tenant AND {one.column} IS NOT NULL "
            f"ORDER BY {one.id_column} DESC LIMIT {_EACH}"
        ),
        {"tenant": work.tenant_id},
    ).all()
    place = Place(one.type, work.tenant_id, one.table, one.column)
    for row_id, version, sealed in rows:
        ring.open(work, one.scope, place.row(row_id, version), bytes(sealed))
    return len(rows)
