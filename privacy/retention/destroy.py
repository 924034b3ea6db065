"""End the days that are due: their keys go, and the ledger says so, in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from privacy.core import clock
from privacy.core.db.work import SYSTEM
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.retention.rules import DayRule, Shorter, choices_of
from privacy.vault.destructions import count_days, destroy_days

_DUE = text(
    "SELECT tenant_id, day FROM key_ring WHERE kind = 'day' AND service = :service "
    "AND data = :data AND day <= :through "
    "AND (CAST(:tenant AS uuid) IS NULL OR tenant_id = :tenant) ORDER BY tenant_id, day FOR UPDATE"
)
_SAY = text(
    """
    WITH event AS (
        INSERT INTO ledger_events (tenant_id, id, at, event, actor_kind, subject, facts)
        SELECT u.tenant_id, u.id, :at, :event, :actor, u.day, jsonb_build_object(
            'service', CAST(:service AS text), 'data', CAST(:data AS text))
        FROM unnest(CAST(:tenants AS uuid[]), CAST(:ids AS uuid[]), CAST(:days AS text[]))
            AS u (tenant_id, id, day)
        RETURNING tenant_id, id
    )
    INSERT INTO ledger_pending (tenant_id, event_id) SELECT tenant_id, id FROM event
    """
)

EVERYBODY: Final = None

Due = Sequence[tuple[UUID, date]]


def destroy_due(keeper: Engine, rule: DayRule, shorter: Iterable[Shorter], *, today: date) -> int:
    """Destroy what `rule` and the tenants' stricter choices have ended by `today`.

    Returns:
        How many day keys went. Data under them opens for nobody from now on; old copies of the
        database lose it when the epoch ends.
    """
    gone = _destroy(keeper, rule, rule.last_due(today), EVERYBODY)
    for choice in choices_of(rule, shorter):
        through = DayRule(rule.kind, choice.keep).last_due(today)
        gone += _destroy(keeper, rule, through, choice.tenant_id)
    return gone


def count_due(keeper: Engine, rule: DayRule, shorter: Iterable[Shorter], *, today: date) -> int:
    """How many day keys `destroy_due` would destroy."""
    stricter = list(choices_of(rule, shorter))
    with keeper.begin() as connection:
        count = _count(connection, rule, rule.last_due(today), EVERYBODY)
        for choice in stricter:
            through = DayRule(rule.kind, choice.keep).last_due(today)
            count += _count(connection, rule, through, choice.tenant_id)
            count -= _count(connection, rule, rule.last_due(today), choice.tenant_id)
    return count


def _count(connection: Connection, rule: DayRule, through: date, tenant: UUID | None) -> int:
    kind = rule.kind
    return count_days(
        connection, service=kind.service, data=kind.data, through=through, tenant_id=tenant
    )


def _destroy(keeper: Engine, rule: DayRule, through: date, tenant: UUID | None) -> int:
    kind = rule.kind
    with keeper.begin() as connection:
        due = _due(connection, rule, through, tenant)
        if not due:
            return 0
        gone = destroy_days(
            connection, service=kind.service, data=kind.data, through=through, tenant_id=tenant
        )
        _say(connection, rule, due)
    return gone


def _due(connection: Connection, rule: DayRule, through: date, tenant: UUID | None) -> Due:
    given = {"service": rule.kind.service, "data": rule.kind.data}
    rows = connection.execute(_DUE, given | {"through": through, "tenant": tenant})
    return [(row.tenant_id, row.day) for row in rows]


def _say(connection: Connection, rule: DayRule, due: Due) -> None:
    connection.execute(
        _SAY,
        {
            "at": clock.database_now(connection),
            "event": Event.DAY_DESTROYED.value,
            "actor": SYSTEM.kind.value,
            "service": rule.kind.service,
            "data": rule.kind.data,
            "tenants": [tenant for tenant, _ in due],
            "ids": [new_id() for _ in due],
            "days": [day.isoformat() for _, day in due],
        },
    )
