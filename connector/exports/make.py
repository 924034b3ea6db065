"""Make an export: everything that a tenant has at one moment, laid aside in sealed parts."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import func, select, text, update

from connector.calls.keeping import call_keys, kept_days
from connector.calls.models import Call
from connector.exports.gather import attachment, count_rows, lines_of
from connector.exports.gather_calls import calls_of
from connector.exports.gather_people import Suppressed, people_of
from connector.exports.layouts import CALLS, RECORDS, Origin
from connector.exports.models import UNDER_WAY, ExportState, TenantExport
from connector.exports.notices import ask_notice
from connector.exports.parts import ExportWithdrawn, Keeping, drop_parts
from connector.exports.tables import table_of, taken_tables
from privacy.core.db.locks import AdvisoryLock
from privacy.core.db.work import Actor, UnitOfWork, unit_of_work
from privacy.core.errors import Unavailable
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.errors import DayEnded, OpenError
from privacy.vault.keys import DayKey
from tenants.desks import Desk
from tenants.tenants.views import get_tenant

KEPT: Final = timedelta(days=7)
"""How long an export waits to be fetched."""
_TRIES: Final = 3
_ALONE = text("SELECT pg_advisory_xact_lock(:lock, hashtext(:tenant))")


class ExportDisturbed(Unavailable):
    """People were erased again and again while it was made; it is begun anew later."""

    code = "export_disturbed"
    message = "The export was disturbed by erasures. It will be made anew."


@dataclass(frozen=True)
class Making:
    """One export of one tenant. `schema`: the revision of the database."""

    desk: Desk
    tenant_id: uuid.UUID
    actor: Actor
    export_id: uuid.UUID
    schema: str

    def work(self) -> Any:
        """A unit of work of the tenant."""
        return unit_of_work(self.desk.engine, tenant_id=self.tenant_id, actor=self.actor)


def make_export(making: Making) -> bool:
    """Make it; killed anywhere, it is simply made anew. Returns whether there was one to make.

    Raises:
        ExportDisturbed: erasures came in between each time.
        OpenError: a row was changed outside the service.
    """
    for _ in range(_TRIES):
        try:
            return _once(making)
        except ExportWithdrawn:
            continue
    raise ExportDisturbed


def fail_export(making: Making, *, code: str) -> None:
    """It cannot be made: say why, and keep nothing of it."""
    with making.work() as work:
        over = _mine(making).where(TenantExport.state.in_(UNDER_WAY))
        values = {"state": ExportState.FAILED.value, "failure_code": code}
        if work.connection.execute(over.values(values)).rowcount:
            drop_parts(work, making.export_id)
            record(work, Event.EXPORT_FAILED, subject=making.export_id, facts={"code": code})
            _say(making, work)


def _once(making: Making) -> bool:
    with ExitStack() as stack:
        with making.work() as work:
            began_at = _begin(making, work)
            if began_at is None:
                return False
            snapshot = making.desk.engine.execution_options(isolation_level="REPEATABLE READ")
            reading: UnitOfWork = stack.enter_context(
                unit_of_work(snapshot, tenant_id=making.tenant_id, actor=making.actor)
            )
        keeping = Keeping(making.work, making.desk.ring, making.export_id, began_at)
        _expect(making, began_at, _total(reading))
        contents = _gather(making, reading, keeping)
    _finish(making, keeping, contents)
    return True


def _begin(making: Making, work: UnitOfWork) -> datetime | None:
    """Alone with the erasures: see the trigger `withdraw_exports`."""
    given = {"lock": AdvisoryLock.EXPORTS.value, "tenant": str(making.tenant_id)}
    work.connection.execute(_ALONE, given)
    moved = (
        _mine(making)
        .where(TenantExport.state.in_(UNDER_WAY))
        .values(
            state=ExportState.RUNNING.value,
            began_at=func.clock_timestamp(),
            rows_done=0,
            size=0,
            failure_code=None,
        )
        .returning(TenantExport.began_at)
    )
    began_at: datetime | None = work.connection.execute(moved).scalar()
    drop_parts(work, making.export_id)
    return began_at


def _expect(making: Making, began_at: datetime, total: int) -> None:
    with making.work() as work:
        mine = _mine(making).where(TenantExport.began_at == began_at)
        work.connection.execute(mine.values(rows_total=total))


def _total(reading: UnitOfWork) -> int:
    tables = [table for table, _ in taken_tables()]
    return sum(count_rows(reading, one) for one in (*tables, table_of("calls")))


def _gather(making: Making, reading: UnitOfWork, keeping: Keeping) -> dict[str, Any]:
    ring = making.desk.ring
    attached = list[str]()
    for table, _ in taken_tables():
        path = f"{RECORDS}{table.name}.jsonl"
        keeping.keep(path, lines_of(reading, ring, table, attached.append), table=table.name)
    suppressed = Suppressed(reading, ring)
    keeping.keep(f"{RECORDS}suppressions.jsonl", suppressed.lines(), table="suppressions")
    people = people_of(making.desk, work=reading, actor=making.actor)
    keeping.keep(f"{RECORDS}people.jsonl", people, table="memberships")
    for key, ends_at in _days(reading, making):
        _keep_day(reading, keeping, key, ends_at)
    for path in attached:
        keeping.keep(path, iter([attachment(reading, ring, path)]), table="attachments")
    left = {
        "erased_records": count_rows(reading, table_of("erased_records")),
        "suppressions": count_rows(reading, table_of("suppressions")) - suppressed.found,
    }
    return {
        "schema": making.schema,
        "snapshot_at": reading.now.isoformat(),
        "tenant": msgspec.to_builtins(_origin(reading)),
        "members": msgspec.to_builtins(keeping.members),
        "left_behind": {name: count for name, count in left.items() if count},
    }


def _days(reading: UnitOfWork, making: Making) -> Iterator[tuple[DayKey, datetime]]:
    kept = kept_days(reading)
    days = select(Call.day).where(Call.tenant_id == reading.tenant_id).distinct()
    having = set(reading.session.scalars(days))
    keys = call_keys(reading, making.desk.ring, kept, first=kept.oldest, last=date.max)
    for day, key in sorted(keys.items()):
        if day in having:
            yield key, kept.ends(day)


def _keep_day(reading: UnitOfWork, keeping: Keeping, key: DayKey, ends_at: datetime) -> None:
    """A day that ends meanwhile is left out: what was kept of it nobody can open any more."""
    path = f"{CALLS}{key.day.isoformat()}.jsonl"
    try:
        keeping.keep(path, calls_of(reading, key), table="calls", day=key.day, ends_at=ends_at)
    except (DayEnded, OpenError):
        if key.alive():
            raise
        keeping.drop_day(key.day)


def _origin(reading: UnitOfWork) -> Origin:
    """As it lies aside: the name, which is sealed everywhere else, comes when it is fetched."""
    row = get_tenant(reading)
    return Origin(
        id=str(row.tenant_id),
        name="",
        services=list(row.services),
        mfa_required=row.mfa_required,
        retention_days_calls=row.retention_days_calls,
    )


def _finish(making: Making, keeping: Keeping, contents: dict[str, Any]) -> None:
    with making.work() as work:
        mine = _mine(making).where(
            TenantExport.state == ExportState.RUNNING.value,
            TenantExport.began_at == keeping.began_at,
        )
        ready = mine.values(
            state=ExportState.READY.value,
            ready_at=work.now,
            expires_at=work.now + KEPT,
            rows_done=keeping.rows,
            size=sum(one.size for one in keeping.members),
            contents=contents,
            table_now=None,
        )
        if work.connection.execute(ready).rowcount != 1:
            raise ExportWithdrawn
        facts = {"rows": keeping.rows, "files": len(keeping.members)}
        record(work, Event.EXPORT_MADE, subject=making.export_id, facts=facts)
        _say(making, work)


def _say(making: Making, work: UnitOfWork) -> None:
    place = (making.tenant_id, making.export_id)
    ask_notice(work, work.session.get_one(TenantExport, place, populate_existing=True))


def _mine(making: Making) -> Any:
    return update(TenantExport).where(
        TenantExport.tenant_id == making.tenant_id, TenantExport.id == making.export_id
    )
