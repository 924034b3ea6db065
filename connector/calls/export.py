"""Export a tenant's calls of a time range, however many, in flat memory.

Two units of work: the first says the export in the ledger and commits before a byte leaves; the
second streams, day after day, from a cursor of the database.
"""

import uuid
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import text

from connector.calls.exported import ExportForm, Write, exported, head_of, writer_of
from connector.calls.keeping import KeptDays, call_key, call_keys, kept_days
from connector.calls.objected import Objectors
from connector.calls.queries import Query
from connector.calls.rows import place_of
from connector.calls.shapes import CallRecord, decode_record
from connector.calls.withheld import is_restricted, willing_calls, without_people
from privacy.core.db.work import ActorKind, UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.restrictions.standing import restricted
from privacy.suppressions.uses import OBJECTABLE, Use
from privacy.vault.keyring import Keyring
from privacy.vault.keys import DayKey
from privacy.vault.labels import Index
from privacy.vault.sealing import open_many

AT_ONCE: Final = 2_000
"""Calls in memory."""

_COUNT = text(
    "SELECT count(*) FROM calls WHERE tenant_id = :tenant AND day = ANY (CAST(:days AS date[]))"
)
_ROWS: Final = """
SELECT id::text, account_id::text, uuid_send(id), version, sealed FROM calls
WHERE tenant_id = %s AND day = %s AND slot BETWEEN %s AND %s
"""

Columns = tuple[str, str, bytes, int, bytes]
Placed = tuple[tuple[str, str], CallRecord]
"""Ids of a call and of its account, and the call."""

Naming = Callable[[Sequence[CallRecord]], Sequence[tuple[CallRecord, uuid.UUID | None]]]
"""Calls with names, each beside the contact that they are from."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an export is for, and who is left out of it."""

    work: UnitOfWork
    vault: Keyring
    use: Use

    def meant(self, calls: Sequence[Placed]) -> Sequence[Placed]:
        """Calls of people who may be reached for the use."""
        if self.use not in OBJECTABLE:
            return calls
        records = [call for _, call in calls]
        return willing_calls(self.work, self.vault, calls, records, use=self.use)

    def hidden(self, calls: Sequence[Placed]) -> list[bool]:
        """Which of them have a restricted person on either side."""
        standing = restricted(self.work, self.vault)
        return [is_restricted(call, standing) for _, call in calls]


@dataclass(frozen=True, slots=True)
class Lines:
    """What makes lines of calls."""

    write: Write
    names: Naming | None
    objectors: Objectors
    reading: Reading

    def of(self, calls: Sequence[Placed], day: date, ends: datetime) -> bytes:
        """The lines of calls of one day, without those of people who objected to the use."""
        calls = self.reading.meant(calls)
        hidden = self.reading.hidden(calls)
        records = [
            without_people(call) if hide else call
            for (_, call), hide in zip(calls, hidden, strict=True)
        ]
        named = self.names(records) if self.names else [(call, None) for call in records]
        objected = self.objectors.of(records)
        return self.write(
            [
                exported(place, call, day, ends, contact, do_not_call=bool(said), restricted=hide)
                for (place, _), (call, contact), said, hide in zip(
                    calls, named, objected, hidden, strict=True
                )
            ]
        )


def say_export(work: UnitOfWork, *, vault: Keyring, query: Query, form: ExportForm) -> int:
    """Record the export. Commit before `export_calls` begins.

    Args:
        query: the count is of its time range; number and user make it fewer.

    Returns:
        How many calls the days of the range hold, which is the most that can come.
    """
    query.check()
    days = list(_keys(work, vault, kept_days(work), query))
    given = {"tenant": work.tenant_id, "days": days}
    count = int(work.connection.execute(_COUNT, given).scalar_one())
    facts = {"form": form.value, "days": len(days), "most": count}
    by_key = work.actor.kind is ActorKind.API_KEY
    event = Event.CALLS_FETCHED if by_key else Event.CALLS_EXPORTED
    record(work, event, facts=facts, commitment=_proof(work, vault, query))
    return count


def export_calls(
    work: UnitOfWork, *, vault: Keyring, query: Query, form: ExportForm, names: Naming | None = None
) -> Generator[bytes]:
    """The calls that `query` means, oldest day first, in parts of whole lines.

    Args:
        names: gives names to the calls of a part that came without; by default none are given.

    Raises:
        Invalid: nothing can be found by it.
        OpenError: a stored call was changed outside the service.
    """
    query.check()
    yield head_of(form)
    kept = kept_days(work)
    reading = Reading(work, vault, query.use)
    lines = Lines(writer_of(form), names, Objectors(work, vault), reading)
    for _, key in sorted(_keys(work, vault, kept, query).items()):
        yield from _day(work, key, kept, query, lines)


def _proof(work: UnitOfWork, vault: Keyring, query: Query) -> bytes:
    """A commitment to what was asked; its key is today's, as with a search."""
    parts = [f"{query.since}/{query.until}"]
    parts += [] if query.only_time else [query.identity or "", query.user_id or ""]
    asked = "/".join(parts).encode("utf-8", "surrogatepass")
    return call_key(work, vault, work.today).index(Index.COMMITMENT).digest(asked)


def _keys(work: UnitOfWork, vault: Keyring, kept: KeptDays, query: Query) -> Mapping[date, DayKey]:
    return call_keys(work, vault, kept, first=query.first_day, last=query.last_day)


def _day(
    work: UnitOfWork, key: DayKey, kept: KeptDays, query: Query, lines: Lines
) -> Iterator[bytes]:
    day, ends = key.day, kept.ends(key.day)
    whole = query.only_time and query.first_day < day < query.last_day
    for rows in _parts(work, day, query.slots_of(day)):
        if not key.alive():
            return
        aads = place_of(work.tenant_id).aads([row[2] for row in rows], [row[3] for row in rows])
        texts = open_many(key, aads, [row[4] for row in rows])
        records = map(decode_record, texts)
        meant = [
            ((row[0], row[1]), call)
            for row, call in zip(rows, records, strict=True)
            if whole or query.matches(call)
        ]
        yield lines.of(meant, day, ends)


def _parts(work: UnitOfWork, day: date, slots: tuple[int, int]) -> Iterator[list[Columns]]:
    """Rows of a day from a cursor that the database holds."""
    with work.driver.cursor("export", binary=True) as cursor:
        cursor.execute(_ROWS, (work.tenant_id, day, *slots))
        while rows := cursor.fetchmany(AT_ONCE):
            yield rows
