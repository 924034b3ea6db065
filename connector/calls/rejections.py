"""Why a record, or a whole document, is not taken.

A reason says what to do. It never repeats what was sent: that may be a number or a name, and
reasons go to logs, answers and the ledger.
"""

from enum import StrEnum
from http import HTTPStatus
from typing import Final

import msgspec

from privacy.core.errors import BadInput, TooLarge


class RejectionCode(StrEnum):
    """Stable names that a sender's program can act on."""

    INVALID_JSON = "invalid_json"
    DUPLICATE_FIELD = "duplicate_field"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    MISSING_START = "missing_start"
    INVALID_FIELD = "invalid_field"
    STARTS_IN_FUTURE = "starts_in_future"
    ENDS_IN_FUTURE = "ends_in_future"
    ENDS_BEFORE_START = "ends_before_start"
    ANSWERED_OUT_OF_ORDER = "answered_out_of_order"
    UNKNOWN_ACCOUNT = "unknown_account"
    ACCOUNT_PAUSED = "account_paused"
    UNREADABLE = "unreadable"
    WRONG_SHAPE = "wrong_shape"
    BAD_SIGNATURE = "bad_signature"
    FORBIDDEN_MARKUP = "forbidden_markup"


REASONS: Final[dict[RejectionCode, str]] = {
    RejectionCode.INVALID_JSON: "The record is not valid JSON. Send one JSON object per record.",
    RejectionCode.DUPLICATE_FIELD: "A field is given twice. Send each field once.",
    RejectionCode.UNKNOWN_FIELD: "The record has a field that is not in the API. Leave it out.",
    RejectionCode.MISSING_FIELD: "A required field is missing.",
    RejectionCode.MISSING_START: "The start of the call is missing. Send started_at (RFC 3339).",
    RejectionCode.INVALID_FIELD: "A field has a value that is not accepted.",
    RejectionCode.STARTS_IN_FUTURE: "The call starts more than a day ahead. Check the clock.",
    RejectionCode.ENDS_IN_FUTURE: "The call ends more than a day ahead. Check the clock.",
    RejectionCode.ENDS_BEFORE_START: "The call ends before it starts. Check the time zone.",
    RejectionCode.ANSWERED_OUT_OF_ORDER: "The answer is not between start and end of the call.",
    RejectionCode.UNKNOWN_ACCOUNT: "The account is not known here. Send its id or external key.",
    RejectionCode.ACCOUNT_PAUSED: "The account is paused. Resume it in the console.",
    RejectionCode.UNREADABLE: "The record could not be read in the format of the exchange.",
    RejectionCode.WRONG_SHAPE: "The record lacks what the exchange always sends. Check the format.",
    RejectionCode.BAD_SIGNATURE: "The signature is wrong. Check the account's token and address.",
    RejectionCode.FORBIDDEN_MARKUP: "The document has a DTD, or is nested too deep. Remove it.",
}


class Rejection(msgspec.Struct, frozen=True):
    """One record that is not taken: its place in what was sent (from 0), a code, a reason."""

    index: int
    code: RejectionCode
    reason: str


def reject(code: RejectionCode, *, index: int = 0, hint: str = "") -> Rejection:
    """The rejection of one record; `hint` is our own words, never content."""
    return Rejection(index, code, f"{REASONS[code]} {hint}".rstrip())


class MalformedDocument(BadInput):
    """The body as a whole is not a list of records; nothing of it is stored."""

    code = "malformed_document"
    message = "The body is not a list of call records. Check its syntax and its content type."


class TooManyRecords(TooLarge):
    """More records than one request may carry; nothing of it is stored."""

    code = "too_many_records"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    message = "Too many records in one request. Send at most 10,000 at a time."
