"""An installation seen through one transaction, in which promises can be broken on purpose."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, MetaData, text
from sqlalchemy.orm import Session

from migrations.metadata import metadata
from privacy.core import clock
from privacy.core.db.fence import fence
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, UnitOfWork
from privacy.core.settings import Settings
from privacy.promises.outcomes import Finding
from privacy.promises.probes import InstallationProbe, Probe, Visited
from privacy.vault.custody import Custody
from privacy.vault.keyring import Keyring
from tenants.http.headers import POLICY
from tenants.tenants.subscribed import subscribed_services
from tests.isolation.walls.world import World
from tests.rows import RowMaker


class _OneConnection:
    """In place of an engine: everybody looks through the same transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        yield self._connection

    begin = connect


class Trial:
    """Premises for probes. What is set here is what they see."""

    def __init__(self, world: World, connection: Connection) -> None:
        self.world = world
        self.connection = connection
        self.alice = world.town.alices
        self.tenants = [INSTALLATION_ID, self.alice]
        self.settings: Settings = world.installation.settings
        self.metadata: MetaData = metadata
        self.services: tuple[str, ...] | None = None
        self.page: Visited | None = None
        self.vault: Keyring = world.town.desk.ring
        self.custody: Custody = world.town.house.custody
        one: Any = _OneConnection(connection)
        self.engines: Any = SimpleNamespace(
            app=one, owner=one, relay=one, keeper=one, sequencer=one
        )
        connection.execute(text("SET LOCAL session_replication_role = replica"))

    @contextmanager
    def work_of(self, tenant_id: uuid.UUID) -> Iterator[UnitOfWork]:
        """A unit of work of a tenant within the transaction."""
        opened = Session(
            self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        with opened as session, session.begin():
            fence(session, tenant_id)
            yield UnitOfWork(session, tenant_id, SYSTEM, clock.database_now(self.connection), {})

    def services_of(self, work: UnitOfWork) -> tuple[str, ...]:
        """The tenant's services, unless the test says others."""
        return subscribed_services(work) if self.services is None else self.services

    def visit(self, path: str) -> Visited:
        """The page that the test says, or the real one."""
        if self.page is not None:
            return self.page
        answer = self.world.town.app.test_client(use_cookies=False).get(path)
        cookies = [line.partition("=")[0] for line in answer.headers.getlist("Set-Cookie")]
        return Visited(answer.status_code, tuple(cookies), POLICY, answer.get_data(as_text=True))

    def do(self, *statements: str) -> None:
        """Run SQL as the superuser; :alice and :house are tenants."""
        for statement in statements:
            known = {"alice": str(self.alice), "house": str(INSTALLATION_ID)}
            given = {key: value for key, value in known.items() if f":{key}" in statement}
            self.connection.execute(text(statement), given)

    def row(self, table: str, *changes: str, tenant: uuid.UUID | None = None) -> None:
        """A made-up row, and what is changed in it: `state = 'held'`."""
        self.connection.execute(text("SET LOCAL session_replication_role = replica"))
        own = tenant or self.alice
        RowMaker(self.connection, own, ids=uuid.uuid4()).insert(table)
        if changes:
            self.connection.execute(
                text(f"UPDATE {table} SET {', '.join(changes)} WHERE tenant_id = :own"),
                {"own": str(own)},
            )

    def look(self, probe: Probe, *, tenant: uuid.UUID | None = None) -> Finding:
        """What the probe finds now, of Alice's or of the house."""
        if isinstance(probe, InstallationProbe):
            return probe.look(self)
        with self.work_of(tenant or self.alice) as work:
            return probe.look(work, self)
