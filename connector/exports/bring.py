"""Bring an archive in: everything sealed anew under this installation's keys, batch by batch.

It was read to its last byte before (walk.check_archive). Each batch is a transaction and meets
itself when it comes again, so that a killed import is simply begun anew, and the same archive
twice changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import IO, Any, Final

from sqlalchemy import Table

from connector.calls.keeping import kept_days
from connector.exports.bring_calls import bring_calls
from connector.exports.bring_rows import Batch, bring_rows
from connector.exports.decisions import TAKEN
from connector.exports.gone import Erased
from connector.exports.idmaps import IdMap
from connector.exports.layouts import ATTACHMENTS, CALLS, RECORDS, Manifest
from connector.exports.outcomes import Fate, Outcome
from connector.exports.rows import RowRead, read_row
from connector.exports.suppress import bring_suppressions
from connector.exports.tables import table_of
from connector.exports.walk import Files, attachment_of, lines
from privacy.core.db.work import UnitOfWork
from privacy.erasures.journals import Journal
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.errors import DayEnded
from privacy.vault.keyring import Keyring

AT_ONCE: Final = 200
OpenWork = Callable[[], AbstractContextManager[UnitOfWork]]
OnFile = Callable[[str], None]


@dataclass
class Bringing:
    """One import into one tenant. `open`: a unit of work of that tenant."""

    open: OpenWork
    vault: Keyring
    manifest: Manifest
    erased: Erased
    ids: IdMap
    outcome: Outcome = field(default_factory=Outcome)
    waiting: dict[str, tuple[Table, RowRead]] = field(default_factory=dict)
    """Rows whose attachment has not come yet, by its path."""

    def file(self, path: str, content: IO[bytes]) -> None:
        """Bring in what is in one file."""
        name = path.removeprefix(RECORDS).removesuffix(".jsonl")
        if path.startswith(CALLS):
            self._calls(date.fromisoformat(path[len(CALLS) : len(CALLS) + 10]), path, content)
        elif path.startswith(ATTACHMENTS):
            self._attachment(path, content)
        elif name == "suppressions":
            self._suppressions(path, content)
        elif name in TAKEN and not TAKEN[name].evidence:
            self._rows(table_of(name), path, content)
        elif path.startswith(RECORDS):
            self.outcome.add(name, Fate.EVIDENCE, sum(1 for _ in lines(path, content)))

    def _rows(self, table: Table, path: str, content: IO[bytes]) -> None:
        for some in _batches(lines(path, content)):
            rows = [read_row(table, one) for one in some]
            for row in rows:
                self.waiting |= dict.fromkeys(row.attached.values(), (table, row))
            self._write(table, [row for row in rows if not row.attached])

    def _attachment(self, path: str, content: IO[bytes]) -> None:
        table, row = self.waiting.pop(path, (None, None))
        if table is None or row is None:
            return
        [column] = row.attached
        row.sealed[column] = attachment_of(path, content)
        self._write(table, [row])

    def _write(self, table: Table, rows: list[RowRead]) -> None:
        batch = Batch(self.vault, self.manifest.snapshot_at, self.erased, self.ids, self.outcome)
        if rows:
            with self.open() as work:
                bring_rows(work, batch, table, rows)

    def _suppressions(self, path: str, content: IO[bytes]) -> None:
        for some in _batches(lines(path, content)):
            with self.open() as work:
                added = bring_suppressions(work, self.vault, some)
            self.outcome.add("suppressions", Fate.CREATED, added)
            self.outcome.add("suppressions", Fate.UNCHANGED, len(some) - added)

    def _calls(self, day: date, path: str, content: IO[bytes]) -> None:
        for some in _batches(lines(path, content)):
            if not self._day(day, some):
                self.outcome.add("calls", Fate.EXPIRED, len(some))
                if day not in self.outcome.expired_days:
                    self.outcome.expired_days.append(day)

    def _day(self, day: date, some: list[bytes]) -> bool:
        """Whether the day is still kept here, by this tenant's own retention."""
        try:
            with self.open() as work:
                if not kept_days(work).covers(day):
                    return False
                bring_calls(
                    work,
                    self.vault,
                    day=day,
                    lines=some,
                    erased=self.erased,
                    outcome=self.outcome,
                )
        except DayEnded:
            return False
        return True


def bring_archive(
    files: Files,
    manifest: Manifest,
    *,
    open_work: OpenWork,
    vault: Keyring,
    journal: Journal,
    on_file: OnFile = lambda _path: None,
) -> Outcome:
    """Bring in every file of an archive that was checked.

    Args:
        journal: what was erased here and lies in escrow.
        on_file: told of each file before it is read.

    Raises:
        EscrowFailed: nobody can say what was erased here; nothing is brought in.
        ArchiveDamaged: it changed since it was checked.
    """
    with open_work() as work:
        erased = Erased(work, journal)
    with IdMap() as ids:
        bringing = Bringing(open_work, vault, manifest, erased, ids)
        for path, content in files:
            on_file(path)
            bringing.file(path, content)
    _say(open_work, manifest, bringing.outcome)
    return bringing.outcome


def _say(open_work: OpenWork, manifest: Manifest, outcome: Outcome) -> None:
    """In the ledger, where anything came."""
    came = outcome.total(Fate.CREATED)
    if not came:
        return
    facts: dict[str, Any] = {
        "rows": came,
        "left": sum(outcome.total(one) for one in (Fate.ERASED, Fate.SUPPRESSED, Fate.EXPIRED)),
        "export": manifest.export_id,
    }
    with open_work() as work:
        record(work, Event.TENANT_IMPORTED, subject=work.tenant_id, facts=facts)


def _batches(found: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(found)
    while some := list(islice(rest, AT_ONCE)):
        yield some
