"""A call as it is sent to us, and as it is sealed."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from connector.calls.numbers import canonical_of

Direction = Literal["inbound", "outbound", "internal"]
Text = Annotated[str, Meta(max_length=200)]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Moment = Annotated[datetime, Meta(tz=True)]


class CallRecord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The normalised call that is sealed, all fields and exact times.

    Numbers are E.164 or kept as such (see connector.calls.numbers), times aware and in UTC with
    microseconds. The account is a column of the row and not repeated here. Encoded as an array:
    new fields go to the end, with a default, so that older blobs still open.
    """

    source_id: str | None
    version: int
    direction: Direction
    caller: str | None
    called: str | None
    user_id: str | None
    contact_person: str | None
    company: str | None
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None

    @property
    def day(self) -> date:
        """The UTC day of the start: whose key seals the record."""
        start = self.started_at
        return start.date() if start.tzinfo is UTC else start.astimezone(UTC).date()

    @property
    def identity(self) -> bytes:
        """What names this call at its source, for the keyed digest that is the row's id.

        The source's own id where there is one; the whole content where there is none, so that
        a redelivery of the same content is still recognised.
        """
        return identities(b"", (self,))[0]


class IncomingCall(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, gc=False):
    """One call as a sender gives it; what no profile declares is refused (unknown fields)."""

    direction: Direction
    started_at: Moment
    source_id: Text | None = None
    version: Version = 1
    caller: Text | None = None
    called: Text | None = None
    user_id: Text | None = None
    contact_person: Text | None = None
    company: Text | None = None
    answered_at: Moment | None = None
    ended_at: Moment | None = None
    account: Text | None = None
    """Id or external key of the connector account."""

    def normalise(self, region: str) -> CallRecord:
        """The form that is sealed; `region` (ISO 3166) is where national numbers are from."""
        return normalise_many([self], region)[0]


def normalise_many(calls: list[IncomingCall], region: str) -> list[CallRecord]:
    """`normalise` for many, each distinct number once."""
    numbers = {call.caller for call in calls}
    numbers.update([call.called for call in calls])
    known = canonical_of(numbers, region)
    return [
        CallRecord(
            call.source_id or None,
            call.version,
            call.direction,
            known[call.caller],
            known[call.called],
            call.user_id or None,
            call.contact_person or None,
            call.company or None,
            call.started_at,
            call.answered_at,
            call.ended_at,
        )
        for call in calls
    ]


def days_of(records: Iterable[CallRecord]) -> list[date]:
    """`day` of each."""
    return [
        start.date() if (start := record.started_at).tzinfo is UTC else record.day
        for record in records
    ]


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(CallRecord)


def encode_record(record: CallRecord) -> bytes:
    """MessagePack of all fields; what is sealed."""
    return _encoder.encode(record)


def encode_records(records: Iterable[CallRecord]) -> list[bytes]:
    """`encode_record` of each."""
    return list(map(_encoder.encode, records))


def identities(head: bytes, records: Iterable[CallRecord]) -> list[bytes]:
    """`identity` of each, behind `head`."""
    source, content = head + b"source:", head + b"content:"
    return [
        content + encode_record(record)
        if record.source_id is None
        else source + record.source_id.encode("utf-8", "surrogatepass")
        for record in records
    ]


def decode_record(blob: bytes) -> CallRecord:
    """The record again, times in UTC. Raises msgspec.DecodeError on anything else."""
    return _decoder.decode(blob)
