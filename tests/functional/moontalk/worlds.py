"""A Moontalk in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from connector.providers.moontalk.ways import SignIn
from connector.simulators.moontalk.app import create_simulator
from connector.simulators.moontalk.desk import PATH, USER, Desk, open_desk
from connector.simulators.moontalk.faults import Fault, FaultName
from connector.simulators.servers import LocalServer


@dataclass
class World:
    """The simulator and where it is."""

    desk: Desk
    url: str

    @property
    def credential(self) -> dict[str, str]:
        """One that works; small pages."""
        return {
            "base_url": self.url,
            "path": PATH,
            "sign_in": self.desk.sign_in.value,
            "user": USER if self.desk.sign_in is SignIn.BASIC else "",
            "key": self.desk.key,
            "paging": self.desk.paging.value,
            "size": "25",
        }

    def fault(self, name: str, **said: Any) -> None:
        """Order a fault."""
        self.desk.faults.order(Fault(FaultName(name), **said))


@contextmanager
def world(**said: Any) -> Iterator[World]:
    """A world for the length of a block."""
    desk = open_desk(**said)
    with LocalServer(create_simulator(desk)) as server:
        yield World(desk, server.url)
