"""A bell: all that Redis says of a job, which is the id of an outbox row and an attempt.

Whoever can write to Redis makes a stock RQ worker import and call any function: by the job's
data (pickled or JSON), by its callbacks' names, and it posts to any webhook. So nothing of a
job is read from Redis but its id; there is no hash behind it, and this class does not look for
one. What is to be done stands in PostgreSQL, and a lease there decides who does it (ATTACK 51).
"""

import re
import uuid
from typing import NoReturn, Self

from redis import Redis
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from privacy.core.outbox.rings import Ring

_ID = re.compile(
    rb"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})_(0|[1-9][0-9]{0,3})"
)


class Bell(Job):
    """One ring for one attempt of one outbox job. Its id is `<outbox id>_<attempt>`."""

    def __init__(self, id: str | bytes, connection: Redis, serializer: object = None) -> None:  # noqa: A002
        outbox_id, attempt = _parse(id)
        canonical = f"{outbox_id}_{attempt}"
        super().__init__(canonical, connection=connection, serializer=JSONSerializer)
        self.outbox_id = outbox_id
        self.attempt = attempt

    @classmethod
    def fetch(
        cls,
        id: str | bytes,  # noqa: A002
        connection: Redis | None = None,
        serializer: object = None,  # noqa: ARG003
    ) -> Self:
        """Make a bell of its id; what Redis may hold under that id is not looked at.

        Raises:
            NoSuchJobError: the id is none of ours.
        """
        if connection is None:
            raise NoSuchJobError
        return cls(id, connection)

    def refresh(self) -> None:
        """Nothing: a bell is its id."""

    def restore(self, raw_data: object) -> None:
        """Nothing, whatever a hash in Redis says."""

    def save(self, *args: object, **kwargs: object) -> None:
        """Nothing: no hash is written."""

    def perform(self) -> NoReturn:
        """Refuse: only our worker knows what a bell means, and no worker learns it from Redis."""
        raise NotImplementedError

    def send_webhooks(self, *args: object, **kwargs: object) -> None:
        """Nothing: a bell calls nobody."""

    @property
    def func(self) -> None:
        """A bell names no function."""

    success_callback = failure_callback = stopped_callback = func


def bell_id(ring: Ring) -> bytes:
    """What the queue holds for `ring`."""
    return f"{ring.job_id}_{ring.attempt}".encode()


def read_bell(raw: bytes, connection: Redis) -> Bell | None:
    """The bell that a queue's entry means; None when the entry is none of ours."""
    try:
        return Bell.fetch(raw, connection)
    except NoSuchJobError:
        return None


def _parse(raw: str | bytes) -> tuple[uuid.UUID, int]:
    data = raw.encode(errors="replace") if isinstance(raw, str) else bytes(raw)
    found = _ID.fullmatch(data)
    if found is None:
        raise NoSuchJobError
    return uuid.UUID(found[1].decode()), int(found[2])
