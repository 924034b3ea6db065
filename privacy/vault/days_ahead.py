"""Day keys two days ahead, for all tenants at once: no request then waits for escrow."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from privacy.core import clock
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.vault.creations import create_keys
from privacy.vault.custody import Custody
from privacy.vault.wrapping import KeyKind, KeyName

_MISSING = text(
    "SELECT t.tenant_id FROM key_ring t WHERE t.kind = 'tenant' AND t.data = 'seal' "
    "AND t.version = (SELECT max(l.version) FROM key_ring l WHERE l.tenant_id = t.tenant_id "
    "AND l.kind = 'tenant' AND l.data = 'seal') "
    "AND (t.tenant_id = :installation) = :own "
    "AND NOT EXISTS (SELECT 1 FROM key_ring k WHERE k.tenant_id = t.tenant_id "
    "AND k.kind = 'day' AND k.service = :service AND k.data = :data AND k.day = :day) "
    "AND NOT EXISTS (SELECT 1 FROM key_destructions d WHERE d.tenant_id = t.tenant_id "
    "AND d.service = :service AND d.data = :data AND d.day = :day) "
    "ORDER BY t.tenant_id LIMIT :batch"
)


@dataclass(frozen=True, slots=True)
class DayKind:
    """Data that is sealed by day. `installation`: the installation's own, not its tenants'."""

    service: str
    data: str
    installation: bool = False


def make_days_ahead(
    keeper: Engine,
    custody: Custody,
    *,
    kinds: Collection[DayKind],
    days: int = 2,
    batch: int = 5_000,
) -> int:
    """Make what is missing from today to `days` ahead; each batch one transaction, one addition.

    Returns:
        How many keys were made.

    Raises:
        EscrowFailed, KeyPortFailed: what was made until then stays.
    """
    with keeper.begin() as connection:
        today = clock.database_today(connection)
    wanted = [(kind, today + timedelta(days=n)) for n in range(days + 1) for kind in kinds]
    return sum(_make(keeper, custody, kind, day, batch) for kind, day in wanted)


def _make(keeper: Engine, custody: Custody, kind: DayKind, day: date, batch: int) -> int:
    made = 0
    while True:
        with keeper.begin() as connection:
            tenants = _missing(connection, kind, day, batch)
            names = [_name(tenant, kind, day) for tenant in tenants]
            added = len(create_keys(connection, custody, names)) if names else 0
        made += added
        if not added:
            return made


def _missing(connection: Connection, kind: DayKind, day: date, batch: int) -> Sequence[UUID]:
    given = {
        "service": kind.service,
        "data": kind.data,
        "day": day,
        "own": kind.installation,
        "installation": INSTALLATION_ID,
        "batch": batch,
    }
    return connection.execute(_MISSING, given).scalars().all()


def _name(tenant_id: UUID, kind: DayKind, day: date) -> KeyName:
    return KeyName(tenant_id, KeyKind.DAY, kind.service, kind.data, day, 1)
