"""The queues: lists of bells in Redis, which may vanish, and whose content is not trusted."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from redis import Redis, ResponseError
from rq.queue import Queue as StockQueue
from rq.serializers import JSONSerializer

from jobs.bell import Bell, bell_id, read_bell
from privacy.core.logs import get_log
from privacy.core.outbox.names import Queue
from privacy.core.outbox.rings import Ring
from privacy.core.settings import Settings

_log = get_log("jobs")

REDIS_KEYS = {
    "rq:queue:*": "outbox ids and attempts that are to be run",
    "rq:workers": "names of worker processes, which are random",
    "rq:workers:*": "the same for each queue",
    "rq:worker:*": "when a worker process began and was last seen",
}
"""Every key that we write for jobs, and what it holds. None of it is personal data."""


def connect(settings: Settings, *, patience: float = 5.0) -> Redis:
    """A client for the settings' Redis. `patience`: seconds that one answer may take."""
    return Redis.from_url(
        settings.redis_url.get_secret_value(),
        socket_connect_timeout=2.0,
        socket_timeout=patience,
        health_check_interval=30,
    )


class BellQueue(StockQueue):
    """A queue of bells, for RQ's own eyes; they are taken by `next_bell` below."""

    def __init__(self, name: str, connection: Redis, **_: Any) -> None:
        super().__init__(name, connection=connection, job_class=Bell, serializer=JSONSerializer)


def all_queues(connection: Redis) -> list[BellQueue]:
    """Our queues, the most urgent first."""
    return [BellQueue(queue.value, connection) for queue in Queue]


def push_bells(connection: Redis, rings: Sequence[Ring]) -> None:
    """Put rings into their queues in one go.

    Raises:
        redis.RedisError: Redis is away or refuses; some may have been put, which does no harm.
    """
    with connection.pipeline(transaction=False) as pipeline:
        for ring in rings:
            name = ring.queue if ring.queue in set(Queue) else Queue.DEFAULT.value
            pipeline.rpush(BellQueue(name, connection).key, bell_id(ring))
        _mending(connection, pipeline.execute)


def next_bell(
    connection: Redis, *, timeout: int | None, queues: Sequence[StockQueue] | None = None
) -> Bell | None:
    """Take the most urgent bell; None when none came within `timeout` seconds (None: at once).

    Whatever else lies in a queue is thrown away.
    """
    names = {queue.key: queue.name for queue in queues or all_queues(connection)}
    while True:
        popped = _mending(connection, partial(_pop, connection, list(names), timeout))
        if popped is None:
            return None
        bell = read_bell(popped[1], connection)
        if bell is not None:
            bell.origin = names[popped[0]]
            return bell
        _log.warning("not a bell", queue=names[popped[0]])


def hang_back(bell: Bell) -> None:
    """Put a bell back where it was, last in line. Does no harm, whatever became of its job."""
    bell.connection.rpush(BellQueue(bell.origin, bell.connection).key, bell.id)


def waiting_bells(connection: Redis) -> set[bytes]:
    """What the queues hold now; of very long ones the first hundred thousand entries."""
    found: set[bytes] = set()
    for queue in all_queues(connection):
        entries: Any = connection.lrange(queue.key, 0, 100_000)
        found.update(entries)
    return found


def undrained(connection: Redis) -> list[str]:
    """Queues that no worker drains, the most urgent first; none where there is no worker at all.

    By what workers say of themselves in Redis, so a hint and no more.
    """
    drained = set[str]()
    for key in connection.smembers("rq:workers"):  # type: ignore[union-attr]
        said: Any = connection.hget(key, "queues")
        drained.update(said.decode(errors="replace").split(",") if said else ())
    return [queue.value for queue in Queue if queue.value not in drained] if drained else []


def mend(connection: Redis) -> None:
    """Remove keys that stand where a queue should and are no list: somebody else wrote them."""
    for queue in all_queues(connection):
        if connection.type(queue.key) not in (b"none", b"list"):
            connection.delete(queue.key)
            _log.error("a queue's key was no list and was removed", queue=queue.name)


def _mending(connection: Redis, act: Callable[[], Any]) -> Any:
    """Do it; where Redis refuses, mend the queues, so that the next time it works."""
    try:
        return act()
    except ResponseError:
        mend(connection)
        raise


def _pop(connection: Redis, keys: list[str], timeout: int | None) -> tuple[str, bytes] | None:
    if timeout is not None:
        popped: Any = connection.blpop(keys, timeout)
        return (popped[0].decode(), popped[1]) if popped else None
    found: Any = ((key, connection.lpop(key)) for key in keys)
    return next(((key, raw) for key, raw in found if raw is not None), None)
