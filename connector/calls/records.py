"""Call records: the public face of the shapes, of batches, and of why a record is not taken."""

from connector.calls.batches import MAX_RECORDS, Batch, decode_batch
from connector.calls.checks import check_times
from connector.calls.rejections import (
    MalformedDocument,
    Rejection,
    RejectionCode,
    TooManyRecords,
    reject,
)
from connector.calls.shapes import (
    CallRecord,
    Direction,
    IncomingCall,
    decode_record,
    encode_record,
    normalise_many,
)

__all__ = [
    "MAX_RECORDS",
    "Batch",
    "CallRecord",
    "Direction",
    "IncomingCall",
    "MalformedDocument",
    "Rejection",
    "RejectionCode",
    "TooManyRecords",
    "check_times",
    "decode_batch",
    "decode_record",
    "encode_record",
    "normalise_many",
    "reject",
]
