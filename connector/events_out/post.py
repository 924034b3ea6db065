"""Post a parcel, and say in a status or a code how it went. No transaction is open meanwhile."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from connector.events_out.addresses import recipients_of
from connector.events_out.parcels import Parcel
from connector.outbound.client import Limits, Outbound
from connector.outbound.failures import Failure, NotDeclared
from connector.outbound.recipients import Recipients
from connector.outbound.statuses import retry_after
from privacy.core.clock import monotonic, now

LIMITS: Final = Limits(
    connect_seconds=5.0, idle_seconds=10.0, total_seconds=15.0, answer_bytes=1024 * 1024
)
"""A receiver answers first and works afterwards (Standard Webhooks: 15 to 30 seconds)."""


@dataclass(frozen=True, slots=True)
class Result:
    """How one attempt went. `retry_after`: seconds that the receiver asked for."""

    status: int | None = None
    code: str | None = None
    retry_after: float | None = None
    duration_ms: int = 0

    @property
    def taken(self) -> bool:
        """Whether the receiver has the event."""
        return self.code is None

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no event any more (410)."""
        return self.status == HTTPStatus.GONE


class Poster:
    """Posts to one host at a time: that of the parcel.

    Args:
        loopback: development: this machine may be posted to.
    """

    def __init__(self, *, loopback: bool = False) -> None:
        self._loopback = loopback

    def __call__(self, parcel: Parcel) -> Result:
        """Post it. Every failure becomes a result; only errors of ours are raised."""
        began = monotonic()
        result = self._post(parcel)
        took = round((monotonic() - began) * 1000)
        return Result(result.status, result.code, result.retry_after, took)

    def client(self, recipients: Recipients) -> Outbound:
        """The client for one host."""
        return Outbound(recipients, loopback=self._loopback, limits=LIMITS)

    def _post(self, parcel: Parcel) -> Result:
        try:
            client = self.client(recipients_of(parcel.url))
        except ValueError:
            return Result(code=NotDeclared.code)
        try:
            answer = client.send("POST", parcel.url, headers=parcel.headers, body=parcel.body)
        except Failure as failure:
            return Result(code=failure.code, retry_after=failure.retry_after)
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return Result(answer.status)
        wait = retry_after(answer, now=now())
        return Result(answer.status, f"http_{answer.status}", wait)
