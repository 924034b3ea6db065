"""Repeating what may be repeated: while the failure passes by itself, and the pause is short."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import sleep
from typing import Final, TypeVar

from connector.outbound.failures import Failure, FailureKind

LONGEST_PAUSE: Final = 60.0
"""Seconds; whoever asks us to wait longer is asked again by the schedule."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often somebody is asked again.

    Args:
        pauses: seconds before each repetition; then it is for the schedule to come back later.
        pause: how to wait, for tests.
    """

    pauses: tuple[float, ...]
    pause: Callable[[float], None] = field(default=sleep, repr=False)

    def repeat(self, attempt: Callable[[], T], *, before: Callable[[], object] = tuple) -> T:
        """What comes of the attempt that works, or of the last one.

        Args:
            attempt: what bears repetition. Raises Failure.
            before: done before each attempt; its failures are not repeated, for whoever does it
                has a patience of its own.
        """
        for seconds in self.pauses:
            before()
            try:
                return attempt()
            except Failure as failure:
                if not self.wait(failure, seconds):
                    raise
        return attempt()

    def wait(self, failure: Failure, seconds: float) -> bool:
        """Pause before a repetition; False when another time would be better, or none."""
        seconds = max(seconds, failure.retry_after or 0.0)
        if failure.kind is not FailureKind.TRANSIENT or seconds > LONGEST_PAUSE:
            return False
        self.pause(seconds)
        return True
