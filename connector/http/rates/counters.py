"""Counts of requests in fixed windows.

Redis counts for all web processes together. It holds an id of ours and a number, nothing
personal. A process tells it of a busy name ten times a second and counts on by itself in between,
so a thousand requests cost ten round trips, and a limit is exact but for a tenth of a second of
what other processes counted. While Redis is away each process counts for itself: a limit that is
a few times too wide for a while is better than no answer, and better than no limit.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from redis import Redis
from redis.exceptions import RedisError

from privacy.core.clock import monotonic

PAUSE_SECONDS: Final = 5.0
"""How long Redis is left alone after it did not answer; a timeout for each request would hurt."""
REDIS_KEYS: Final = {
    "silta:requests:*": "requests of a key, account or form by random id, of a network by digest"
}
"""Every key that is written here, and what it counts. None of it is personal data."""
TELL_SECONDS: Final = 0.1
"""How long what was counted may wait until Redis hears of it."""
_PATIENCE: Final = 0.25
_MOST_KEPT: Final = 50_000


@dataclass(frozen=True, slots=True)
class Counted:
    """How often in this window, and how many seconds the window still lasts."""

    count: int
    seconds_left: int


class Counter(Protocol):
    """Counts what happens under a name within a window."""

    def hit(self, name: str, window: int) -> Counted:
        """Count one more under `name`, in a window of `window` seconds."""


class MemoryCounter:
    """This process's own counts. Names stay in memory, so they may be keyed by an address."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, int], tuple[int, float]] = {}

    def hit(self, name: str, window: int) -> Counted:
        """Count one more under `name`, in a window of `window` seconds."""
        now = self._clock()
        with self._lock:
            count, ends = self._counts.get((name, window), (0, now + window))
            if ends <= now:
                count, ends = 0, now + window
            self._counts[name, window] = (count + 1, ends)
            if len(self._counts) > _MOST_KEPT:
                self._forget(now)
        return Counted(count + 1, max(1, round(ends - now)))

    def _forget(self, now: float) -> None:
        """Windows that ended go first; if none has, all do: memory is worth more than a limit."""
        self._counts = {key: held for key, held in self._counts.items() if held[1] > now}
        if len(self._counts) > _MOST_KEPT:
            self._counts.clear()


@dataclass(slots=True)
class _Window:
    """What this process knows of a name's window: Redis's count, and what it was not told yet."""

    ends: float
    told: float
    known: int = 0
    untold: int = 0

    def counted(self, now: float) -> Counted:
        return Counted(self.known + self.untold, max(1, round(self.ends - now)))


class RedisCounter:
    """Counts of all processes; this process's own while Redis is away."""

    def __init__(self, redis: Redis, *, clock: Callable[[], float] = monotonic) -> None:
        self._redis = redis
        self._clock = clock
        self._lock = threading.Lock()
        self._memory = MemoryCounter(clock)
        self._windows: dict[str, _Window] = {}
        self._silent_until = 0.0

    @classmethod
    def at(cls, url: str) -> "RedisCounter":
        """Counts at `url`, with little patience: a request must not wait for its own limit."""
        redis = Redis.from_url(url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
        return cls(redis)

    def hit(self, name: str, window: int) -> Counted:
        """Count one more under `name`, in a window of `window` seconds."""
        now = self._clock()
        if now < self._silent_until:
            return self._memory.hit(name, window)
        with self._lock:
            known = self._windows.get(name)
            if known is not None and now < min(known.ends, known.told + TELL_SECONDS):
                known.untold += 1
                return known.counted(now)
            told = self._due(name, known, now, window)
        try:
            return self._tell(name, window, told)
        except RedisError:
            self._silent_until = self._clock() + PAUSE_SECONDS
            return self._memory.hit(name, window)

    def _due(self, name: str, known: _Window | None, now: float, window: int) -> int:
        """How much to tell of `name`; others that count it meanwhile leave telling to us."""
        if known is None or known.ends <= now:
            if len(self._windows) >= _MOST_KEPT:
                self._windows.clear()
            known = self._windows[name] = _Window(now + window, now)
        told, known.untold, known.told = known.untold + 1, 0, now
        known.known += told
        return told

    def _tell(self, name: str, window: int, told: int) -> Counted:
        key = f"silta:requests:{name}"
        # Whoever counts first sets the end, so a counter without an end cannot come to be.
        with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.set(key, 0, ex=window, nx=True)
            pipeline.incrby(key, told)
            pipeline.ttl(key)
            _, count, left = pipeline.execute()
        if not 0 <= left <= window:
            # Not our doing: whoever writes to Redis must not keep a sender out for longer.
            self._redis.delete(key)
            return self._forget(name, window)
        return self._learn(name, int(count), max(1, int(left)))

    def _learn(self, name: str, count: int, left: int) -> Counted:
        with self._lock:
            known = self._windows.get(name)
            if known is not None:
                known.known, known.ends = count, self._clock() + left
        return Counted(count, left)

    def _forget(self, name: str, window: int) -> Counted:
        with self._lock:
            self._windows.pop(name, None)
        return self._memory.hit(name, window)
