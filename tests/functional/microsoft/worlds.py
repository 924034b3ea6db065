"""A simulated Microsoft in this process, over TLS, and accounts that talk to it."""

import ssl
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from connector.outbound.client import Limits, Outbound
from connector.outbound.recipients import Recipient, Recipients
from connector.providers.microsoft.client import MicrosoftClient, Pace, request_headers
from connector.providers.microsoft.provider import MicrosoftCallsProvider, MicrosoftProvider
from connector.providers.microsoft.tokens import TokenMemory, Tokens
from connector.providers.port import Connection, Opening
from connector.simulators.certificates import LocalTls, local_tls
from connector.simulators.microsoft.app import create_simulator
from connector.simulators.microsoft.desk import Desk, open_desk
from connector.simulators.microsoft.faults import Fault, FaultName
from connector.simulators.servers import LocalServer
from privacy.core import clock

LIMITS = Limits(connect_seconds=5, idle_seconds=5, total_seconds=10, answer_bytes=16 * 1024 * 1024)


@cache
def tls() -> LocalTls:
    """One authority for this process."""
    return local_tls(Path(tempfile.mkdtemp(prefix="silta-tls-")))


def trust() -> ssl.SSLContext:
    """Of a client that trusts it."""
    return ssl.create_default_context(cafile=str(tls().authority))


@dataclass
class World:
    """The simulator and one account's stored credential. Clients do not really pause."""

    desk: Desk
    url: str
    ahead: timedelta = timedelta()
    stored: dict[str, str] = field(default_factory=dict)
    renewals: list[str] = field(default_factory=list)
    paused: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    time: float = 1000.0

    def __post_init__(self) -> None:
        keys = self.desk.keys
        self.stored = {
            "tenant_id": keys.tenant_id,
            "client_id": keys.client_id,
            "client_secret": keys.client_secret,
            "base_url": self.url,
        }
        self.memory = TokenMemory(time=lambda: self.time)
        self.partner = MicrosoftProvider(self.memory)
        self.calls = MicrosoftCallsProvider(self.memory)

    def now(self) -> datetime:
        """The moment of this world, for both sides."""
        return clock.now() + self.ahead

    def with_user(self) -> "World":
        """The account has a user's refresh token as well."""
        self.stored["refresh_token"] = self.desk.sign_in.refresh_token
        return self

    def opening(self, **changes: Any) -> Opening:
        """What a connection is opened with."""
        opening = Opening(
            credential=dict(self.stored),
            settings={},
            outbound=self.outbound(),
            alone=self._alone,
            renew=self._renew,
        )
        return replace(opening, **changes)

    def outbound(self) -> Outbound:
        """A client that trusts the simulator, and may ask nobody else."""
        recipients = Recipients([Recipient.of(self.url)])
        return Outbound(recipients, loopback=True, tls=trust(), limits=LIMITS)

    def connect(self, kind: str = "partner", **changes: Any) -> Connection:
        """An opened account that makes no pauses."""
        provider = self.partner if kind == "partner" else self.calls
        return provider.connect(self.opening(patience=10, **changes))

    def client(self, limits: Limits = LIMITS, **changes: Any) -> MicrosoftClient:
        """Partner Center's, with pauses that are noted and not made."""
        opening = self.opening(**changes)
        return MicrosoftClient(
            opening.outbound,
            Tokens(opening, self.memory),
            base_url=self.url,
            headers=request_headers(),
            pace=Pace(limits, (2.0, 10.0), self.pause),
        )

    def fault(self, name: str, **said: Any) -> None:
        """Order a fault."""
        self.desk.faults.order(Fault(FaultName(name), **said))

    def pause(self, seconds: float) -> None:
        """Note it, and go on."""
        self.paused.append(seconds)

    def _alone(self) -> AbstractContextManager[object]:
        return self.lock

    def _renew(self, credential: Mapping[str, str]) -> None:
        self.stored = dict(credential)
        self.renewals.append(credential["refresh_token"])


@contextmanager
def world(**said: Any) -> Iterator[World]:
    """A world for the length of a block."""
    desk = open_desk(**said)
    with LocalServer(create_simulator(desk), tls=tls().context) as server:
        made = World(desk, server.url)
        desk.now = made.now
        desk.sign_in._now = made.now
        yield made
