"""Somebody who sends calls all the while, and counts what was acknowledged."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from flask import Flask

from privacy.core import clock
from tests.functional.api.programs import call
from tests.isolation.walls.lives.programs import header_of, new_key
from tests.moves.moving_houses import Moving

_PAUSE = 0.1
_PATIENCE = 30


class Load:
    """Sends one call after the other, and tries again what was not taken."""

    def __init__(self, moving: Moving) -> None:
        moving.town.tenancy(moving.town.alices).account()
        self._header = header_of(new_key(moving.town, moving.town.alices))
        self._apps = [moving.app_on(moving.old)]
        self._over, self._moving = threading.Event(), moving
        self._thread = threading.Thread(target=self._send_all)
        self.acknowledged = 0
        self.refused: set[tuple[int, str | None]] = set()

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Within, it sends."""
        self._thread.start()
        try:
            yield self
        finally:
            self._over.set()
            self._thread.join()

    def goes_elsewhere(self) -> None:
        """What an operator's proxy does when the new side is open."""
        self._apps.append(self._moving.app_on(self._moving.new))

    def comes_back(self) -> None:
        """After a rollback."""
        self._apps.append(self._apps[0])

    def await_more(self, count: int) -> None:
        """Until so many more were acknowledged."""
        wanted, begun = self.acknowledged + count, clock.monotonic()
        while self.acknowledged < wanted:
            assert clock.monotonic() - begun < _PATIENCE, self.refused
            self._over.wait(_PAUSE)

    def _send_all(self) -> None:
        while not self._over.wait(_PAUSE):
            self._send(self._apps[-1], call(self.acknowledged))

    def _send(self, app: Flask, sent: dict[str, object]) -> None:
        answer = app.test_client().post("/api/v1/calls", json=[sent], headers=self._header)
        if answer.status_code != 200:
            self.refused.add((answer.status_code, answer.headers.get("Retry-After")))
            return
        assert answer.json is not None
        # What was committed and not acknowledged is sent again, and known.
        assert answer.json["accepted"] + answer.json["duplicates"] == 1, answer.json
        self.acknowledged += 1
