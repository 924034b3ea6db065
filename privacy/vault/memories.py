"""What a process remembers of the ring, bounded, and only as long as the ring allows."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, NamedTuple, TypeVar

from privacy.vault.ring_versions import RingVersion

Value = TypeVar("Value")


class Found(NamedTuple, Generic[Value]):
    """A remembered answer; `value` None means that there was no such key."""

    value: Value | None


class Memory(Generic[Value]):
    """Answers of the ring, least recently used out first.

    Each is stamped with the version of the ring that it was read under. A key counts for
    transactions that see no later flush, an absence for those that see no later change.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[Hashable, tuple[RingVersion, Value | None]] = OrderedDict()
        self._lock = Lock()

    def get(self, name: Hashable, seen: RingVersion) -> Found[Value] | None:
        """The answer for `name` in a transaction that sees `seen`; None when it must be read."""
        with self._lock:
            entry = self._entries.get(name)
            if entry is None:
                return None
            stamp, value = entry
            current = stamp.flushed >= seen.flushed
            if not current or (value is None and stamp.version < seen.version):
                del self._entries[name]
                return None
            self._entries.move_to_end(name)
            return Found(value)

    def put(self, name: Hashable, stamp: RingVersion, value: Value | None) -> None:
        """Remember what was read under `stamp`."""
        with self._lock:
            self._entries[name] = (stamp, value)
            self._entries.move_to_end(name)
            if len(self._entries) > self._capacity:
                self._entries.popitem(last=False)

    def drop_before(self, seen: RingVersion) -> None:
        """Forget everything read before the flush that `seen` knows of."""
        with self._lock:
            old = [n for n, (stamp, _) in self._entries.items() if stamp.flushed < seen.flushed]
            for name in old:
                del self._entries[name]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()

    def renew(self) -> None:
        """Forget everything in a forked child, where a thread left behind may hold the lock."""
        self._lock = Lock()
        self._entries = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)
