"""The memory that bodies of all requests share, and who gives way when it is short."""

import asyncio

from jobs.edge.limits import Limits
from jobs.edge.measures import HELD
from jobs.edge.paces import Pace


class Share:
    """What one body holds of it. `deadline` is the wait for the sender, while there is one."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.size = self.charged = 0
        self.evicted = False
        self.deadline: asyncio.Timeout | None = None

    def evict(self) -> None:
        """End the wait for this sender now."""
        self.evicted = True
        if self.deadline is not None:
            self.deadline.reschedule(asyncio.get_running_loop().time())


class Memory:
    """Of one process. All its methods run in the loop's thread."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held = 0
        self._arriving: set[Share] = set()

    def open(self) -> Share:
        """A body begins to arrive."""
        share = Share(Pace(self._limits.patience, self._limits.rate))
        self._arriving.add(share)
        return share

    def grow(self, share: Share, amount: int) -> bool:
        """Take `amount` more bytes; False when there is no room, not even with others evicted."""
        share.size += amount
        wanted = max(0, share.size - self._limits.free) - share.charged
        if wanted and self._held + wanted > self._limits.held and not self._make_room(share):
            return False
        self._charge(share, wanted)
        return True

    def arrived(self, share: Share) -> None:
        """It is whole: from here on it is our own slowness, and it stays."""
        self._arriving.discard(share)

    def close(self, share: Share) -> None:
        """Nobody needs the body any more."""
        self._arriving.discard(share)
        self._charge(share, -share.charged)

    def _charge(self, share: Share, amount: int) -> None:
        share.charged += amount
        self._held += amount
        HELD.inc(amount)

    def _make_room(self, share: Share) -> bool:
        """The sender that has been silent longest gives way, if it has been for some time."""
        others = [each for each in self._arriving if each is not share and each.charged]
        idlest = max(others, key=lambda each: each.pace.idle, default=None)
        if idlest is None or idlest.pace.idle < self._limits.stalled:
            return False
        self._charge(idlest, -idlest.charged)
        self._arriving.discard(idlest)
        idlest.evict()
        return True
