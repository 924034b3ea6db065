"""What a task is given: who it works for, what it was told, and the way to the database."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from privacy.core.db.work import Actor, ActorKind, UnitOfWork, unit_of_work
from privacy.core.errors import Invalid
from privacy.ledger.anchors import Anchors
from privacy.ledger.signing import Identity, Signer
from privacy.vault.holdings import Holding
from tenants.desks import Desk


class House(Holding, Protocol):
    """What a process holds of the installation, made after the fork and when asked for."""

    @property
    def desk(self) -> Desk:
        """What use cases of people and tenants are given."""

    @property
    def anchors(self) -> Anchors:
        """Signed heads of the ledger outside the database."""

    @property
    def identity(self) -> Identity:
        """Whose ledger this is."""

    @property
    def signer(self) -> Signer:
        """Who signs the ledger, and certificates of erasures."""

    def close(self) -> None:
        """Close every connection."""


@dataclass(frozen=True, slots=True)
class TaskContext:
    """One run of one job. `payload` holds ids and counts, `attempt` begins at 0.

    A task reads in one unit of work, talks to the outside with none open, and writes in a
    second one, so that a second run does no harm: a job runs at least once.
    """

    house: House
    job_id: uuid.UUID
    tenant_id: uuid.UUID
    name: str
    attempt: int
    payload: Mapping[str, Any]

    @property
    def actor(self) -> Actor:
        """The job itself, as the ledger will name it."""
        return Actor(ActorKind.JOB, self.job_id)

    def work(self) -> AbstractContextManager[UnitOfWork]:
        """A unit of work bound to the job's tenant."""
        return self.work_of(self.tenant_id)

    def work_of(self, tenant_id: uuid.UUID) -> AbstractContextManager[UnitOfWork]:
        """A unit of work of another tenant, for jobs of the installation that go round."""
        return unit_of_work(self.house.engines.app, tenant_id=tenant_id, actor=self.actor)

    def day_of(self, name: str) -> date:
        """The day that the payload holds under `name`. Raises Invalid, as `id_of` does."""
        try:
            return date.fromisoformat(self.payload[name])
        except (KeyError, TypeError, ValueError):
            raise Invalid(f"the job's payload has no {name}", code="bad_payload") from None

    def id_of(self, name: str) -> uuid.UUID:
        """The id that the payload holds under `name`.

        Raises:
            Invalid: it holds none; trying again cannot help.
        """
        try:
            return uuid.UUID(self.payload[name])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Invalid(f"the job's payload has no {name}", code="bad_payload") from None


Task = Callable[[TaskContext], None]
