"""One call out of several deliveries about it (`KindFacts.merges`).

The state that is needed is the stored record of the same source id, opened. Merging is the same
in whatever order the deliveries come, as long as those that know the parties agree on them, as
an exchange's do: the earliest start and answer, the latest end, and of each other field what the
highest version that knows it says.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import msgspec

from connector.calls.shapes import CallRecord, IncomingCall

C = TypeVar("C", CallRecord, IncomingCall)


def merge(stored: C, incoming: C) -> C:
    """Both as one. The result has the higher version; equal input is returned unchanged."""
    older, newer = sorted((stored, incoming), key=_rank)
    parties = newer if newer.caller or newer.called else older
    return msgspec.structs.replace(
        newer,
        direction=parties.direction,
        started_at=min(older.started_at, newer.started_at),
        answered_at=_pick(min, older.answered_at, newer.answered_at),
        ended_at=_pick(max, older.ended_at, newer.ended_at),
        caller=newer.caller or older.caller,
        called=newer.called or older.called,
        user_id=newer.user_id or older.user_id,
        contact_person=newer.contact_person or older.contact_person,
        company=newer.company or older.company,
    )


def _rank(call: CallRecord | IncomingCall) -> tuple[int, datetime]:
    return call.version, call.started_at


def _pick(
    choose: Callable[[list[datetime]], datetime], one: datetime | None, other: datetime | None
) -> datetime | None:
    known = [moment for moment in (one, other) if moment is not None]
    return choose(known) if known else None
