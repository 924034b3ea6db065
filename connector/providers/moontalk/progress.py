"""Where the reading of a Moontalk stands: what a cursor says, and how it moves.

`since` is what was read completely: all that changed up to it. A run asks from a little before
it on (both moments included, or it would lose ties), and what comes again is recognised.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

from connector.providers.moontalk.fields import Source
from connector.providers.moontalk.ways import Paging
from connector.providers.port import Cursor

KEPT: Final = timedelta(days=30)
"""Calls are kept so long; older ones are not asked for."""
OVERLAP: Final = timedelta(minutes=2)
"""Changes can become visible later than they say that they happened."""
LISTED_EVERY: Final = timedelta(days=1)
"""Pages by number shift when something changes meanwhile, and a call falls between two of them:
everything is listed again each day."""
_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One stream's. `listed`: when everything was last listed. The rest is of a run under
    way; `whole`: it lists everything."""

    since: datetime | None = None
    listed: datetime | None = None
    began: datetime | None = None
    start: datetime | None = None
    high: datetime | None = None
    whole: bool = False
    place: str = ""

    @classmethod
    def read(cls, cursor: Cursor | None) -> Self:
        """From a cursor of ours."""
        said = cursor or {}
        moments = {name: _moment(said, name) for name in _MOMENTS}
        place = said.get("place", "")
        return cls(
            **moments,
            whole=said.get("whole") is True,
            place=place if isinstance(place, str) else "",
        )

    def cursor(self) -> dict[str, Any]:
        """As JSON."""
        said: dict[str, Any] = {
            name: at.isoformat() for name in _MOMENTS if (at := getattr(self, name)) is not None
        }
        if self.whole:
            said["whole"] = True
        return said | ({"place": self.place} if self.place else {})

    def begun(self, source: Source, now: datetime) -> Self:
        """A run under way goes on; else a new one begins."""
        if self.began is not None and self.start is not None:
            return self
        earliest = now - KEPT
        stale = source.paging is Paging.PAGE and (
            self.listed is None or now - self.listed >= LISTED_EVERY
        )
        known = None if stale else self.since
        start = earliest if known is None else max(known - OVERLAP, earliest)
        return replace(self, began=now, start=start, high=None, whole=known is None)

    def seen(self, newest: datetime | None) -> Self:
        """After an answer. What says that it changes tomorrow does not take us there."""
        if newest is None:
            return self
        newest = min(newest, self.began or newest)
        return replace(self, high=newest if self.high is None else max(self.high, newest))

    def at(self, place: str) -> Self:
        """The next question's place."""
        return replace(self, place=place)

    def further(self) -> Self:
        """From the last change seen on; a second is shared, whatever 'since' means there."""
        if self.high is None or self.start is None:
            return self
        return replace(self, start=max(self.start, self.high - _SECOND))

    def finished(self, *, told: bool, place: str = "") -> Self:
        """Nothing is left. `told`: calls came; where none says when it changed, our own clock
        does."""
        high = self.began if self.high is None and told else self.high
        since = max((at for at in (self.since, high) if at is not None), default=None)
        listed = self.began if self.whole else self.listed
        return type(self)(since=since, listed=listed, place=place)


_MOMENTS: Final = ("since", "listed", "began", "start", "high")


def _moment(said: Cursor, name: str) -> datetime | None:
    found = said.get(name)
    try:
        return datetime.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        return None
