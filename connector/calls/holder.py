"""Calls of a person, on either side, over all days whose keys live.

A call has two parties. What is given out names the other one only where that is the tenant's own
number: the called one of an inbound call, the caller of an outbound one. Names are those of the
end that is not the tenant's, so they are given to that end only; who answered is given to nobody.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sqlalchemy import func, select, text

from connector.calls.cursors import Cursor
from connector.calls.keeping import call_keys, kept_days
from connector.calls.models import CallSource
from connector.calls.pages import START, rows_by_number
from connector.calls.shapes import CallRecord
from connector.calls.views import CallView, open_rows
from privacy.core.db.arrays import Dates, Uuids
from privacy.core.db.work import UnitOfWork
from privacy.subjects.holders import Erased, HeldRecord, Subject
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index

MASKED: Final = "another person's number"
_BATCH: Final = 1000
_WHICH = (
    "WHERE tenant_id = :tenant AND (day, {column}) IN "
    "(SELECT * FROM unnest(CAST(:days AS date[]), CAST(:ids AS uuid[])))"
)
_SOURCES = text("DELETE FROM call_sources " + _WHICH.format(column="call_id"))
_CALLS = text("DELETE FROM calls " + _WHICH.format(column="id"))


class CallHolder:
    """Call records, and what they were read from."""

    name = "calls"
    title = "Calls"
    tables = frozenset({"calls", "call_sources"})
    recipients: tuple[str, ...] = ()

    def find(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> int:
        """See privacy.subjects.holders.Holder."""
        return sum(1 for _ in _calls(work, vault, subject))

    def collect(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterable[HeldRecord]:
        """See privacy.subjects.holders.Holder."""
        found = list(_calls(work, vault, subject))
        for at in range(0, len(found), _BATCH):
            some = found[at : at + _BATCH]
            documents = _documents(work, some)
            for view in some:
                fields = _fields(view.record, subject.phone)
                fields["source_documents"] = documents.get(view.id, 0)
                until = view.destroyed_at.date().isoformat()
                yield HeldRecord(fields, "the telephone system", until=until, day=view.day)

    def erase(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Erased:
        """Both rows and documents; a late delivery of the same call is a new one."""
        found = list(_calls(work, vault, subject))
        for at in range(0, len(found), _BATCH):
            some = found[at : at + _BATCH]
            given = {
                "tenant": work.tenant_id,
                "days": Dates.of([view.day for view in some]),
                "ids": Uuids.of([view.id.bytes for view in some]),
            }
            work.connection.execute(_SOURCES, given)
            work.connection.execute(_CALLS, given)
        return Erased(len(found))


def _calls(work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterator[CallView]:
    if not subject.phone:
        return
    kept = kept_days(work)
    keys = call_keys(work, vault, kept, first=kept.oldest, last=work.today.max)
    message = subject.phone.encode("utf-8", "surrogatepass")
    tokens = {day: key.index(Index.NUMBER).token(message) for day, key in keys.items()}
    after = START
    while tokens:
        rows = rows_by_number(work, tokens, after, _BATCH)
        for view in open_rows(work, keys, kept, rows):
            if subject.phone in (view.record.caller, view.record.called):
                yield view
        if len(rows) < _BATCH:
            return
        after = Cursor(rows[-1].day, rows[-1].slot, rows[-1].id)


def _fields(call: CallRecord, own: str) -> dict[str, object]:
    outside = _outside(call)
    theirs = outside == own
    return {
        "direction": call.direction,
        "caller": _shown(call.caller, own, is_tenants=call.direction == "outbound"),
        "called": _shown(call.called, own, is_tenants=call.direction == "inbound"),
        "contact_person": call.contact_person if theirs else None,
        "company": call.company if theirs else None,
        "started_at": call.started_at.isoformat(),
        "answered_at": call.answered_at.isoformat() if call.answered_at else None,
        "ended_at": call.ended_at.isoformat() if call.ended_at else None,
    }


def _outside(call: CallRecord) -> str | None:
    """The end that is not the tenant's."""
    if call.direction == "internal":
        return None
    return call.caller if call.direction == "inbound" else call.called


def _shown(number: str | None, own: str, *, is_tenants: bool) -> str | None:
    if number is None or number == own or is_tenants:
        return number
    return MASKED


def _documents(work: UnitOfWork, views: Sequence[CallView]) -> dict[uuid.UUID, int]:
    """How many documents of exchanges each was read from: they say the same, of both parties."""
    counted = (
        select(CallSource.call_id, func.count())
        .where(
            CallSource.day.in_({view.day for view in views}),
            CallSource.call_id.in_([view.id for view in views]),
        )
        .group_by(CallSource.call_id)
    )
    return {row[0]: row[1] for row in work.session.execute(counted)}
