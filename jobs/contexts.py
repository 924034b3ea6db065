"""What a task is given: who it works for, what it was told, and the way to the database."""

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from privacy.core.db.engine import Engines
from privacy.core.db.work import Actor, ActorKind, UnitOfWork, unit_of_work
from privacy.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class TaskContext:
    """One run of one job. `payload` holds ids and counts, `attempt` begins at 0.

    A task reads in one unit of work, talks to the outside with none open, and writes in a
    second one, so that a second run does no harm: a job runs at least once.
    """

    engines: Engines
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
        return unit_of_work(self.engines.app, tenant_id=self.tenant_id, actor=self.actor)

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
