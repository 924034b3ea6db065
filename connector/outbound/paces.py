"""Requests at a pace: so many a minute for each account, and within somebody's patience."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import sleep
from typing import Any, Protocol

from connector.outbound.client import Answer, Limits, Outbound
from connector.outbound.failures import TimedOut
from connector.outbound.recipients import Recipients
from privacy.core.clock import monotonic

_MINUTE = 60.0


class Turns(Protocol):
    """Gives so many turns a minute."""

    def take(self, longest: float | None) -> float:
        """Take the next turn; seconds until it is there. Raises TimedOut where that is longer
        than `longest`; then none is taken."""


class PacedOutbound(Outbound):
    """The client of one opened account.

    Args:
        turns: who gives turns; a request waits for its own.
        patience: seconds for all requests together; None: no limit but each one's own.
        counted: told of each request.
        pause: for tests. The rest: see Outbound.
    """

    def __init__(
        self,
        recipients: Recipients,
        *,
        turns: Turns,
        patience: float | None = None,
        counted: Callable[[], None] = lambda: None,
        pause: Callable[[float], None] = sleep,
        **outbound: Any,
    ) -> None:
        super().__init__(recipients, **outbound)
        self._turns = turns
        self._ends_at = None if patience is None else monotonic() + patience
        self._counted = counted
        self._pause = pause

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
        longest = None if self._ends_at is None else self._ends_at - monotonic()
        wait = self._turns.take(longest)
        if wait > 0:
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
