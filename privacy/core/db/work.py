"""The unit of work: one session, one transaction, one tenant for life.

The tenant is bound with a transaction-local setting that the row policies compare with, so a
connection that goes back to the pool carries nothing with it (ATTACK 38).
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from privacy.core import clock
from privacy.core.db.fence import fence
from privacy.core.db.questions import Answers, Question, S, ask_together

_BIND = "SELECT set_config('app.tenant_id', %s, true), clock_timestamp()"
_LOOKUP = text("SELECT set_config('app.lookup_digest', :digest, true), clock_timestamp()")


class ActorKind(StrEnum):
    """Who can act."""

    USER = "user"
    API_KEY = "api_key"
    ACCOUNT = "account"
    REGISTRANT = "registrant"
    JOB = "job"
    OPERATOR = "operator"
    SYSTEM = "system"
    MARKETPLACE = "marketplace"
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
    foreseen: Answers = field(default_factory=dict)

    @property
    def connection(self) -> Connection:
        """The same transaction, for Core statements and the bulk path."""
        return self.session.connection()

    @property
    def driver(self) -> psycopg.Connection[tuple[Any, ...]]:
        """The driver's own connection of this very transaction, for arrays and cursors."""
        return _driver_of(self.session)

    @property
    def today(self) -> date:
        """The UTC day on which this transaction began, by the database's clock."""
        return self.now.date()

    def ask(self, question: Question[S]) -> S | None:
        """What answers it, or None. What was foreseen is known already, but for one time only:
        whoever asks again may have changed something."""
        if question in self.foreseen:
            found: S | None = self.foreseen.pop(question)
            return found
        return question.put(self.driver)


@contextmanager
def unit_of_work(
    engine: Engine, *, tenant_id: uuid.UUID, actor: Actor, foreseen: Sequence[Question[Any]] = ()
) -> Iterator[UnitOfWork]:
    """Open a transaction bound to `tenant_id`; commit at the end, roll back on any error.

    Args:
        foreseen: what will be asked of the unit of work in any case; asked at once.
    """
    with Session(engine, expire_on_commit=False) as session, session.begin():
        driver = _driver_of(session)
        [(_, began)] = driver.execute(_BIND, (str(tenant_id),), prepare=True)
        fence(session, tenant_id)
        answers = ask_together(driver, foreseen)
        yield UnitOfWork(session, tenant_id, actor, _shifted(began), answers)


@contextmanager
def lookup(engine: Engine, *, digest: bytes) -> Iterator[Session]:
    """A transaction with no tenant, in which only directory rows of `digest` are visible."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        session.execute(_LOOKUP, {"digest": digest.hex()})
        yield session


def _driver_of(session: Session) -> psycopg.Connection[tuple[Any, ...]]:
    driver = session.connection().connection.driver_connection
    assert isinstance(driver, psycopg.Connection)  # noqa: S101 - for the type checker
    return driver


def _shifted(moment: datetime) -> datetime:
    return moment.astimezone(UTC) + clock.offset()
