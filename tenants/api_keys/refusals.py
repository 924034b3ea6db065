"""A key that is refused is said in the ledger once a minute: whoever goes on sending with a
closed one would otherwise write the tenant's ledger full, faster than any limit counts them."""

import threading
import uuid
from collections.abc import Callable
from typing import Final

from privacy.core.clock import monotonic

MINUTE: Final = 60.0
_MOST_KEPT: Final = 10_000


class Saids:
    """What this process has said of late. Ids of keys and codes only."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._until: dict[tuple[uuid.UUID, str], float] = {}

    def is_new(self, key_id: uuid.UUID, code: str) -> bool:
        """Whether this was not said within the last minute; from now on it was."""
        now = self._clock()
        with self._lock:
            if self._until.get((key_id, code), now) > now:
                return False
            if len(self._until) >= _MOST_KEPT:
                self._until.clear()
            self._until[key_id, code] = now + MINUTE
        return True
