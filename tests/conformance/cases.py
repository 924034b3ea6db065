"""What the suite needs to know of a provider and of the system that it is tried against.

A foreign provider joins with one file: a `Case` whose bench runs a simulator of its system, named
in CONFORMANCE_CASES. tests/conformance/foreign is one, from its provider to its system.
"""

import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from connector.outbound.client import Limits, Outbound
from connector.outbound.recipients import Recipient, Recipients
from connector.providers.port import Connection, Opening, Page, Provider, Received

LIMITS = Limits(connect_seconds=5, idle_seconds=5, total_seconds=10)


class Bench(Protocol):
    """A system with things in it, and hands that change them."""

    @property
    def credential(self) -> Mapping[str, str]:
        """One that works."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """Of the account."""

    @property
    def trust(self) -> Mapping[str, Any]:
        """More arguments of the client: whose certificates it trusts."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Texts that no output may hold, in whatever encoding."""

    @property
    def bad(self) -> Mapping[str, Mapping[str, str]]:
        """Credentials that the system refuses, by what is wrong with each."""

    @property
    def malformed(self) -> Mapping[str, Mapping[str, str]]:
        """Credentials in which the named field can be seen to be wrong without asking."""

    @property
    def streams(self) -> tuple[str, ...]:
        """Those that the system has things for."""

    def now(self) -> datetime:
        """The moment, for both sides."""

    def pass_time(self, by: timedelta) -> None:
        """Let time pass, in our clock (privacy.core.clock.set_offset) and in the system's."""

    def ids(self, stream: str) -> set[str]:
        """External ids of everything there."""

    def change(self, stream: str) -> str | None:
        """Change one thing, now; its id. None where nothing of the stream ever changes."""

    def change_two_at_once(self, stream: str) -> tuple[str, str] | None:
        """Change two things, at the very same moment."""

    def delete(self, stream: str) -> str | None:
        """Delete one thing; its id. None where nothing is ever deleted."""

    def fail_next(self) -> None:
        """The next request meets an outage."""

    def many(self, stream: str) -> None:
        """Put so many things there that they need several pages."""


class Case(Protocol):
    """One provider."""

    name: str
    provider: Provider

    def bench(self) -> AbstractContextManager[Bench]:
        """A system of its own for each test."""


@dataclass
class Desk:
    """Opens connections to a bench, and remembers what it was given to store."""

    case: Case
    bench: Bench
    renewed: list[Mapping[str, str]] = field(default_factory=list)
    _lock: Any = field(default_factory=threading.RLock)

    def connect(
        self, credential: Mapping[str, str] | None = None, *, patience: float | None = 20.0
    ) -> Connection:
        """A connection, as the engine opens it."""
        provider, bench = self.case.provider, self.bench
        fields = dict(credential or (self.renewed[-1] if self.renewed else bench.credential))
        urls = provider.recipients(fields, bench.settings)
        outbound = Outbound(
            Recipients([Recipient.of(url) for url in urls]),
            loopback=True,
            limits=LIMITS,
            **bench.trust,
        )
        opening = Opening(
            fields,
            bench.settings,
            outbound,
            lambda: self._lock,
            self.renewed.append,
            patience=patience,
        )
        return provider.connect(opening)


@dataclass
class Shelf:
    """What a store would hold of one stream: the port's rules, and nothing else."""

    things: dict[str, Received] = field(default_factory=dict)
    cursor: Mapping[str, Any] | None = None
    pages: int = 0
    received: int = 0
    _seen: set[str] | None = None

    def take(self, page: Page) -> None:
        """Keep a page and its cursor."""
        self.pages += 1
        self.received += len(page.received)
        if page.sweep_begins:
            self._seen = set()
        for one in page.received:
            known = self.things.get(one.external_id)
            older = known is not None and (known.version or 0) > (one.version or 0)
            if not older:
                self.things[one.external_id] = one
            if self._seen is not None:
                self._seen.add(one.external_id)
        for gone in page.gone:
            self.things.pop(gone, None)
        if page.sweep_ends and self._seen is not None:
            self.things = {key: self.things[key] for key in self._seen if key in self.things}
            self._seen = None
        self.cursor = dict(page.cursor)

    def read(
        self, connection: Connection, stream: str, now: datetime, *, most: int | None = None
    ) -> None:
        """Read on from the cursor; stop after `most` pages, as a killed run does."""
        for count, page in enumerate(connection.read(stream, self.cursor, now=now), start=1):
            self.take(page)
            if count == most:
                return
