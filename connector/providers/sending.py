"""The port of systems that something can be added to. A connection may have it besides reading."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from connector.outgoing.shapes import Outgoing


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is durably known when something is about to be added.

    Args:
        marker: unique among all that is ever sent: one ASCII word by which it is found again.
        first_tried_at: when the first attempt ever began, aware.
        repeated: whether an earlier attempt may have arrived; then look before adding.
    """

    marker: str
    first_tried_at: datetime
    repeated: bool


@dataclass(frozen=True, slots=True)
class Added:
    """`found`: it was there already, by an earlier attempt."""

    external_id: str
    found: bool


@runtime_checkable
class Adding(Protocol):
    """A connection that can add."""

    def add(self, thing: Outgoing, attempt: Attempt) -> Added:
        """Add it exactly once. Raises Failure; with `maybe_done` nobody knows yet."""
