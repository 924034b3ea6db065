"""Messages to Netvisor: one at a time, signed, repeated when that is safe.

Netvisor wants one message at a time for each customer environment: `alone` is a lock of the
account over all processes, held for each message and not while waiting between two.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from secrets import token_hex
from time import sleep
from typing import Final
from urllib.parse import quote, urlencode

from connector.outbound.client import Answer, Limits, Outbound
from connector.outbound.failures import Failure
from connector.outbound.patience import Patience
from connector.outbound.statuses import failure_of
from connector.providers.netvisor.credentials import NetvisorCredentials
from connector.providers.netvisor.documents import Node, UnreadableXml, read_nodes
from connector.providers.netvisor.envelope import ENVELOPE, check_status, inserted_key
from connector.providers.netvisor.signing import Stamp, signed_headers
from privacy.core import clock

LIMITS: Final = Limits(
    connect_seconds=15.0,
    idle_seconds=120.0,
    total_seconds=180.0,
    answer_bytes=32 * 1024 * 1024,
)
"""Netvisor asks for a patience of 120 s at least."""
PAUSES: Final = (2.0, 10.0, 30.0)
"""Seconds before each repetition; then it is for the schedule to come back later."""

Query = Mapping[str, str]


class NetvisorClient:
    """One account's messages.

    Args:
        alone: enters the account's lock; may raise a TransientFailure when it is not to be had.
        transaction_id, pause, now: for tests.
    """

    def __init__(
        self,
        credentials: NetvisorCredentials,
        outbound: Outbound,
        *,
        alone: Callable[[], AbstractContextManager[object]],
        limits: Limits = LIMITS,
        pauses: tuple[float, ...] = PAUSES,
        transaction_id: Callable[[], str] = lambda: token_hex(16),
        pause: Callable[[float], None] = sleep,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._credentials = credentials
        self._outbound = outbound
        self._alone = alone
        self._limits = limits
        self.patience: Final = Patience(pauses, pause)
        self._transaction_id = transaction_id
        self._now = now

    def read(self, resource: str, query: Query, wanted: frozenset[str]) -> Iterator[Node]:
        """The elements of these names in the answer to a GET. Asked once at the first `next`, and
        again after a pause when Netvisor is away. Raises Failure."""
        answer = self.patience.repeat(lambda: self._checked("GET", resource, query, b""))
        yield from self._nodes(answer, resource, wanted)

    def write(self, resource: str, query: Query, body: bytes = b"") -> int | None:
        """Send once. The key of what was added, if anything was.

        Raises Failure; `maybe_done` says that nobody knows whether it was done.
        """
        try:
            answer = self._checked("POST", resource, query, body)
            nodes = list(self._nodes(answer, resource, frozenset()))
        except UnreadableXml as failure:
            failure.maybe_done = True
            raise
        return next((inserted_key(node) for node in nodes if node.name == "replies"), None)

    def _checked(self, method: str, resource: str, query: Query, body: bytes) -> Answer:
        """An answer whose HTTP status and envelope are both well."""
        with self._alone():
            answer = self._send(method, resource, query, body)
        if not 200 <= answer.status < 300:
            raise self._failure(answer, resource)
        self._check_envelope(answer, resource)
        return answer

    def _send(self, method: str, resource: str, query: Query, body: bytes) -> Answer:
        url = f"{self._credentials.base_url}/{resource}.nv"
        if query:
            url = f"{url}?{urlencode(query, quote_via=quote, safe='')}"
        stamp = Stamp.at(self._now(), url=url, transaction_id=self._transaction_id())
        headers = signed_headers(self._credentials, stamp) | {
            "Content-Type": "text/xml; charset=utf-8"
        }
        return self._outbound.send(method, url, headers=headers, body=body, limits=self._limits)

    def _failure(self, answer: Answer, resource: str) -> Failure:
        """Netvisor's own words if the error page has them; a 5xx may have been done anyway."""
        failure = failure_of(answer, now=self._now(), where=resource)
        try:
            self._check_envelope(answer, resource)
        except UnreadableXml:
            return failure
        except Failure as said:
            said.retry_after = failure.retry_after or said.retry_after
            return said
        return failure

    def _check_envelope(self, answer: Answer, resource: str) -> None:
        for node in read_nodes(answer.body, ENVELOPE):
            if node.name == "responsestatus":
                check_status(node, secrets=self._credentials.secrets, where=resource)
                return

    def _nodes(self, answer: Answer, resource: str, wanted: frozenset[str]) -> Iterator[Node]:
        """Envelope and wanted elements. An answer with neither is none of Netvisor's."""
        ours = False
        for node in read_nodes(answer.body, ENVELOPE | wanted):
            ours = True
            if node.name in wanted or node.name == "replies":
                yield node
        if not ours:
            raise UnreadableXml(log=f"{resource}, no answer in it")
