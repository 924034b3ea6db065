"""What an exchange is told: 2xx only for what is committed, 4xx for what will never be taken.

Exchanges repeat, or keep a file for the operator to send again, on everything that is not 2xx.
So what cannot become better by repeating and is no fault (a duplicate, a record older than the
retention, another leg of a call) is 200.
"""

from typing import Final

import msgspec
from flask import Response

from connector.accounts.kinds import AccountKind
from connector.calls.outcomes import IngestOutcome
from connector.calls.records import Rejection
from connector.http.api.answers import answer
from privacy.core.errors import Invalid

SHOWN: Final = 100


class Received(msgspec.Struct, frozen=True):
    """What became of a delivery's records; `skipped` were none: other legs, other rows."""

    accepted: int
    duplicates: int
    expired: int
    skipped: int
    rejected: list[Rejection]


class NothingTaken(Invalid):
    """Every record was refused."""

    code = "nothing_taken"


def received(kind: AccountKind, outcome: IngestOutcome, skipped: int) -> Response:
    """The answer to a delivery. Raises NothingTaken (422) when all of it was refused."""
    taken = outcome.accepted + outcome.duplicates + outcome.expired + skipped
    if outcome.rejections and not taken:
        raise _nothing(outcome.rejections)
    if kind is AccountKind.TWILIO:
        # Twilio reads an answer's body as instructions for the call, so there is none.
        return Response(status=204)
    return answer(
        Received(
            outcome.accepted,
            outcome.duplicates,
            outcome.expired,
            skipped,
            outcome.rejections[:SHOWN],
        )
    )


def _nothing(rejections: list[Rejection]) -> NothingTaken:
    first = rejections[0]
    fields = {f"/{each.index}": each.reason for each in rejections[:SHOWN]}
    return NothingTaken(first.reason, code=first.code.value, fields=fields)
