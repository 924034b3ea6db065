"""Adding something exactly once, whatever happens to the answer.

A message whose answer was lost may have been done. Before it is sent again, somebody looks
whether it is there. A process can die as well: the caller notes durably that it is about to
add, and says so next time with `attempted_before`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from connector.outbound.failures import Failure, FailureKind
from connector.providers.netvisor.client import NetvisorClient, Query
from connector.providers.netvisor.documents import UnreadableXml

SETTLES: Final = 30.0
"""Seconds before looking: a message that nobody answered may still be being worked on, and what
is not there yet must not be taken for what was never done."""

Look = Callable[[], int | None]
"""The netvisor key of what was to be added, if it is there. Raises Failure."""


@dataclass(frozen=True, slots=True)
class Created:
    """`found`: it was there already, by an earlier message."""

    netvisor_key: int
    found: bool


def create_once(
    client: NetvisorClient,
    *,
    resource: str,
    query: Query,
    body: bytes,
    look: Look,
    attempted_before: bool,
) -> Created:
    """Add, or find what was added.

    Raises Failure. With `maybe_done` it is still open whether it is there: come back later with
    `attempted_before`.
    """
    unsure = attempted_before
    for seconds in (*client.patience.pauses, None):
        if unsure and (key := _look(look)) is not None:
            return Created(key, found=True)
        try:
            return Created(_add(client, resource, query, body), found=False)
        except Failure as failure:
            unsure = failure.maybe_done
            if unsure and failure.kind is not FailureKind.TRANSIENT:
                return _found_or(failure, look)
            settled = None if seconds is None else _settled(seconds, unsure=unsure)
            if settled is None or not client.patience.wait(failure, settled):
                raise
    raise AssertionError("the last attempt returns or raises")


def _settled(seconds: float, *, unsure: bool) -> float:
    return max(seconds, SETTLES) if unsure else seconds


def _add(client: NetvisorClient, resource: str, query: Query, body: bytes) -> int:
    key = client.write(resource, query, body)
    if key is None:
        raise UnreadableXml(log=f"{resource}, added without a key", maybe_done=True)
    return key


def _look(look: Look) -> int | None:
    try:
        return look()
    except Failure as failure:
        failure.maybe_done = True
        raise


def _found_or(failure: Failure, look: Look) -> Created:
    """A refusal such as DUPLICATE_DATA, or an answer that nobody can read: perhaps it is there."""
    key = _look(look)
    if key is None:
        raise failure
    return Created(key, found=True)
