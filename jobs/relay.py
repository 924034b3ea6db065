"""The relay: rings jobs that are due. Redis away: they wait, and it is said once."""

from dataclasses import dataclass, field
from datetime import timedelta

from redis import Redis, RedisError
from sqlalchemy import Engine

from jobs.bell import bell_id
from jobs.queues import push_bells, waiting_bells
from privacy.core.logs import get_log
from privacy.core.outbox.rings import find_unheard, keep_waiting, let_ring_again, ring_due

_log = get_log("relay")

BATCH = 500
UNHEARD_AFTER = timedelta(seconds=60)


@dataclass
class Presence:
    """Whether Redis answers, said once when it changes."""

    here: bool = field(default=True)

    def is_away(self) -> None:
        """Redis did not answer."""
        if self.here:
            _log.error("redis unavailable; jobs wait in the database")
        self.here = False

    def is_back(self) -> None:
        """Redis answered."""
        if not self.here:
            _log.warning("redis is back")
        self.here = True


@dataclass
class Relay:
    """Rings, as the relay role. Several may run; a job is rung by one of them."""

    engine: Engine
    redis: Redis
    presence: Presence = field(default_factory=Presence)

    def ring(self) -> int:
        """Ring everything that is due; returns how many. Redis away: nothing, and no error."""
        total = 0
        try:
            while rung := self._ring_batch():
                total += rung
        except RedisError:
            self.presence.is_away()
            return total
        if total:
            self.presence.is_back()
        return total

    def ring_unheard(self, *, after: timedelta = UNHEARD_AFTER) -> int:
        """Let jobs ring again that were rung and not begun, unless the queue still holds them.

        That is what makes a flushed Redis harmless. Returns how many ring again.
        """
        with self.engine.begin() as connection:
            unheard = find_unheard(connection, after=after)
            if not unheard:
                return 0
            try:
                held = waiting_bells(self.redis)
            except RedisError:
                self.presence.is_away()
                return 0
            still = [ring.job_id for ring in unheard if bell_id(ring) in held]
            lost = [ring.job_id for ring in unheard if bell_id(ring) not in held]
            keep_waiting(connection, jobs=still)
            return let_ring_again(connection, jobs=lost)

    def _ring_batch(self) -> int:
        with self.engine.begin() as connection:
            return ring_due(connection, push=lambda r: push_bells(self.redis, r), limit=BATCH)
