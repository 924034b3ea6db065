"""Twilio, status callbacks of calls.

Source id: CallSid. Each event of a call is a version of the record: SequenceNumber counts from
0, so the version is that plus 1; without it the order of CallStatus counts. Events are merged:
the first brings the start, `in-progress` the answer, the last the end. Where only the last one
arrives, the start is its time minus CallDuration.

A child call (ParentCallSid) is the other leg of its parent and skipped, unless both are asked
for. Direction: Twilio's `inbound` or `outbound-…`; between two clients or SIP users: internal.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from connector.calls.rejections import Rejection, RejectionCode, reject
from connector.calls.shapes import Direction
from connector.providers.base import (
    Delivery,
    Mapped,
    RawCall,
    Skipped,
    SkipReason,
    declared_only,
)
from connector.providers.directions import direction_of, is_inside
from connector.providers.drafts import draft
from connector.providers.moments import from_any, seconds_of
from connector.providers.texts import form_fields
from connector.providers.twilio.settings import TwilioSettings

_RECEIVED: Final = "received_at"
_ORDER: Final = {"queued": 1, "initiated": 1, "ringing": 2, "in-progress": 3}
_LAST: Final = 4
_ENDED: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_LABELS: Final = {
    "+266696687": "anonymous",
    "266696687": "anonymous",
    "+7378742833": "restricted",
    "7378742833": "restricted",
    "+2562533": "blocked",
    "2562533": "blocked",
    "+8656696": "unknown",
    "8656696": "unknown",
    "+86282452253": "unavailable",
    "86282452253": "unavailable",
}
"""What Twilio puts in From for a withheld number: the label, typed on a keypad."""


class Twilio:
    """The mapping of Twilio's status callbacks."""

    name = "twilio"
    settings_type = TwilioSettings

    _declared = frozenset(
        {
            *("CallSid", "ParentCallSid", "From", "To", "CallStatus", "Direction", "Timestamp"),
            *("CallDuration", "SequenceNumber", "CallerName", _RECEIVED),
        }
    )

    def declared_fields(self, settings: TwilioSettings) -> frozenset[str]:
        """Names of the form's fields, and the time of arrival."""
        return self._declared

    def split(self, delivery: Delivery, settings: TwilioSettings) -> Iterator[RawCall | Rejection]:
        """One raw call; the time of arrival stands in where Twilio sends no Timestamp."""
        fields = dict(form_fields(delivery.body))
        received = delivery.received_at.isoformat() if delivery.received_at else ""
        yield declared_only(0, fields | {_RECEIVED: received}, self._declared)

    def map(self, raw: RawCall, settings: TwilioSettings) -> Mapped:
        """The event as a version of its call."""
        if raw.first("ParentCallSid") and settings.legs == "a":
            return Skipped(raw.index, SkipReason.B_LEG)
        call_id, status = raw.first("CallSid"), (raw.first("CallStatus") or "").lower()
        if call_id is None or not status:
            hint = "A status callback has CallSid and CallStatus."
            return reject(RejectionCode.WRONG_SHAPE, index=raw.index, hint=hint)
        caller, called = _party(raw.first("From")), _party(raw.first("To"))
        direction = _direction(raw, caller, called, settings)
        moment = from_any(raw.first("Timestamp", _RECEIVED), settings.zone)
        answered, ended = _answer_and_end(raw, status, moment)
        return draft(
            raw.index,
            direction,
            answered or moment,
            source_id=call_id,
            version=_version(raw, status),
            caller=caller,
            called=called,
            user_id=_client(called if direction == "inbound" else caller),
            contact_person=raw.first("CallerName") if direction == "inbound" else None,
            answered_at=answered,
            ended_at=ended,
        )


def _party(number: str | None) -> str | None:
    return _LABELS.get(number or "", number)


def _client(party: str | None) -> str | None:
    """The user of `client:alice` and `sip:alice@…`."""
    scheme, found, rest = (party or "").partition(":")
    if not found or scheme.lower() not in {"client", "sip", "sips"}:
        return None
    return rest.partition("@")[0]


def _direction(
    raw: RawCall, caller: str | None, called: str | None, settings: TwilioSettings
) -> Direction:
    if is_inside(caller, settings) and is_inside(called, settings):
        return "internal"
    said = (raw.first("Direction") or "").lower()
    if said.startswith("outbound"):
        return "outbound"
    return direction_of(caller, called, settings, said="inbound" if said == "inbound" else None)


def _version(raw: RawCall, status: str) -> int:
    sequence = seconds_of(raw.first("SequenceNumber"))
    return _ORDER.get(status, _LAST) if sequence is None else sequence + 1


def _answer_and_end(
    raw: RawCall, status: str, moment: datetime | None
) -> tuple[datetime | None, datetime | None]:
    if status == "in-progress":
        return moment, None
    if status not in _ENDED or moment is None:
        return None, None
    duration = seconds_of(raw.first("CallDuration"))
    if status != "completed" or duration is None:
        return None, moment
    return moment - timedelta(seconds=duration), moment
