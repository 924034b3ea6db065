"""The port between what an exchange sends and a call record. Pure: no database, no network.

A delivery is split into raw calls, each a flat table of the declared fields only; a raw call is
mapped to an IncomingCall. What is kept sealed beside a record is the raw call, so that a better
mapping can be run again over it, and what the profile does not declare was never stored.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Final, Protocol, TypeVar

import msgspec

from connector.calls.rejections import REASONS, Rejection, RejectionCode, reject
from connector.calls.shapes import IncomingCall
from connector.providers.settings import AccountSettings
from privacy.core.errors import BadInput

MAX_DOCUMENT: Final = 1024 * 1024
"""Bytes of one exchange's document about one call; real ones have some tens of thousands."""
MAX_VALUE: Final = 1_000

S = TypeVar("S", bound=AccountSettings)


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One request, or one file, as it came. `url` is the public one, with its query."""

    body: bytes
    content_type: str = ""
    query: Mapping[str, str] = msgspec.field(default_factory=dict)
    url: str = ""
    signature: str = ""
    received_at: datetime | None = None


class RawCall(msgspec.Struct, frozen=True):
    """One record of a delivery: its place in it (from 0), and its declared fields as sent."""

    index: int
    fields: dict[str, str]

    def document(self) -> bytes:
        """What is sealed beside the record."""
        return msgspec.json.encode(self.fields)

    @classmethod
    def from_document(cls, document: bytes, *, index: int = 0) -> "RawCall":
        """The raw call again. Raises msgspec.DecodeError on anything else."""
        return cls(index, msgspec.json.decode(document, type=dict[str, str]))

    def first(self, *names: str) -> str | None:
        """The first of these fields that says something, without spaces around it."""
        for name in names:
            value = self.fields.get(name, "").strip()
            if value:
                return value
        return None


class SkipReason(StrEnum):
    """Why a raw call makes no record, and rightly so."""

    B_LEG = "b_leg"
    NOT_A_CALL = "not_a_call"


class Skipped(msgspec.Struct, frozen=True):
    """A raw call that is no record: nothing is stored, nothing is wrong."""

    index: int
    reason: SkipReason


Mapped = IncomingCall | Rejection | Skipped


class MappingError(BadInput):
    """A delivery as a whole cannot be read; nothing of it is stored."""

    code = "unreadable"

    def __init__(self, code: RejectionCode, hint: str = "") -> None:
        self.rejection_code = code
        self.hint = hint
        super().__init__(f"{REASONS[code]} {hint}".rstrip(), code=code.value)

    def rejection(self, index: int = 0) -> Rejection:
        """The same, as the rejection of one record."""
        return reject(self.rejection_code, index=index, hint=self.hint)


class CallMapping(Protocol[S]):
    """One exchange's way of telling about calls."""

    name: str
    settings_type: type[S]

    def declared_fields(self, settings: S) -> frozenset[str]:
        """The raw fields that are kept; all others are stripped by `split`."""

    def split(self, delivery: Delivery, settings: S) -> Iterator[RawCall | Rejection]:
        """The records of a delivery. Raises MappingError when it cannot be read as a whole."""

    def map(self, raw: RawCall, settings: S) -> Mapped:
        """One record's call. Never raises."""


class FileMapping(CallMapping[S], Protocol[S]):
    """A mapping whose deliveries are files of rows, which can be long."""

    def rows(
        self, stream: BinaryIO, settings: S, *, offset: int = 0
    ) -> Iterator[tuple[int, RawCall | Rejection]]:
        """Each row with the byte offset from which to go on after it; indexes from 0 again."""


def declared_only(index: int, fields: Mapping[str, str], declared: frozenset[str]) -> RawCall:
    """A raw call of the declared fields that are not empty, each cut to 1,000 characters."""
    kept = {name: _storable(fields[name]) for name in sorted(declared) if fields.get(name)}
    return RawCall(index, kept)


def _storable(value: str) -> str:
    """JSON can escape half a character (a lone surrogate); no encoding can write that down."""
    return value[:MAX_VALUE].encode("utf-8", "replace").decode()
