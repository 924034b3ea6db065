"""Why a received thing is not kept: a code, never what was in it."""

import re
from enum import StrEnum
from typing import Final

import msgspec

from connector.providers.port import Received
from connector.synced.cards import holds_card
from connector.synced.shapes import Shape
from connector.synced.texts import texts_of

LARGEST: Final = 262_144
"""Bytes of one document."""

_DIGITS: Final = re.compile(rb"\d(?:[^0-9A-Za-z]{0,9}\d){13}")
"""What a document that has a card's number in plain ASCII has somewhere."""


class RecordRefusal(StrEnum):
    """Stable names, for counts and logs."""

    WRONG_KIND = "wrong_kind"
    CARD_NUMBER = "card_number"
    TOO_LARGE = "too_large"
    ERASED = "erased"


def refusal_of(shape: type[Shape], received: Received) -> RecordRefusal | None:
    """Why this cannot be kept, or None."""
    if not isinstance(received.record, shape):
        return RecordRefusal.WRONG_KIND
    if len(received.document) > LARGEST:
        return RecordRefusal.TOO_LARGE
    if card_in(received.record) or _card_in_document(received.document):
        return RecordRefusal.CARD_NUMBER
    return None


def card_in(record: Shape) -> bool:
    """Whether a payment card's number stands anywhere in a record (promise A7)."""
    return holds_card(texts_of(record))


def _card_in_document(document: bytes) -> bool:
    if document.isascii() and b"\\" not in document and not _DIGITS.search(document):
        return False
    try:
        return holds_card(texts_of(msgspec.json.decode(document)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return holds_card([document.decode("utf-8", "replace")])
