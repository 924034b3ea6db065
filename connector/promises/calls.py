"""Probes of call data: its days, its fields, what it was read from, what is counted of it."""

from datetime import timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import text

from connector.calls.keeping import KIND, SERVICE, call_keys, kept_days
from connector.calls.views import open_rows
from privacy.core.db.work import UnitOfWork
from privacy.profiles.derived import derived_profile
from privacy.promises.outcomes import Finding, judge
from privacy.promises.probes import (
    SAMPLE,
    InstallationProbe,
    Premises,
    Probe,
    TenantProbe,
    counting,
)
from privacy.vault.errors import OpenError

_OLDEST = text(
    "SELECT count(*) AS seen, count(*) FILTER (WHERE day < :first) AS wrong, min(day) AS oldest "
    "FROM calls WHERE tenant_id = :tenant"
)
_LATEST = text(
    "SELECT id, day, slot, account_id, version, sealed FROM calls WHERE tenant_id = :tenant "
    "AND day = :day ORDER BY slot DESC, id DESC LIMIT :most"
)
_DAYS = text(
    "SELECT DISTINCT day FROM calls WHERE tenant_id = :tenant AND day >= :first "
    "ORDER BY day DESC LIMIT 3"
)
_SOURCES = """
SELECT count(*) AS seen, count(*) FILTER (WHERE NOT EXISTS (
    SELECT FROM calls c WHERE c.tenant_id = s.tenant_id AND c.day = s.day AND c.id = s.call_id))
    AS wrong
FROM call_sources s WHERE s.tenant_id = :tenant
"""
_COLUMNS = text(
    "SELECT attname FROM pg_attribute WHERE attrelid = 'call_tallies'::regclass AND attnum > 0 "
    "AND NOT attisdropped"
)
COUNTED: Final = frozenset(
    {"tenant_id", "day", "account_id", "direction", "shard", "calls", "seconds"}
)


def calls_end(work: UnitOfWork, _: Premises) -> Finding:
    """Rows of days that are over; a day of grace, for rows go after their key."""
    kept = kept_days(work)
    given = {"tenant": work.tenant_id, "first": kept.oldest - timedelta(days=1)}
    row = work.connection.execute(_OLDEST, given).one()
    return judge(seen=row.seen, wrong=row.wrong, oldest_call=row.oldest, days=kept.keep)


def calls_are_declared(work: UnitOfWork, premises: Premises) -> Finding:
    """The latest calls open, and have declared fields only."""
    declared, kept = derived_profile(work, SERVICE).declared_fields(KIND), kept_days(work)
    given: dict[str, Any] = {"tenant": work.tenant_id, "first": kept.oldest, "most": SAMPLE}
    seen = wrong = 0
    for day in list(work.connection.execute(_DAYS, given).scalars()):
        keys = call_keys(work, premises.vault, kept, first=day, last=day)
        for row in work.connection.execute(_LATEST, given | {"day": day}).all():
            seen += 1
            try:
                views = open_rows(work, keys, kept, [row])
            except (OpenError, msgspec.DecodeError):
                wrong += 1
                continue
            wrong += any(_filled(view.record) - declared for view in views)
    return judge(seen=seen, wrong=wrong)


def _filled(record: Any) -> set[str]:
    fields = msgspec.structs.fields(record)
    return {field.name for field in fields if getattr(record, field.name) is not None}


def tallies_count_only(premises: Premises) -> Finding:
    """The live table of counts has no column that could name somebody."""
    with premises.engines.app.connect() as connection:
        live = set(connection.execute(_COLUMNS).scalars())
    return judge(seen=len(live), wrong=len(live - COUNTED))


PROBES: tuple[Probe, ...] = (
    TenantProbe("A8", "calls_are_declared", calls_are_declared),
    counting("A8", "documents_have_calls", text(_SOURCES)),
    TenantProbe("B1", "calls_end", calls_end),
    InstallationProbe("B5", "tallies_count_only", tallies_count_only),
)
