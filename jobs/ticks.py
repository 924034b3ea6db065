"""Ticks: what the scheduler does again and again, each in a thread of its own.

One that fails, or hangs, keeps no other from its work; it is logged once when it begins to
fail and once when it works again, and its heartbeat says the same to everybody who asks.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from jobs.policy import code_of
from privacy.core.clock import monotonic
from privacy.core.logs import get_log
from privacy.core.outbox.heartbeats import beat

_log = get_log("scheduler")
_SHOW_EVERY = 5.0
"""Seconds between two writes of a heartbeat, however often the tick runs."""
_LOOK_EVERY = 0.5
"""Seconds between two looks for the end, while another process leads."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to do every so often. `run` is called by one scheduler at a time, and may raise."""

    name: str
    every: timedelta
    run: Callable[[], object]


class TickThread(threading.Thread):
    """Runs one tick while this process leads."""

    def __init__(
        self, tick: Tick, *, engine: Engine, leading: threading.Event, over: threading.Event
    ) -> None:
        super().__init__(name=tick.name, daemon=True)
        self._tick = tick
        self._engine = engine
        self._leading = leading
        self._over = over
        self._failure: str | None = None
        self._shown_at = float("-inf")
        self._shown: str | None = None

    def run(self) -> None:
        """Tick from the moment that we lead until it is over. What took its time is not made up."""
        every = self._tick.every.total_seconds()
        while not self._over.is_set():
            if not self._leading.wait(_LOOK_EVERY):
                continue
            begun = monotonic()
            self._once()
            self._over.wait(max(every - (monotonic() - begun), min(every, 0.05)))

    def _once(self) -> None:
        try:
            self._tick.run()
        except Exception as error:  # noqa: BLE001
            self._note(code_of(error))
        else:
            self._note(None)
        self._show()

    def _note(self, failure: str | None) -> None:
        if failure and failure != self._failure:
            _log.error("tick failed", step=self._tick.name, code=failure, exc_info=True)
        if self._failure and not failure:
            _log.warning("tick works again", step=self._tick.name)
        self._failure = failure

    def _show(self) -> None:
        if monotonic() - self._shown_at < _SHOW_EVERY and self._failure == self._shown:
            return
        try:
            with self._engine.begin() as connection:
                name, every = f"scheduler.{self._tick.name}", self._tick.every
                beat(connection, part=name, every=every, failure=self._failure)
        except SQLAlchemyError:
            return
        self._shown_at, self._shown = monotonic(), self._failure
