"""From what a mapping found to an IncomingCall, within the API's limits."""

import hashlib
from datetime import datetime
from typing import Final, TypedDict, Unpack

from connector.calls.rejections import Rejection, RejectionCode, reject
from connector.calls.shapes import Direction, IncomingCall

LONGEST: Final = 200


class Found(TypedDict, total=False):
    """What a mapping can find; what is left out is not known."""

    source_id: str | None
    version: int
    caller: str | None
    called: str | None
    user_id: str | None
    contact_person: str | None
    company: str | None
    answered_at: datetime | None
    ended_at: datetime | None


def draft(
    index: int, direction: Direction, started_at: datetime | None, **found: Unpack[Found]
) -> IncomingCall | Rejection:
    """The call, or the rejection of a record without a start.

    An exchange does not send again what was refused, so text that is too long is cut; a long
    source id is replaced by its digest, which is as stable as itself.
    """
    if started_at is None:
        return reject(RejectionCode.MISSING_START, index=index, hint="Check the exchange's format.")
    return IncomingCall(
        direction=direction,
        started_at=started_at,
        source_id=_short_id(found.get("source_id")),
        version=min(max(found.get("version", 1), 1), 2**31 - 1),
        caller=_cut(found.get("caller")),
        called=_cut(found.get("called")),
        user_id=_cut(found.get("user_id")),
        contact_person=_cut(found.get("contact_person")),
        company=_cut(found.get("company")),
        answered_at=found.get("answered_at"),
        ended_at=found.get("ended_at"),
    )


def _cut(text: str | None) -> str | None:
    return (text or "").strip()[:LONGEST].strip() or None


def _short_id(source_id: str | None) -> str | None:
    if source_id is None or len(source_id) <= LONGEST:
        return source_id or None
    return "sha256:" + hashlib.sha256(source_id.encode("utf-8", "surrogatepass")).hexdigest()
