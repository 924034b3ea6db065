"""What holds between the times of a call, whoever sent it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from connector.calls.rejections import Rejection, RejectionCode, reject
from connector.calls.shapes import IncomingCall

AHEAD: Final = timedelta(days=1)
ROUNDING: Final = timedelta(seconds=1)
"""Exchanges cut some of a call's times to whole seconds, and not all of them."""
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)


def check_times(call: IncomingCall, *, now: datetime, index: int = 0) -> Rejection | None:
    """Why the call's times cannot be true, or None. Records that are merely old pass."""
    code = _broken_rule(call.started_at, call.answered_at, call.ended_at, now + AHEAD)
    return None if code is None else reject(code, index=index)


def check_many(
    calls: Sequence[IncomingCall], *, now: datetime, indexes: Sequence[int]
) -> list[Rejection | None]:
    """`check_times` of each; most are seen to be in order at a glance."""
    latest = now + AHEAD
    return [
        None
        if _in_order(call.started_at, call.answered_at, call.ended_at, latest)
        else check_times(call, now=now, index=index)
        for call, index in zip(calls, indexes, strict=True)
    ]


def _in_order(
    start: datetime, answer: datetime | None, end: datetime | None, latest: datetime
) -> bool:
    return EARLIEST <= start <= (answer or start) <= (end or latest) <= latest


def _broken_rule(
    start: datetime, answer: datetime | None, end: datetime | None, latest: datetime
) -> RejectionCode | None:
    if start > latest:
        return RejectionCode.STARTS_IN_FUTURE
    if start < EARLIEST:
        return RejectionCode.INVALID_FIELD
    if end is not None and end > latest:
        return RejectionCode.ENDS_IN_FUTURE
    if end is not None and end < start - ROUNDING:
        return RejectionCode.ENDS_BEFORE_START
    if answer is not None and not _between(start, answer, end or latest):
        return RejectionCode.ANSWERED_OUT_OF_ORDER
    return None


def _between(start: datetime, moment: datetime, end: datetime) -> bool:
    return start - ROUNDING <= moment <= end + ROUNDING
