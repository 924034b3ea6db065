"""How long to leave a system alone after a failure."""

from datetime import timedelta
from typing import Final

from connector.outbound.failures import Failure, FailureKind

SHORTEST: Final = timedelta(seconds=30)
"""After any failure, be it of a renewal or of a question."""
_FIRST: Final = timedelta(minutes=1)
_LONGEST: Final = {
    FailureKind.TRANSIENT: timedelta(hours=1),
    FailureKind.CONFIGURATION: timedelta(hours=24),
    FailureKind.SYSTEM: timedelta(hours=6),
}


def pause_after(failure: Failure, *, failures: int) -> timedelta:
    """Doubled with each failure in a row (`failures`, from 1 on), and what the other side asked
    for at the least."""
    doubled: timedelta = _FIRST * 2 ** min(max(failures, 1) - 1, 20)
    asked = timedelta(seconds=failure.retry_after or 0)
    return max(min(doubled, _LONGEST[failure.kind]), asked, SHORTEST)
