"""A database with a row of Alice's and one of Charlie's in every table that has tenants."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from tests.installations import Installation
from tests.rows import RowMaker

ALICE = uuid.UUID("0198c0de-0000-7000-8000-00000000a11c")
CHARLIE = uuid.UUID("0198c0de-0000-7000-8000-0000000c4a51")
DENIED = "42501"
"""Insufficient privilege; row-level security refuses with the same code."""

_WITH_TENANT = (
    "SELECT 1 FROM pg_attribute WHERE attrelid = CAST(:table AS regclass) "
    "AND attname = 'tenant_id' AND NOT attisdropped"
)


class Filled:
    """Rows that are really committed, and connections of each role to look for them."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self._superuser = installation.superuser()
        with self._superuser.begin() as connection:
            for tenant in (ALICE, CHARLIE):
                tables = RowMaker(connection, tenant).fill()
            self.tables = [t for t in tables if has_tenant(connection, t)]
        with self._superuser.begin() as connection:
            connection.execute(text("ANALYZE"))

    def count(self, table: str, tenant: uuid.UUID) -> int:
        """Rows of a tenant, as the superuser counts them."""
        with self._superuser.connect() as connection:
            counted = text(f"SELECT count(*) FROM {table} WHERE tenant_id = :tenant")
            return int(connection.execute(counted, {"tenant": tenant}).scalar_one())

    @contextmanager
    def superuser(self) -> Iterator[Connection]:
        """Past every wall; rolled back."""
        with self._superuser.connect() as connection:
            yield connection

    @contextmanager
    def bound(self, tenant: uuid.UUID, *, role: str = "app") -> Iterator[Connection]:
        """A transaction of `role` bound to `tenant`, on a connection of its own; rolled back."""
        with self.engine(role).connect() as connection:
            bind(connection, tenant)
            yield connection

    def engine(self, role: str) -> Engine:
        """The engine of a role: app, owner, relay, keeper, sequencer."""
        engine: Engine = getattr(self.installation.engines, role)
        return engine


def bind(connection: Connection, tenant: uuid.UUID) -> None:
    """As the unit of work binds a tenant: until the transaction ends."""
    connection.execute(
        text("SELECT set_config('app.tenant_id', :tenant, true)"), {"tenant": str(tenant)}
    )


def refusal_of(connection: Connection, statement: str, **given: object) -> str:
    """The SQLSTATE with which PostgreSQL refuses; empty when it does not."""
    try:
        connection.execute(text(statement), given)
    except DBAPIError as error:
        return str(getattr(error.orig, "sqlstate", "unknown"))
    return ""


def has_tenant(connection: Connection, table: str) -> bool:
    """Whether rows of `table` belong to tenants."""
    return connection.execute(text(_WITH_TENANT), {"table": table}).first() is not None
