"""Microsoft's two providers and its simulator."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from connector.providers.microsoft import partner_pages
from connector.providers.microsoft.call_records import has_telephone
from connector.providers.microsoft.provider import MICROSOFT, MICROSOFT_CALLS
from connector.providers.microsoft.streams import LOGS as _LOGS
from connector.providers.port import Provider
from connector.simulators.microsoft.books import Books, seeded
from connector.simulators.microsoft.call_books import call_record
from privacy.core import clock
from tests.conformance.cases import Bench
from tests.functional.microsoft.worlds import World, trust, world

LOGS = {stream.name for stream in _LOGS}
NOBODY = "00000000-0000-4000-8000-000000000000"


@dataclass
class MicrosoftBench:
    """See Bench. Partner Center, with a user's refresh token."""

    world: World
    settings: Mapping[str, Any] = field(default_factory=dict)
    trust: Mapping[str, Any] = field(default_factory=lambda: {"tls": trust()})
    streams: tuple[str, ...] = ("customers", "subscriptions", "invoices")

    @property
    def credential(self) -> dict[str, str]:
        self.world.with_user()
        return dict(self.world.stored)

    @property
    def secrets(self) -> tuple[str, ...]:
        return self.world.desk.keys.client_secret, self.world.desk.sign_in.refresh_token

    @property
    def bad(self) -> dict[str, dict[str, str]]:
        good = self.credential
        return {
            "client secret": good | {"client_secret": "Wrong~0123456789"},
            "client id": good | {"client_id": NOBODY},
            "tenant id": good | {"tenant_id": NOBODY},
            "refresh token": good | {"refresh_token": "0.SIM.another"},
        }

    @property
    def malformed(self) -> dict[str, dict[str, str]]:
        good = self.credential
        return {
            "tenant_id": good | {"tenant_id": "example.com"},
            "client_id": good | {"client_id": ""},
            "client_secret": good | {"client_secret": NOBODY},
            "base_url": good | {"base_url": "https://graph.example.com"},
        }

    def now(self) -> datetime:
        return clock.now()

    def pass_time(self, by: timedelta) -> None:
        clock.set_offset(clock.offset() + by)

    @property
    def books(self) -> Books:
        return self.world.desk.books

    def ids(self, stream: str) -> set[str]:
        if stream == "subscriptions":
            return {each["id"] for of in self.books.subscriptions.values() for each in of}
        return set(getattr(self.books, stream))

    def change(self, stream: str) -> str:
        return self._change(stream, min(self.ids(stream)))

    def change_two_at_once(self, stream: str) -> tuple[str, str]:
        one, other = sorted(self.ids(stream))[:2]
        return self._change(stream, one), self._change(stream, other)

    def delete(self, stream: str) -> str:
        key = max(self.ids(stream))
        if stream == "subscriptions":
            for of in self.books.subscriptions.values():
                of[:] = [each for each in of if each["id"] != key]
        else:
            del getattr(self.books, stream)[key]
            self.books.subscriptions.pop(key, None)
        return key

    def fail_next(self) -> None:
        self.world.fault("500")

    def many(self, stream: str) -> None:
        """There are."""

    def _change(self, stream: str, key: str) -> str:
        if stream == "customers":
            self.books.billing[key]["lastName"] = "Renamed"
        elif stream == "invoices":
            self.books.invoices[key]["paidAmount"] = 1
        else:
            for of in self.books.subscriptions.values():
                for each in of:
                    each["quantity"] = 77 if each["id"] == key else each["quantity"]
        return key


@dataclass
class CallsBench(MicrosoftBench):
    """Graph's calls, of both sources."""

    streams: tuple[str, ...] = ("call_records", "pstn_calls", "direct_calls")

    @property
    def credential(self) -> dict[str, str]:
        return self.world.stored | {"calls": "both"}

    @property
    def bad(self) -> dict[str, dict[str, str]]:
        return {name: said for name, said in super().bad.items() if name != "refresh token"}

    @property
    def malformed(self) -> dict[str, dict[str, str]]:
        return super().malformed | {"calls": self.credential | {"calls": "some"}}

    def ids(self, stream: str) -> set[str]:
        if stream in LOGS:
            return {row["id"] for row in self._log(stream)}
        records = self.books.calls.records.items()
        return {key for key, each in records if not has_telephone(each)}

    def change(self, stream: str) -> str | None:  # type: ignore[override]
        return None if stream in LOGS else super().change(stream)

    def change_two_at_once(self, stream: str) -> tuple[str, str] | None:  # type: ignore[override]
        return None if stream in LOGS else super().change_two_at_once(stream)

    def delete(self, stream: str) -> str | None:  # type: ignore[override]
        if stream in LOGS:
            return None
        key = max(self.ids(stream))
        self.books.calls.delete(key)
        return key

    def many(self, stream: str) -> None:
        if stream in LOGS:
            more = seeded(7, customers=0, calls=900, direct=900, now=self.now()).calls
            self._log(stream).extend(more.rows if stream == "pstn_calls" else more.direct)
            return
        for number in range(1000, 1450):
            self.books.calls.put(call_record(9, number, self.now()))

    def _log(self, stream: str) -> list[dict[str, Any]]:
        calls = self.books.calls
        return calls.rows if stream == "pstn_calls" else calls.direct

    def _change(self, stream: str, key: str) -> str:
        record = self.books.calls.records[key]
        self.books.calls.put(record | {"version": record["version"] + 1})
        return key


class MicrosoftCase:
    """See Case."""

    name: str = "microsoft"
    provider: Provider = MICROSOFT

    @contextmanager
    def bench(self) -> Iterator[Bench]:
        before = clock.offset()
        try:
            with pytest.MonkeyPatch.context() as patch, world(customers=45, calls=0) as made:
                patch.setattr(partner_pages, "SIZE", 15)
                yield MicrosoftBench(made)
        finally:
            clock.set_offset(before)


class MicrosoftCallsCase:
    """See Case."""

    name: str = "microsoft_calls"
    provider: Provider = MICROSOFT_CALLS

    @contextmanager
    def bench(self) -> Iterator[Bench]:
        before = clock.offset()
        try:
            with world(customers=0, calls=60, direct=60) as made:
                yield CallsBench(made)
        finally:
            clock.set_offset(before)
