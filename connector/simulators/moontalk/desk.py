"""One question from key to answer."""

import base64
import hashlib
import hmac
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from connector.providers.moments import from_any
from connector.providers.moontalk.ways import Paging, SignIn
from connector.simulators.moontalk.books import Books, Call, seeded
from connector.simulators.moontalk.faults import Faults
from privacy.core import clock

PATH: Final = "/api/v1/calls"
HEADER: Final = "X-API-Key"
USER: Final = "silta"
MOST: Final = 1_000
_UTC: Final = ZoneInfo("UTC")
_KNOWN: Final = {
    Paging.CURSOR: frozenset({"limit", "updated_since", "cursor"}),
    Paging.PAGE: frozenset({"limit", "updated_since", "page"}),
    Paging.SINCE: frozenset({"limit", "updated_since"}),
}


class Refusal(Exception):
    """A status, and a word."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(status)
        self.status = status
        self.error = error


@dataclass(slots=True)
class Desk:
    """The telephone service behind one address."""

    books: Books
    key: str
    sign_in: SignIn
    paging: Paging
    now: Callable[[], datetime]
    faults: Faults = field(default_factory=Faults)
    answered: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, headers: Mapping[str, str], query: Mapping[str, str]) -> dict[str, Any]:
        """The document. Raises Refusal. Names of headers in lower case."""
        if not self._known(headers):
            raise Refusal(401, "unauthorized")
        unknown = set(query) - _KNOWN[self.paging]
        if unknown:
            raise Refusal(400, "unknown_parameter")
        with self._turn:
            self.answered += 1
            found = self.books.changed_since(_since(query))
            limit = min(_whole(query, "limit", 100), MOST)
            return _ANSWERS[self.paging](found, query, max(limit, 1))

    def _known(self, headers: Mapping[str, str]) -> bool:
        match self.sign_in:
            case SignIn.HEADER:
                given, wanted = headers.get(HEADER.lower(), ""), self.key
            case SignIn.BEARER:
                given, wanted = headers.get("authorization", ""), f"Bearer {self.key}"
            case SignIn.BASIC:
                both = base64.b64encode(f"{USER}:{self.key}".encode()).decode()
                given, wanted = headers.get("authorization", ""), f"Basic {both}"
        return hmac.compare_digest(given.encode("latin-1", "replace"), wanted.encode())


def open_desk(
    *,
    seed: int = 1,
    calls: int = 200,
    paging: Paging = Paging.CURSOR,
    sign_in: SignIn = SignIn.HEADER,
    now: Callable[[], datetime] = clock.now,
) -> Desk:
    """A desk with seeded calls and a key."""
    return Desk(seeded(seed, calls=calls, now=now()), key_of(seed), sign_in, paging, now)


def key_of(seed: int) -> str:
    """Not secret: it opens nothing but the simulator."""
    return f"mtk_{hashlib.sha256(f'{seed}/moontalk'.encode()).hexdigest()[:40]}"


def _since(query: Mapping[str, str]) -> datetime | None:
    said = query.get("updated_since")
    if said is None:
        return None
    moment = from_any(said, _UTC)
    if moment is None:
        raise Refusal(400, "invalid_updated_since")
    return moment


def _whole(query: Mapping[str, str], name: str, default: int) -> int:
    said = query.get(name, str(default))
    if not said.isascii() or not said.isdigit() or len(said) > 9:
        raise Refusal(400, f"invalid_{name}")
    return int(said)


def _by_cursor(found: list[Call], query: Mapping[str, str], limit: int) -> dict[str, Any]:
    """The cursor names the last call of the page before."""
    if query.get("cursor"):
        after = _last(query["cursor"])
        found = [call for call in found if (call["updated_at"], call["id"]) > after]
    more = len(found) > limit
    shown = found[:limit]
    following = _cursor(shown[-1]) if more else None
    return {"calls": shown, "next_cursor": following}


def _by_number(found: list[Call], query: Mapping[str, str], limit: int) -> dict[str, Any]:
    """The newest first, as most lists are."""
    number = _whole(query, "page", 1)
    newest = found[::-1]
    shown = newest[max(number - 1, 0) * limit :][:limit]
    return {"calls": shown, "page": number, "total": len(found)}


def _by_time(found: list[Call], query: Mapping[str, str], limit: int) -> dict[str, Any]:
    return {"calls": found[:limit]}


_ANSWERS: Final = {
    Paging.CURSOR: _by_cursor,
    Paging.PAGE: _by_number,
    Paging.SINCE: _by_time,
}


def _cursor(call: Call) -> str:
    return base64.urlsafe_b64encode(f"{call['updated_at']}|{call['id']}".encode()).decode()


def _last(cursor: str) -> tuple[str, str]:
    try:
        at, _, key = base64.urlsafe_b64decode(cursor).decode().partition("|")
    except ValueError:
        raise Refusal(400, "invalid_cursor") from None
    return at, key
