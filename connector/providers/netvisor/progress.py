"""Where a stream stands, as a cursor: what was finished, and how far an unfinished run came.

A run that was interrupted goes on as it was planned: from its own beginning and the cursor
before it, the same plan is made again, and what lies above the last key that was saved is left
to do. What changes meanwhile comes with the next run, which asks from this one's beginning on.
"""

from datetime import datetime
from typing import Any

import msgspec

from connector.providers.netvisor.windows import Cursor, Plan, plan_run
from connector.providers.port import Cursor as Saved


class Progress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`synced_at`, `swept_at`: see windows.Cursor. `began`: of a run that is not finished."""

    synced_at: datetime | None = None
    swept_at: datetime | None = None
    began: datetime | None = None
    above: int = 0

    @classmethod
    def read(cls, saved: Saved | None) -> "Progress":
        """A saved cursor; one that cannot be read begins anew, which loses nothing."""
        try:
            return msgspec.convert(dict(saved or {}), cls)
        except msgspec.ValidationError:
            return cls()

    def begun(self, now: datetime) -> "Progress":
        """The run to go on with, or a new one."""
        if self.began is not None and self.began <= now:
            return self
        return msgspec.structs.replace(self, began=now, above=0)

    @property
    def plan(self) -> Plan:
        """What the run asks for."""
        if self.began is None:
            raise ValueError("no run has begun")
        return plan_run(Cursor(self.synced_at, self.swept_at), self.began)

    def after(self, key: int) -> Saved:
        """The cursor when everything up to `key` is saved."""
        return _saved(msgspec.structs.replace(self, above=key))

    def finished(self) -> Saved:
        """The cursor when all is saved."""
        following = self.plan.next_cursor
        return _saved(Progress(synced_at=following.synced_at, swept_at=following.swept_at))


def _saved(progress: Progress) -> Saved:
    plain: dict[str, Any] = msgspec.to_builtins(progress)
    return plain
