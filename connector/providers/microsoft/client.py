"""Questions to one of Microsoft's interfaces: signed in, repeated when that is safe."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from time import sleep
from typing import Any, Final
from urllib.parse import quote, urlencode

import msgspec

from connector.outbound.client import Answer, Limits, Outbound
from connector.outbound.patience import Patience
from connector.providers.microsoft.documents import read_json, read_object
from connector.providers.microsoft.failures import (
    UnreadableJson,
    answer_failure,
    token_refused,
)
from connector.providers.microsoft.tokens import Tokens
from privacy.core import clock
from privacy.core.ids import new_id

LIMITS: Final = Limits(
    connect_seconds=10, idle_seconds=60, total_seconds=100, answer_bytes=16 * 1024 * 1024
)
PAUSES: Final = (2.0, 10.0)
"""Seconds before each repetition; then it is for the schedule to come back later."""
_SAFE: Final = "$',():;@!*-._~/="
"""Left as they are in a path and a query: OData reads them, and what is signed here is nothing."""

Query = Mapping[str, str | int]
Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long to wait, and for how many repetitions."""

    limits: Limits = LIMITS
    pauses: tuple[float, ...] = PAUSES
    pause: Callable[[float], None] = sleep

    @classmethod
    def within(cls, patience: float | None, pause: Callable[[float], None] = sleep) -> "Pace":
        """No pauses while somebody waits for so many seconds."""
        if patience is None:
            return cls(pause=pause)
        seconds = max(1.0, patience)
        return cls(Limits(min(10.0, seconds), seconds, seconds, LIMITS.answer_bytes), ())


class MicrosoftClient:
    """One interface for one account. Raises connector.outbound.failures.Failure.

    Args:
        base_url: of the interface, and the resource that its tokens are for.
        headers: made for each question; the same again when it is repeated.
    """

    def __init__(
        self,
        outbound: Outbound,
        tokens: Tokens,
        *,
        base_url: str,
        headers: Callable[[], Headers] = dict,
        pace: Pace = Pace(),
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._outbound = outbound
        self._tokens = tokens
        self._base_url = base_url
        self._headers = headers
        self._pace = pace
        self._now = now
        self.patience: Final = Patience(pace.pauses, pace.pause)

    @property
    def base_url(self) -> str:
        """Where it is, without a slash at the end."""
        return self._base_url

    def get(
        self, path: str, query: Query | None = None, *, where: str, headers: Headers | None = None
    ) -> dict[str, Any]:
        """The object at a path. `where`: our own name of it, for the log."""
        url = self._url(path, query)
        answer = self._patiently("GET", url, b"", where, headers or {})
        return read_object(answer.body, where=where)

    def get_list(self, path: str, *, where: str) -> list[Any]:
        """The list at a path, of what few interfaces do not put into an object."""
        answer = self._patiently("GET", self._url(path, None), b"", where, {})
        found = read_json(answer.body, where=where)
        if not isinstance(found, list):
            raise UnreadableJson(log=f"{where}, no list")
        return found

    def follow(self, url: str, *, where: str, headers: Headers | None = None) -> dict[str, Any]:
        """The object at a URL that the interface gave us; the host must be its own."""
        if not url.startswith(f"{self._base_url}/"):
            raise UnreadableJson(log=f"{where}, a link that leads elsewhere")
        answer = self._patiently("GET", url, b"", where, headers or {})
        return read_object(answer.body, where=where)

    def send(
        self, method: str, path: str, body: Any = None, *, where: str, again: bool = False
    ) -> dict[str, Any]:
        """Send an object. `again`: it may be repeated although it may have been done. An empty
        answer is an empty object."""
        content = b"" if body is None else msgspec.json.encode(body)
        said = {"Content-Type": "application/json"} if content else {}
        url = self._url(path, None)
        if again:
            answer = self._patiently(method, url, content, where, said)
        else:
            answer = self._signed_in(method, url, content, where, self._said(said))
        return read_object(answer.body, where=where) if answer.body else {}

    def _url(self, path: str, query: Query | None) -> str:
        url = f"{self._base_url}{quote(path, safe=_SAFE)}"
        return f"{url}?{urlencode(query, quote_via=quote, safe=_SAFE)}" if query else url

    def _said(self, more: Headers) -> dict[str, str]:
        return {"Accept": "application/json", **self._headers(), **more}

    def _patiently(self, method: str, url: str, body: bytes, where: str, more: Headers) -> Answer:
        headers = self._said(more)
        # A token is asked for outside: it has a pause of its own.
        return self.patience.repeat(
            lambda: self._signed_in(method, url, body, where, headers),
            before=lambda: self._tokens.bearer(self._base_url),
        )

    def _signed_in(
        self, method: str, url: str, body: bytes, where: str, headers: Headers
    ) -> Answer:
        """An answer of the 2xx; a token that is no longer accepted is fetched anew, once."""
        answer = self._once(method, url, body, headers)
        if answer.status == 401:
            self._tokens.drop(self._base_url)
            answer = self._once(method, url, body, headers)
        if answer.status == 401:
            raise token_refused(where)
        if not 200 <= answer.status < 300:
            raise answer_failure(answer, _error_in(answer), now=self._now(), where=where)
        return answer

    def _once(self, method: str, url: str, body: bytes, headers: Headers) -> Answer:
        token = self._tokens.bearer(self._base_url)
        said = {**headers, "Authorization": f"Bearer {token}"}
        return self._outbound.send(method, url, headers=said, body=body, limits=self._pace.limits)


def request_headers() -> Callable[[], Headers]:
    """Partner Center's: one correlation for a connection, one request id for each question and
    all of its repetitions, so that it is answered once."""
    correlation = str(new_id())
    return lambda: {
        "MS-Contract-Version": "v1",
        "MS-CorrelationId": correlation,
        "MS-RequestId": str(new_id()),
    }


def _error_in(answer: Answer) -> Any:
    try:
        return read_json(answer.body, where="an error")
    except UnreadableJson:
        return None
