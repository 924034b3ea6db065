"""What a test does to the wire between a provider and its simulator, and between two pages."""

import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

import httpcore

from connector.outbound.client import Answer, Limits, Outbound
from connector.providers.port import (
    Connection,
    CredentialField,
    Cursor,
    Discovery,
    Opening,
    Page,
    Provider,
    Received,
    Stream,
)

PATIENT = Limits(connect_seconds=10, idle_seconds=20, total_seconds=30)
HASTY = Limits(connect_seconds=5, idle_seconds=0.04, total_seconds=0.04)


def _nothing() -> None:
    """No page is waited for."""


@dataclass
class Wire:
    """`hasty`: nobody waits for an answer. `cut`: nobody listens there. `after_page`: called once,
    when the next page has been handed over."""

    hasty: bool = False
    cut: bool = False
    after_page: Callable[[], None] = _nothing
    closed_port: int = 0

    def __post_init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.closed_port = free.getsockname()[1]

    def page_was_taken(self) -> None:
        then, self.after_page = self.after_page, _nothing
        then()


class Network(httpcore.SyncBackend):
    """Connects for real; with the wire cut, to a port where nobody is."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        there = self._wire.closed_port if self._wire.cut else port
        return super().connect_tcp(host, there, timeout, local_address, socket_options)


@dataclass(frozen=True)
class _Timed:
    """An Outbound whose limits are the wire's, whatever a provider asks for."""

    outbound: Outbound
    wire: Wire

    def send(self, method: str, url: str, **said: Any) -> Answer:
        limits = HASTY if self.wire.hasty else PATIENT
        return self.outbound.send(
            method, url, **(said | {"limits": replace(limits, answer_bytes=32 * 1024 * 1024)})
        )


@dataclass(frozen=True)
class _Watched:
    """A connection that tells when a page was taken."""

    connection: Connection
    wire: Wire

    def discover(self) -> Discovery:
        return self.connection.discover()

    def read(self, stream: str, cursor: Cursor | None, *, now: datetime) -> Iterator[Page]:
        for page in self.connection.read(stream, cursor, now=now):
            yield page
            self.wire.page_was_taken()


@dataclass
class Wired:
    """A provider over a wire; see port.Provider."""

    provider: Provider
    wire: Wire
    name: str = ""
    credential: tuple[CredentialField, ...] = ()
    streams: tuple[Stream, ...] = field(default=())

    def __post_init__(self) -> None:
        self.name, self.credential = self.provider.name, self.provider.credential
        self.streams = self.provider.streams

    def check(self, credential: Mapping[str, str], settings: Mapping[str, Any]) -> None:
        self.provider.check(credential, settings)

    def recipients(
        self, credential: Mapping[str, str], settings: Mapping[str, Any]
    ) -> tuple[str, ...]:
        return self.provider.recipients(credential, settings)

    def connect(self, opening: Opening) -> Connection:
        timed = cast("Outbound", _Timed(opening.outbound, self.wire))
        # Without repetitions, which the tests of each provider try: a matrix has many cells.
        once = replace(opening, outbound=timed, patience=PATIENT.total_seconds)
        return _Watched(self.provider.connect(once), self.wire)

    def remap(self, stream: str, document: bytes) -> Received | None:
        return self.provider.remap(stream, document)
