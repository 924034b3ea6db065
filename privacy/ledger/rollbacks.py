"""Whole rows put back to an older state (ATTACK 4).

A sealed value is bound to its row's version, so an older one does not open in a newer row. But
who puts back the whole row, version included, has values that open. So each new version is
witnessed in the ledger, and verification compares: a row may not be older than its witness.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy import Connection, TextClause, text

from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.findings import Finding, Problem
from privacy.ledger.record import record


@dataclass(frozen=True, slots=True)
class Versioned:
    """A column that counts a row's versions, in a tenant table whose rows have a uuid."""

    table: str
    column: str
    id_column: str = "id"

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.table}.{self.column}"

    def witness(self, work: UnitOfWork, *, row_id: uuid.UUID, version: int) -> None:
        """Say in the ledger that the row has this version from now on."""
        facts: dict[str, str | int] = {"of": self.name, "version": version}
        record(work, Event.VALUE_SEALED, subject=row_id, facts=facts)


# A tampered event must end in a finding, not in an error of its own.
_VERSION = (
    "CASE WHEN jsonb_typeof(facts->'version') = 'number' THEN CAST(facts->'version' AS bigint) END"
)

_registered: dict[str, Versioned] = {}


def register(versioned: Versioned) -> Versioned:
    """Have verification compare it. Call where the table is mapped."""
    _registered[versioned.name] = versioned
    return versioned


def find_rollbacks(connection: Connection, *, tenant_id: uuid.UUID) -> list[Finding]:
    """Rows of a tenant that are older than the ledger says; `connection`: app role, bound."""
    return [
        Finding(Problem.ROLLED_BACK, row.position, row.event_id)
        for one in _registered.values()
        for row in connection.execute(
            _older(one), {"tenant": tenant_id, "event": Event.VALUE_SEALED.value, "of": one.name}
        )
    ]


def _older(versioned: Versioned) -> TextClause:
    return text(
        f"""
        SELECT w.event_id, l.position FROM (
            SELECT DISTINCT ON (subject) subject, id AS event_id,
                {_VERSION} AS version
            FROM ledger_events
            WHERE tenant_id = :tenant AND event = :event AND facts->>'of' = :of
            ORDER BY subject, {_VERSION} DESC NULLS LAST
        ) w
        JOIN {versioned.table} t
            ON t.tenant_id = :tenant AND CAST(t.{versioned.id_column} AS text) = w.subject
        LEFT JOIN ledger_links l ON l.tenant_id = :tenant AND l.event_id = w.event_id
        WHERE t.{versioned.column} < w.version
        """
    )
