"""A provider of Varasto, a shop's stock that exists nowhere else.

It uses the port and the one client for the network, and is in no registry of ours.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from connector.outbound.failures import ConfigurationFailure, SystemFailure
from connector.outbound.statuses import failure_of
from connector.providers.port import (
    Connection,
    CredentialField,
    Cursor,
    Discovery,
    Opening,
    Page,
    Received,
    Stream,
)
from connector.synced.shapes import Product, RecordKind
from privacy.core import clock
from privacy.core.errors import Invalid

PAGE: Final = 100


class KeyRefused(ConfigurationFailure):
    """401."""

    code = "key_refused"
    message = "Varasto does not accept the key. Make a new one there, and enter it here."


class Unreadable(SystemFailure):
    """No JSON of theirs."""

    code = "answer_unreadable"
    message = "Varasto's answer is not what we can read."


class Stock:
    """One account, opened. See Connection."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    def discover(self) -> Discovery:
        """See Connection."""
        shop = self._ask("/shop")
        return Discovery(external_key=shop["id"], display_name=shop["name"], streams=("products",))

    def read(self, stream: str, cursor: Cursor | None, *, now: datetime) -> Iterator[Page]:
        """Everything, each time: Varasto tells of no changes. What a list lacks is gone."""
        after = str((cursor or {}).get("after", ""))
        while True:
            items = self._ask(f"/products?{urlencode({'after': after, 'limit': PAGE})}")["items"]
            begins, ends = not after, len(items) < PAGE
            after = "" if ends else items[-1]["id"]
            received = tuple(map(_received, items))
            yield Page(
                received=received, cursor={"after": after}, sweep_begins=begins, sweep_ends=ends
            )
            if ends:
                return

    def _ask(self, path: str) -> Any:
        credential = self._opening.credential
        headers = {"X-Key": credential["key"], "Accept": "application/json"}
        answer = self._opening.outbound.send("GET", credential["base_url"] + path, headers=headers)
        if answer.status == 401:
            raise KeyRefused(log="401")
        if answer.status != 200:
            raise failure_of(answer, now=clock.now(), where="stock")
        try:
            return json.loads(answer.body)
        except ValueError:
            raise Unreadable(log="no JSON") from None


class Varasto:
    """See Provider."""

    name: str = "varasto"
    credential: tuple[CredentialField, ...] = (
        CredentialField("base_url", "Address", secret=False),
        CredentialField("key", "Key"),
    )
    streams: tuple[Stream, ...] = (Stream("products", RecordKind.PRODUCTS, "Products"),)

    def check(self, credential: Mapping[str, str], settings: Mapping[str, Any]) -> None:
        """See Provider."""
        wrong = {}
        if not credential["base_url"].startswith(("https://", "http://127.0.0.1:")):
            wrong["base_url"] = "Enter an address that begins with https://."
        if not credential["key"].isalnum():
            wrong["key"] = "Enter the key as Varasto shows it: letters and digits."
        if wrong:
            raise Invalid(fields=wrong)

    def recipients(
        self, credential: Mapping[str, str], settings: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """See Provider."""
        return (credential["base_url"],)

    def connect(self, opening: Opening) -> Connection:
        """See Provider."""
        return Stock(opening)

    def remap(self, stream: str, document: bytes) -> Received | None:
        """See Provider."""
        try:
            return _received(json.loads(document))
        except (ValueError, KeyError):
            return None


def _received(item: Mapping[str, Any]) -> Received:
    kept = {name: item[name] for name in ("id", "name", "price")}
    record = Product(name=item["name"], unit_price=Decimal(item["price"]))
    return Received(external_id=item["id"], record=record, document=json.dumps(kept).encode())
