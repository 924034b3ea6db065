"""A simulator in this process and a client that talks to it over a real connection."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from connector.outbound.client import Limits, Outbound
from connector.outbound.recipients import Recipient, Recipients
from connector.providers.netvisor import reading
from connector.providers.netvisor.client import NetvisorClient
from connector.providers.netvisor.credentials import Algorithm, Language, NetvisorCredentials
from connector.providers.netvisor.customers import Customer
from connector.simulators.netvisor.app import create_simulator
from connector.simulators.netvisor.desk import Desk
from connector.simulators.netvisor.faults import Fault, FaultName
from connector.simulators.netvisor.opening import open_desk
from connector.simulators.servers import LocalServer
from privacy.core import clock

LIMITS = Limits(connect_seconds=5, idle_seconds=5, total_seconds=10, answer_bytes=32 * 1024 * 1024)


@dataclass
class World:
    """The simulator, its clock, and what the client paused."""

    desk: Desk
    url: str
    ahead: timedelta = timedelta()
    paused: list[float] = field(default_factory=list)
    really_pause: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def now(self) -> datetime:
        """The moment of this world, for both sides."""
        return clock.now() + self.ahead

    def pause(self, seconds: float) -> None:
        """Note a pause instead of making it."""
        self.paused.append(seconds)
        time.sleep(self.really_pause)

    def credentials(self, **changes: Any) -> NetvisorCredentials:
        """Those of the simulated company."""
        keys = self.desk.keys
        said = {
            "customer_id": keys.customer_id,
            "customer_key": keys.customer_key,
            "partner_id": keys.partner_id,
            "partner_key": keys.partner_key,
            "organisation_id": keys.organisation_id,
            "sender": "Mäki Oy",
            "language": Language.FI,
            "algorithm": Algorithm.HMACSHA256,
            "base_url": self.url,
        }
        return NetvisorCredentials(**(said | changes))

    def client(self, limits: Limits = LIMITS, **changes: Any) -> NetvisorClient:
        """A client of an account with these credentials; it does not really pause."""
        now = changes.pop("now", self.now)
        transaction_id = changes.pop("transaction_id", lambda: token_hex(16))
        credentials = self.credentials(**changes)
        outbound = Outbound(Recipients([Recipient.of(self.url)]), loopback=True)
        return NetvisorClient(
            credentials,
            outbound,
            alone=lambda: self.lock,
            limits=limits,
            pause=self.pause,
            now=now,
            transaction_id=transaction_id,
        )

    def fault(self, name: str, **said: Any) -> None:
        """Order a fault."""
        self.desk.faults.order(Fault(FaultName(name), **said))


@contextmanager
def world(customers: int = 12, **said: Any) -> Iterator[World]:
    """A world for the length of a block."""
    desk = open_desk(customers=customers, **said)
    with LocalServer(create_simulator(desk)) as server:
        made = World(desk, server.url)
        desk.now = made.now
        yield made


def ask_something(client: NetvisorClient) -> None:
    """A small question that needs credentials and the right to customers. Raises Failure."""
    next(reading.list_customers(client, clock.now()), None)


def whole_customers(client: NetvisorClient) -> list[Customer]:
    """All of them, as they are read by their keys."""
    keys = sorted({head.netvisor_key for head in reading.list_customers(client, None)})
    return reading.read_customers(client, keys)
