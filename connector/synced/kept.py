"""What is in a record's seal: its external id, the record, and what was made of its numbers."""

from typing import Generic, TypeVar

import msgspec

from connector.synced.shapes import Shape

S = TypeVar("S", bound=Shape)

_encoder = msgspec.msgpack.Encoder(order="deterministic")


class Kept(msgspec.Struct, Generic[S], frozen=True, array_like=True):
    """Encoded as an array: new fields go to the end, with a default, so older ones still open.

    `numbers`: telephone numbers in their one form, by which calls are matched.
    """

    external_id: str
    record: S
    numbers: tuple[str, ...] = ()


def encode_kept(kept: Kept[S]) -> bytes:
    """MessagePack; equal records have equal bytes."""
    return _encoder.encode(kept)
