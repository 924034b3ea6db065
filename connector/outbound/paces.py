"""Requests at a pace: so many a minute for each account, and within somebody's patience."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from time import sleep
from typing import Any

from connector.outbound.client import Answer, Limits, Outbound
from connector.outbound.failures import TimedOut
from connector.outbound.recipients import Recipients
from privacy.core.clock import monotonic

_MINUTE = 60.0


class PacedOutbound(Outbound):
    """The client of one opened account.

    Args:
        per_minute: a request beyond it waits. Of this process; an account is read by one at a
            time.
        patience: seconds for all requests together; None: no limit but each one's own.
        counted: told of each request.
        pause: for tests. The rest: see Outbound.
    """

    def __init__(
        self,
        recipients: Recipients,
        *,
        per_minute: int,
        patience: float | None = None,
        counted: Callable[[], None] = lambda: None,
        pause: Callable[[float], None] = sleep,
        **outbound: Any,
    ) -> None:
        super().__init__(recipients, **outbound)
        self._per_minute = max(per_minute, 1)
        self._ends_at = None if patience is None else monotonic() + patience
        self._counted = counted
        self._pause = pause
        self._lock = threading.Lock()
        self._sent: deque[float] = deque(maxlen=self._per_minute)

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        limits: Limits | None = None,
        redirects: int = 0,
    ) -> Answer:
        """See Outbound. Waits for its turn first; raises TimedOut when patience is over."""
        self._take_turn()
        given = self._within_patience(limits or self._limits)
        self._counted()
        return super().send(
            method, url, headers=headers, body=body, limits=given, redirects=redirects
        )

    def _take_turn(self) -> None:
        with self._lock:
            wait = 0.0
            if len(self._sent) == self._per_minute:
                wait = max(0.0, self._sent[0] + _MINUTE - monotonic())
            self._sent.append(monotonic() + wait)
        if wait:
            if self._ends_at is not None and monotonic() + wait > self._ends_at:
                raise TimedOut(log="the minute's requests are used up")
            self._pause(wait)

    def _within_patience(self, limits: Limits) -> Limits:
        if self._ends_at is None:
            return limits
        left = self._ends_at - monotonic()
        if left <= 0:
            raise TimedOut(log="patience is over")
        return replace(
            limits,
            connect_seconds=min(limits.connect_seconds, left),
            idle_seconds=min(limits.idle_seconds, left),
            total_seconds=min(limits.total_seconds, left),
        )
