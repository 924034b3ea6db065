"""A ledger in a real database, with real commits, and hands that can do what nobody may."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from privacy.core.db.work import Actor, ActorKind, UnitOfWork, unit_of_work
from privacy.ledger.anchors import DirectoryAnchors
from privacy.ledger.events import Event
from privacy.ledger.findings import Report
from privacy.ledger.record import record
from privacy.ledger.sequencer import sequence
from privacy.ledger.signing import Signer, load_signer
from privacy.ledger.verify import verify_all
from tests.installations import Installation

ALICE = uuid.UUID("01890000-0000-7000-8000-00000000000a")
BRUNO = uuid.UUID("01890000-0000-7000-8000-00000000000b")
ACTOR = Actor(ActorKind.USER, uuid.UUID("01890000-0000-7000-8000-0000000000aa"))

EVENT_CHANGE = (
    "UPDATE ledger_events e SET {change} FROM ledger_links l "
    "WHERE l.position = :at AND l.event_id = e.id"
)
LINK_CHANGE = "UPDATE ledger_links SET {change} WHERE position = :at"
"""Changes of the row at one position of a chain."""


def mask(content: bytes) -> bytes:
    """Stands for the root key's wrapping; its own inverse."""
    return bytes(byte ^ 0x5A for byte in content)


@dataclass
class Ledger:
    """What the tests act on."""

    installation: Installation
    signer: Signer
    anchors: DirectoryAnchors

    @contextmanager
    def work(self, tenant_id: uuid.UUID = ALICE) -> Iterator[UnitOfWork]:
        """A transaction of the application."""
        app = self.installation.engines.app
        with unit_of_work(app, tenant_id=tenant_id, actor=ACTOR) as work:
            yield work

    def record(self, count: int = 1, tenant_id: uuid.UUID = ALICE) -> list[uuid.UUID]:
        """Commit events."""
        with self.work(tenant_id) as work:
            return [
                record(
                    work, Event.CALLS_INGESTED, subject="batch", facts={"count": n, "live": True}
                )
                for n in range(count)
            ]

    def sequence(self, limit: int = 5_000) -> int:
        """One run of the sequencer."""
        return sequence(self.installation.engines.sequencer, self.signer, self.anchors, limit=limit)

    def verify(self, tenant_id: uuid.UUID = ALICE, patience: float = 60.0) -> Report:
        """One tenant's report, out of a verification of all, with anchors read afresh."""
        return self.reports(patience)[tenant_id]

    def reports(self, patience: float = 60.0) -> dict[uuid.UUID, Report]:
        """Every tenant's report."""
        fresh = DirectoryAnchors(self.installation.settings.anchor_folder)
        engine = self.installation.engines.sequencer
        found = verify_all(engine, self.signer.identity, fresh, patience=patience)
        return {report.tenant_id: report for report in found}

    @contextmanager
    def superuser(self) -> Iterator[Connection]:
        """The hands of a database administrator."""
        with self.installation.superuser().begin() as connection:
            yield connection

    def tamper(self, statement: str, **given: object) -> int:
        """Do what only a superuser can, committed."""
        with self.superuser() as connection:
            return connection.execute(text(statement), given).rowcount


def make_ledger(installation: Installation) -> Ledger:
    """A ledger with keys and anchors of its own."""
    folder: Path = installation.settings.keys_folder
    signer = load_signer(folder, wrap=mask, unwrap=mask, pinned=None)
    return Ledger(installation, signer, DirectoryAnchors(installation.settings.anchor_folder))


def kept_rows(ledger: Ledger, statement: str) -> list[dict[str, object]]:
    """What a database administrator would copy away, to put it back later."""
    with ledger.superuser() as connection:
        return [dict(row) for row in connection.execute(text(statement)).mappings()]
