"""msal's way to the network: through the one client, to declared recipients, within its limits.

msal asks for an object with `get` and `post` and judges the status itself. It would log a body
that is no JSON and wrap refusals in texts that repeat it, so what is not an answer of the token
endpoint never reaches it.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from connector.outbound.client import Answer, Limits, Outbound
from connector.outbound.failures import Failure
from connector.outbound.statuses import failure_of
from connector.providers.microsoft.documents import Values, read_object
from connector.providers.microsoft.failures import token_failure, unknown_tenant
from privacy.core import clock

LIMITS: Final = Limits(connect_seconds=10, idle_seconds=15, total_seconds=30, answer_bytes=262_144)
_OF_THE_ENDPOINT: Final = frozenset({200, 400, 401})


class MsalAnswer:
    """What msal reads of an answer. It is 200, or an OAuth 2.0 error in JSON."""

    def __init__(self, answer: Answer) -> None:
        self.status_code = answer.status
        self.text = answer.body.decode("utf-8-sig")
        self.headers: dict[str, str] = {}
        """None: msal would remember answers by their Retry-After."""

    def raise_for_status(self) -> None:
        """Never needed: what is no answer was raised before."""


class MsalDoor:
    """An `http_client` for msal. Raises connector.outbound.failures.Failure."""

    def __init__(self, outbound: Outbound, limits: Limits = LIMITS) -> None:
        self._outbound = outbound
        self._limits = limits

    def get(self, url: str, params: Any = None, headers: Any = None, **_: Any) -> MsalAnswer:
        """The directory's description of itself."""
        query = f"?{urlencode(params)}" if params else ""
        answer = self._send("GET", f"{url}{query}", headers or {}, b"")
        if answer.status in (400, 404):
            raise _no_description(answer)
        return self._read(answer, frozenset({200}))

    def post(
        self, url: str, params: Any = None, data: Any = None, headers: Any = None, **_: Any
    ) -> MsalAnswer:
        """A question for a token."""
        query = f"?{urlencode(params)}" if params else ""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(data or {}).encode("ascii")
        answer = self._send("POST", f"{url}{query}", form | dict(headers or {}), body)
        return self._read(answer, _OF_THE_ENDPOINT)

    def close(self) -> None:
        """Nothing is kept open."""

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        said = {name: str(value) for name, value in headers.items()}
        return self._outbound.send(method, url, headers=said, body=body, limits=self._limits)

    def _read(self, answer: Answer, statuses: frozenset[int]) -> MsalAnswer:
        if answer.status not in statuses:
            raise failure_of(answer, now=clock.now(), where="token")
        read_object(answer.body, where="token")
        return MsalAnswer(answer)


def _no_description(answer: Answer) -> Failure:
    """400 is said of directories that are not there, and of other things."""
    error = Values(read_object(answer.body, where="token")).string("error").lower()
    return token_failure(error) if error and error != "not_found" else unknown_tenant()
