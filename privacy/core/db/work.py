"""The unit of work: one session, one transaction, one tenant for life.

The tenant is bound with a transaction-local setting that the row policies compare with, so a
connection that goes back to the pool carries nothing with it (ATTACK 38).
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from privacy.core import clock
from privacy.core.db.fence import fence

_BIND = text("SELECT set_config('app.tenant_id', :tenant, true), clock_timestamp()")
_LOOKUP = text("SELECT set_config('app.lookup_digest', :digest, true), clock_timestamp()")


class ActorKind(StrEnum):
    """Who can act."""

    USER = "user"
    API_KEY = "api_key"
    ACCOUNT = "account"
    JOB = "job"
    OPERATOR = "operator"
    SYSTEM = "system"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the ledger will say it: a kind and an id, never a name."""

    kind: ActorKind
    id: uuid.UUID | None = None


SYSTEM = Actor(ActorKind.SYSTEM)
NOBODY = Actor(ActorKind.NOBODY)


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """What a use case is given. It changes rows and never commits: the edge does."""

    session: Session
    tenant_id: uuid.UUID
    actor: Actor
    now: datetime

    @property
    def connection(self) -> Connection:
        """The same transaction, for Core statements and the bulk path."""
        return self.session.connection()

    @property
    def driver(self) -> psycopg.Connection[tuple[Any, ...]]:
        """The driver's own connection of this very transaction, for arrays and cursors."""
        driver = self.connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)  # noqa: S101 - for the type checker
        return driver

    @property
    def today(self) -> date:
        """The UTC day on which this transaction began, by the database's clock."""
        return self.now.date()


@contextmanager
def unit_of_work(engine: Engine, *, tenant_id: uuid.UUID, actor: Actor) -> Iterator[UnitOfWork]:
    """Open a transaction bound to `tenant_id`; commit at the end, roll back on any error."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        bound = session.connection().execute(_BIND, {"tenant": str(tenant_id)}).one()
        fence(session, tenant_id)
        yield UnitOfWork(session, tenant_id, actor, _shifted(bound[1]))


@contextmanager
def lookup(engine: Engine, *, digest: bytes) -> Iterator[Session]:
    """A transaction with no tenant, in which only directory rows of `digest` are visible."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        session.execute(_LOOKUP, {"digest": digest.hex()})
        yield session


def _shifted(moment: datetime) -> datetime:
    return moment.astimezone(UTC) + clock.offset()
