"""A Moontalk that is asked, in each way of paging, and its simulator."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connector.providers.moontalk.provider import MOONTALK_PULL
from connector.providers.moontalk.ways import Paging, SignIn
from connector.providers.port import Provider
from connector.simulators.moontalk.faults import Fault, FaultName
from privacy.core import clock
from tests.conformance.cases import Bench
from tests.functional.moontalk.worlds import World, world

WRONG = "mtk_0123456789abcdef0123456789abcdef01234567"


@dataclass
class MoontalkBench:
    """See Bench."""

    world: World
    settings: Mapping[str, Any] = field(default_factory=dict)
    trust: Mapping[str, Any] = field(default_factory=dict)
    streams: tuple[str, ...] = ("calls",)

    @property
    def credential(self) -> dict[str, str]:
        return self.world.credential

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.world.desk.key,)

    @property
    def bad(self) -> dict[str, dict[str, str]]:
        good = self.credential
        return {
            "key": good | {"key": WRONG},
            "path": good | {"path": "/api/v2/calls"},
            "how the key is sent": good | {"sign_in": "bearer"},
            "parameter": good | {"since_parameter": "since"},
        }

    @property
    def malformed(self) -> dict[str, dict[str, str]]:
        good = self.credential
        return {
            "base_url": good | {"base_url": "moontalk.example.com"},
            "path": good | {"path": "calls"},
            "key": good | {"key": ""},
            "paging": good | {"paging": "sometimes"},
            "size": good | {"size": "many"},
            "header": good | {"header": "Host"},
        }

    def now(self) -> datetime:
        return clock.now()

    def pass_time(self, by: timedelta) -> None:
        clock.set_offset(clock.offset() + by)

    def ids(self, stream: str) -> set[str]:
        return set(self.world.desk.books.calls)

    def change(self, stream: str) -> str:
        return self._change(min(self.ids(stream)), self.now())

    def change_two_at_once(self, stream: str) -> tuple[str, str]:
        one, other = sorted(self.ids(stream))[:2]
        moment = self.now()
        return self._change(one, moment), self._change(other, moment)

    def delete(self, stream: str) -> str | None:
        return None

    def fail_next(self) -> None:
        self.world.desk.faults.order(Fault(FaultName("500")))

    def many(self, stream: str) -> None:
        for number in range(250):
            self.world.desk.books.add(self.now(), age=timedelta(seconds=500 - number))

    def _change(self, key: str, moment: datetime) -> str:
        self.world.desk.books.change(key, moment)
        return key


class MoontalkCase:
    """See Case."""

    provider: Provider = MOONTALK_PULL

    def __init__(self, paging: Paging) -> None:
        self.paging = paging
        self.name: str = f"moontalk_pull, {paging.value}"

    @contextmanager
    def bench(self) -> Iterator[Bench]:
        before = clock.offset()
        try:
            with world(calls=60, paging=self.paging, sign_in=SignIn.HEADER) as made:
                yield MoontalkBench(made)
        finally:
            clock.set_offset(before)
