"""Rows of Teams' logs of telephone calls: of calling plans (PSTN; `callId` is not unique, `id` is)
and of direct routing, over trunks of the customer's own."""

import re
from datetime import datetime, timedelta
from typing import Any, Final

from connector.calls.shapes import Direction, IncomingCall
from connector.providers.microsoft.documents import Declared, Values, pack, pick
from connector.providers.port import Received

ROW: Final[Declared] = dict.fromkeys(
    (
        *("id", "callerNumber", "calleeNumber", "callType", "duration"),
        *("startDateTime", "endDateTime", "userId"),
    )
)
"""What service T declares of a call (promise A8)."""
DIRECT_ROW: Final[Declared] = dict.fromkeys(
    (
        *("id", "callerNumber", "calleeNumber", "callType", "duration", "successfulCall"),
        *("inviteDateTime", "startDateTime", "endDateTime", "failureDateTime", "userId"),
    )
)
"""The same of a call by direct routing. Its end is there only where it was established."""
_WAY = re.compile(r"(?:^|_)(in|out)(?=_|$)|Byot(In|Out)(?=[A-Z]|$)")
_LONGEST: Final = 200


def received_row(raw: dict[str, Any]) -> Received | None:
    """A row as Microsoft sent it; None where it is no call with a start."""
    return map_row(pick(raw, ROW))


def map_row(document: dict[str, Any]) -> Received | None:
    """A picked row. A call that was not connected for a second was not answered."""
    said = Values(document)
    key, started = said.string("id")[:_LONGEST], said.moment("startDateTime")
    if not key or started is None:
        return None
    ended = said.moment("endDateTime")
    ended = max(ended, started) if ended is not None else None
    call = IncomingCall(
        direction=_direction(said.string("callType")),
        started_at=started,
        source_id=f"pstn:{key}"[:_LONGEST],
        caller=said.string("callerNumber")[:_LONGEST] or None,
        called=said.string("calleeNumber")[:_LONGEST] or None,
        user_id=said.string("userId")[:_LONGEST] or None,
        answered_at=_answered(started, ended, said.whole("duration") or 0),
        ended_at=ended,
    )
    return Received(external_id=key, record=call, document=pack(document))


def received_direct(raw: dict[str, Any]) -> Received | None:
    """A row of direct routing as Microsoft sent it; None where it is no call with a start."""
    return map_direct(pick(raw, DIRECT_ROW))


def map_direct(document: dict[str, Any]) -> Received | None:
    """A picked row of direct routing. What failed or rang in vain was not answered; `id` names the
    leg, which is a call of its own to whoever looks for a number."""
    said = Values(document)
    key = said.string("id")[:_LONGEST]
    started = said.moment("startDateTime") or said.moment("inviteDateTime")
    if not key or started is None:
        return None
    ended = said.moment("endDateTime") or said.moment("failureDateTime")
    ended = max(ended, started) if ended is not None else None
    seconds = (said.whole("duration") or 0) if document.get("successfulCall", True) else 0
    call = IncomingCall(
        direction=_direction(said.string("callType")),
        started_at=started,
        source_id=f"direct:{key}"[:_LONGEST],
        caller=said.string("callerNumber")[:_LONGEST] or None,
        called=said.string("calleeNumber")[:_LONGEST] or None,
        user_id=said.string("userId")[:_LONGEST] or None,
        answered_at=_answered(started, ended, seconds),
        ended_at=ended,
    )
    return Received(external_id=key, record=call, document=pack(document))


def _answered(started: datetime, ended: datetime | None, seconds: int) -> datetime | None:
    """`duration` is how long the call was connected."""
    if seconds <= 0:
        return None
    if ended is None or seconds > (ended - started).total_seconds():
        return started
    return ended - timedelta(seconds=seconds)


def _direction(kind: str) -> Direction:
    """`user_in`, `user_out_transfer`, `conf_in`, `ByotOutUserForwarding` …"""
    found = _WAY.search(kind)
    return "inbound" if found and found[0].lower().endswith("in") else "outbound"
