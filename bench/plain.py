"""The yardstick Y: what an application without encryption would do, as fast as it can.

Typed decode and binary COPY of the same records in plain text, into a table that is partitioned
alike and has the same key and btrees, committed per batch. No row-level security (COPY is
refused under it), no ledger, no de-duplication, no counts; as the table's owner.
"""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec
import psycopg

from bench.sites import Site
from jobs.embedded.roles import DATABASE, OWNER, libpq_url

_TABLE: Final = """
CREATE TABLE plain_calls (
    tenant_id uuid NOT NULL, day date NOT NULL, id uuid NOT NULL, account_id uuid NOT NULL,
    direction text NOT NULL, caller text, called text, user_id text, contact_person text,
    company text, started_at timestamptz NOT NULL, answered_at timestamptz, ended_at timestamptz,
    PRIMARY KEY (tenant_id, day, id)
) PARTITION BY LIST (day);
CREATE INDEX ON plain_calls (tenant_id, caller) WHERE caller IS NOT NULL;
CREATE INDEX ON plain_calls (tenant_id, called) WHERE called IS NOT NULL;
CREATE INDEX ON plain_calls (tenant_id, user_id) WHERE user_id IS NOT NULL;
"""
_COPY: Final = "COPY plain_calls FROM STDIN (FORMAT BINARY)"
_TYPES: Final = (
    *("uuid", "date", "uuid", "uuid", "text", "text", "text", "text", "text", "text"),
    *("timestamptz", "timestamptz", "timestamptz"),
)


class PlainCall(msgspec.Struct, gc=False):
    """One record of the API, typed."""

    source_id: uuid.UUID
    direction: str
    caller: str | None
    called: str | None
    user_id: str | None
    contact_person: str | None
    company: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None


class Plain:
    """A connection of the owner, and its table."""

    def __init__(self, site: Site) -> None:
        url = libpq_url(site.postgres.url(OWNER, DATABASE))
        self._connection = psycopg.connect(url)
        self._decoder = msgspec.json.Decoder(list[PlainCall])
        self._tenant, self._account = uuid.uuid4(), uuid.uuid4()

    def create(self) -> None:
        """Make the table, with partitions for the days that are kept."""
        self._connection.execute(_TABLE.encode())
        today = datetime.now(UTC).date()
        for day in (today + timedelta(days=n) for n in range(-31, 2)):
            name = f"plain_calls_{day:%Y_%m_%d}"
            statement = f"CREATE TABLE {name} PARTITION OF plain_calls FOR VALUES IN ('{day}')"
            self._connection.execute(statement.encode())
        self._connection.commit()

    def ingest(self, body: bytes) -> None:
        """One batch from JSON to committed."""
        calls = self._decoder.decode(body)
        with self._connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.set_types(_TYPES)
            for call in calls:
                copy.write_row(self._row(call))
        self._connection.commit()

    def close(self) -> None:
        """Leave."""
        self._connection.close()

    def _row(self, call: PlainCall) -> tuple[object, ...]:
        day: date = call.started_at.date()
        return (
            self._tenant, day, call.source_id, self._account,
            call.direction, call.caller, call.called, call.user_id, call.contact_person,
            call.company, call.started_at, call.answered_at, call.ended_at,
        )  # fmt: skip
