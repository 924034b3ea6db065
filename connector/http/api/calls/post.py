"""POST /api/v1/calls: up to 10,000 records, each of which is taken or refused on its own."""

from typing import Any, Final

from flask import Response, request

from connector.calls.batches import JSON
from connector.calls.bodies import (
    LIMIT,
    BodyTooLarge,
    BrokenCompression,
    SuspiciousRatio,
    read_body,
)
from connector.calls.foreseen import ingest_questions
from connector.calls.records import (
    IncomingCall,
    MalformedDocument,
    TooManyRecords,
    decode_batch,
)
from connector.http.api import examples
from connector.http.api.calls.taking import Taken, Taker
from connector.http.api.inputs import raw_body
from connector.http.api.once import PROBLEMS, answered, done_once
from connector.http.api.operations import Body, Operation, describes
from connector.idempotency.run_once import check_key
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode

NDJSON: Final = "application/x-ndjson"
_LINES: Final[dict[str, Any]] = {
    "type": "string",
    "description": "One JSON object a line (IncomingCall), lines ended by LF.",
    "contentMediaType": "application/x-ndjson",
}

_DESCRIPTION: Final = """\
A JSON array, or JSON lines, of at most 10,000 records and 10 MiB (after inflation, where
`Content-Encoding: gzip` is used; more than 100 times the size sent is refused).

The answer is 200 whenever the document could be read, whatever became of its records: look at
`rejected`, where each has its index (from 0), a code and a reason. Good records are stored even
when others are not. A document that cannot be read is answered with 400, and nothing of it is
stored.

A record that was sent before is a duplicate and changes nothing, so a whole request may be
repeated at any time; one with the same `source_id` and a higher `version` replaces the earlier
one. Records older than the retention are counted as expired. A start more than a day ahead is
rejected.
"""

_BODY: Final = Body(
    kinds={JSON: list[IncomingCall], NDJSON: _LINES},
    examples={
        JSON: [examples.CALL],
        NDJSON: '{"direction":"inbound","started_at":"2026-11-22T09:15:00Z"}\n',
    },
    description="The records. Times are RFC 3339 with an offset, numbers as you have them.",
)


@requires(Permission.CALLS_WRITE)
@describes(
    Operation(
        id="sendCalls",
        summary="Send call records",
        description=_DESCRIPTION,
        tag="calls",
        body=_BODY,
        answer=Taken,
        example=examples.TAKEN,
        problems=(
            *(MalformedDocument, BrokenCompression, *PROBLEMS),
            *(TooManyRecords, BodyTooLarge, SuspiciousRatio),
        ),
        idempotent=True,
        mode=True,
    )
)
def post_calls() -> Response:
    """Take the body's records."""
    key = request.headers.get("Idempotency-Key")
    if key is not None:
        check_key(key)
    body = read_body(raw_body(LIMIT), request.headers.get("Content-Encoding"))
    batch = decode_batch(body, request.content_type or "")
    with work_of_caller(ingest_questions(caller().tenant_id)) as work:
        taker = Taker(work, services().vault, test=caller().mode is Mode.TEST)
        # What a test does is undone, and so would be the memory of its key.
        kept = None if taker.test else key
        done = done_once(work, kept, body, lambda: taker.answer(batch))
    return answered(done)
