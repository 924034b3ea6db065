"""Netvisor and its simulator."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from connector.providers.netvisor.provider import NETVISOR
from connector.providers.port import Provider
from connector.simulators.netvisor.books import InvoiceEntry
from privacy.core import clock
from tests.conformance.cases import Bench
from tests.functional.netvisor.worlds import World, world


@dataclass
class NetvisorBench:
    """See Bench."""

    world: World
    settings: Mapping[str, Any]
    trust: Mapping[str, Any] = field(default_factory=dict)
    streams: tuple[str, ...] = ("customers", "products", "invoices", "payments")

    @property
    def credential(self) -> dict[str, str]:
        keys = self.world.desk.keys
        return {
            "customer_id": keys.customer_id,
            "customer_key": keys.customer_key,
            "partner_id": keys.partner_id,
            "partner_key": keys.partner_key,
            "organisation_id": keys.organisation_id,
            "base_url": self.world.url,
        }

    @property
    def secrets(self) -> tuple[str, ...]:
        keys = self.world.desk.keys
        return keys.customer_key, keys.partner_key

    @property
    def bad(self) -> dict[str, dict[str, str]]:
        good = self.credential
        return {
            "customer key": good | {"customer_key": "0123456789ABCDEF0123456789ABCDEF"},
            "partner key": good | {"partner_key": "0123456789ABCDEF0123456789ABCDEF"},
            "customer id": good | {"customer_id": "nobody"},
            "company": good | {"organisation_id": "7654321-0"},
        }

    @property
    def malformed(self) -> dict[str, dict[str, str]]:
        good = self.credential
        return {
            "customer_key": good | {"customer_key": ""},
            "organisation_id": good | {"organisation_id": "twelve"},
            "base_url": good | {"base_url": "https://netvisor.example.com"},
            "algorithm": good | {"algorithm": "ROT13"},
        }

    def now(self) -> datetime:
        return clock.now()

    def pass_time(self, by: timedelta) -> None:
        clock.set_offset(clock.offset() + by)

    def ids(self, stream: str) -> set[str]:
        return {str(key) for key in self._entries(stream)}

    def change(self, stream: str) -> str:
        return self._change(stream, min(self._entries(stream)), self.now())

    def change_two_at_once(self, stream: str) -> tuple[str, str]:
        moment, (one, other) = self.now(), sorted(self._entries(stream))[:2]
        return self._change(stream, one, moment), self._change(stream, other, moment)

    def delete(self, stream: str) -> str:
        key = max(self._entries(stream))
        if stream == "invoices":
            self.world.desk.books.delete_invoice(key, self.now())
        else:
            del self._entries(stream)[key]
        return str(key)

    def fail_next(self) -> None:
        self.world.fault("500")

    def many(self, stream: str) -> None:
        books = self.world.desk.books
        pattern = next(iter(self._entries("invoices").values()))
        for _ in range(250 if stream == "invoices" else 0):
            key = books.new_key()
            books.invoices[key] = InvoiceEntry(
                *(key, self.now(), pattern.customer_key, key, pattern.dated, pattern.due, 14),
                "open",
                pattern.lines,
            )

    def _entries(self, stream: str) -> dict[int, Any]:
        entries: dict[int, Any] = getattr(self.world.desk.books, stream)
        return entries

    def _change(self, stream: str, key: int, moment: datetime) -> str:
        entry = self._entries(stream)[key]
        entry.modified_at = moment
        if stream == "customers":
            entry.groups["customerbaseinformation"]["city"] = f"Kaupunki {moment:%H%M%S%f}"
        return str(key)


class NetvisorCase:
    """See Case."""

    name: str = "netvisor"
    provider: Provider = NETVISOR

    @contextmanager
    def bench(self) -> Iterator[Bench]:
        before = clock.offset()
        try:
            with world(customers=240) as made:
                yield NetvisorBench(made, {})
        finally:
            clock.set_offset(before)
