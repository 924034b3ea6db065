"""Who is left to be informed, and until when: a month after we got the data (Art. 14(3)(a)).

Nothing of this is stored: a contact's month begins when it was first seen, and that of the
people behind a system's calls with the oldest day that is kept. Only decisions are rows.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, text

from connector.contacts.shelf import CONTACTS
from connector.synced.views import open_column
from privacy.core.db.work import UnitOfWork
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring

PAGE: Final = 50
_OPEN = (
    "FROM contacts c WHERE c.tenant_id = :tenant AND c.state = 'living' AND NOT EXISTS ("
    "SELECT FROM informings i WHERE i.tenant_id = c.tenant_id AND i.kind = 'contact' "
    "AND i.ref = c.id)"
)
_CONTACTS: Final = text(
    "SELECT c.id, c.version, c.sealed, (c.first_seen_at AT TIME ZONE 'UTC' "
    f"+ interval '1 month')::date AS due {_OPEN} ORDER BY c.first_seen_at, c.id LIMIT :limit"
)
_COUNT: Final = text(
    "SELECT count(*) AS open, count(*) FILTER (WHERE (c.first_seen_at AT TIME ZONE 'UTC' "
    f"+ interval '1 month')::date < :today) AS late {_OPEN}"
)
_CALLS: Final = text(
    "SELECT a.id, a.name, sum(t.calls) AS calls, min(t.day) AS oldest, "
    "(min(t.day) + interval '1 month')::date AS due, i.state, i.how, i.decided_at "
    "FROM connector_accounts a "
    "JOIN call_tallies t ON t.tenant_id = a.tenant_id AND t.account_id = a.id "
    "LEFT JOIN informings i ON i.tenant_id = a.tenant_id AND i.kind = 'calls' AND i.ref = a.id "
    "WHERE a.tenant_id = :tenant AND a.deleted_at IS NULL "
    "GROUP BY a.id, a.name, i.state, i.how, i.decided_at ORDER BY a.name, a.id"
)


@dataclass(frozen=True, slots=True)
class ContactToInform:
    """A contact that nobody has informed yet."""

    id: uuid.UUID
    name: str = field(repr=False)
    due_on: date


@dataclass(frozen=True, slots=True)
class CallsToInform:
    """The people behind the calls of one system; `state` None: nobody has decided."""

    account_id: uuid.UUID
    name: str
    calls: int
    oldest: date
    due_on: date
    state: str | None
    how: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToInform:
    """One look. `open` and `late` count all contacts, `contacts` are those that are due first."""

    open: int
    late: int
    contacts: Sequence[ContactToInform]
    calls: Sequence[CallsToInform]


def people_to_inform(work: UnitOfWork, vault: Keyring) -> ToInform:
    """Of the bound tenant; said in the ledger, for names are shown."""
    given = {"tenant": work.tenant_id, "today": work.today, "limit": PAGE}
    counted = work.connection.execute(_COUNT, given).one()
    rows = work.connection.execute(_CONTACTS, given).all()
    facts: dict[str, Fact] = {"found": len(rows), "of": "people_to_inform"}
    record(work, Event.RECORDS_LOOKED_THROUGH, facts=facts)
    calls = [CallsToInform(*row) for row in work.connection.execute(_CALLS, given)]
    return ToInform(counted.open, counted.late, _named(work, vault, rows), calls)


def _named(work: UnitOfWork, vault: Keyring, rows: Sequence[Row[Any]]) -> list[ContactToInform]:
    values = [(row.id.bytes, row.version, row.sealed) for row in rows]
    plain = open_column(work, vault, CONTACTS, values)
    return [
        ContactToInform(row.id, CONTACTS.decode(text).record.name or "", row.due)
        for row, text in zip(rows, plain, strict=True)
    ]
