"""When an event that was not taken is tried again: Standard Webhooks' schedule, over days."""

import random
from datetime import timedelta
from typing import Final

_DICE = random.SystemRandom()
_HOURS = (2, 5, 10, 14, 20, 24)

PAUSES: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in _HOURS),
)
"""After the first attempt, the second, and so on: ten attempts within three days and four hours."""

MOST_TRIES: Final = len(PAUSES) + 1
GIVES_UP_AFTER: Final = timedelta(days=3)
"""An endpoint that has taken nothing for so long, whatever was sent, is disabled."""


def pause_after(tries: int, *, asked: float | None = None) -> timedelta | None:
    """How long to wait after attempt number `tries`; None when it was the last.

    Up to a tenth more, so that what failed together does not come back together. The receiver
    may ask (Retry-After) for longer, never for shorter.
    """
    if tries >= MOST_TRIES:
        return None
    usual = PAUSES[tries - 1] * _DICE.uniform(1.0, 1.1)
    return max(usual, timedelta(seconds=asked or 0.0))
