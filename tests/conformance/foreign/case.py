"""Varasto's case: its system in forty lines, and hands that change it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from connector.providers.port import Provider
from connector.simulators.servers import LocalServer
from privacy.core import clock
from tests.conformance.cases import Bench
from tests.conformance.foreign.provider import Varasto

KEY = "vrst0123456789abcdef"


@dataclass
class Shop:
    """A WSGI application."""

    prices: dict[str, str] = field(default_factory=dict)
    away: int = 0

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        status, said = self._answer(environ)
        start(status, [("Content-Type", "application/json")])
        return [json.dumps(said).encode()]

    def _answer(self, environ: WSGIEnvironment) -> tuple[str, object]:
        if self.away:
            self.away -= 1
            return "503 Service Unavailable", {}
        if environ.get("HTTP_X_KEY") != KEY:
            return "401 Unauthorized", {}
        if environ["PATH_INFO"] == "/shop":
            return "200 OK", {"id": "shop-1", "name": "Corner shop"}
        asked = parse_qs(environ["QUERY_STRING"], keep_blank_values=True)
        later = sorted(key for key in self.prices if key > asked["after"][0])
        return "200 OK", {"items": [self._item(key) for key in later[: int(asked["limit"][0])]]}

    def _item(self, key: str) -> dict[str, str]:
        return {"id": key, "name": f"Product {key}", "price": self.prices[key]}


@dataclass
class ShopBench:
    """See Bench."""

    shop: Shop
    url: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    trust: Mapping[str, Any] = field(default_factory=dict)
    secrets: tuple[str, ...] = (KEY,)
    streams: tuple[str, ...] = ("products",)

    @property
    def credential(self) -> dict[str, str]:
        return {"base_url": self.url, "key": KEY}

    @property
    def bad(self) -> dict[str, dict[str, str]]:
        return {"key": self.credential | {"key": "vrst000"}}

    @property
    def malformed(self) -> dict[str, dict[str, str]]:
        good = self.credential
        return {"base_url": good | {"base_url": "varasto"}, "key": good | {"key": "a b"}}

    def now(self) -> datetime:
        return clock.now()

    def pass_time(self, by: timedelta) -> None:
        clock.set_offset(clock.offset() + by)

    def ids(self, stream: str) -> set[str]:
        return set(self.shop.prices)

    def change(self, stream: str) -> str:
        return self.change_two_at_once(stream)[0]

    def change_two_at_once(self, stream: str) -> tuple[str, str]:
        one, other = sorted(self.shop.prices)[:2]
        self.shop.prices |= {one: "9.90", other: "9.95"}
        return one, other

    def delete(self, stream: str) -> str:
        gone = max(self.shop.prices)
        del self.shop.prices[gone]
        return gone

    def fail_next(self) -> None:
        self.shop.away = 1

    def many(self, stream: str) -> None:
        self.shop.prices |= {f"M{number:04}": "1.00" for number in range(350)}


class VarastoCase:
    """See Case."""

    name: str = "varasto"
    provider: Provider = Varasto()

    @contextmanager
    def bench(self) -> Iterator[Bench]:
        """A shop with three products."""
        shop, before = Shop({"A1": "1.50", "A2": "2.50", "A3": "3.50"}), clock.offset()
        try:
            with LocalServer(shop) as server:
                yield ShopBench(shop, server.url)
        finally:
            clock.set_offset(before)


CASE = VarastoCase()
