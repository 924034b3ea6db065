"""Calls that never happened, between numbers that nobody has."""

from datetime import UTC, datetime, time, timedelta
from itertools import count

from connector.calls.shapes import IncomingCall
from privacy.core.clock import now

CALLER, CALLED = "+12025550123", "+442079460345"
_serial = count(1)


def a_call(**given: object) -> IncomingCall:
    """An answered inbound call of today and at most an hour ago, unless `given` says otherwise."""
    moment = now().replace(microsecond=0)
    start = max(moment - timedelta(hours=1), datetime.combine(moment, time.min, UTC))
    values: dict[str, object] = {
        "direction": "inbound",
        "source_id": f"call-{next(_serial)}",
        "caller": CALLER,
        "called": CALLED,
        "user_id": "ext-17",
        "contact_person": "Person of a test",
        "company": "Example Ltd",
        "started_at": start,
    }
    values |= given
    began = values["started_at"]
    assert isinstance(began, datetime)
    values.setdefault("answered_at", began + timedelta(seconds=4))
    values.setdefault("ended_at", began + timedelta(seconds=64))
    return IncomingCall(**values)  # type: ignore[arg-type]


def days_ago(days: int) -> datetime:
    """Noon of a day, UTC."""
    return datetime.combine(now().date() - timedelta(days=days), time(12), UTC)
