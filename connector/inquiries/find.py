"""Find threads of the bound tenant. What has ended is not found, swept or not."""

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, select, tuple_

from connector.inquiries.declared import SERVICES
from connector.inquiries.models import Inquiry, InquiryMessage
from connector.inquiries.seals import email_digest, telephone_digest
from privacy.core.cursors import Place, read_place, write_place
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound
from privacy.profiles import profile
from privacy.vault.keyring import Keyring

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is to show; None: whatever it is.

    `region`: ISO 3166 country that a national number is from; None: each controller's own.
    """

    state: str | None = None
    channel: str | None = None
    service: str | None = None
    email: str | None = None
    telephone: str | None = None
    region: str | None = None

    def __repr__(self) -> str:
        return "<Wanted>"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of rows, the thread with the latest message first."""

    rows: list[Inquiry]
    next_cursor: str | None


def find_inquiry(work: UnitOfWork, inquiry_id: uuid.UUID, *, lock: bool = False) -> Inquiry:
    """One living thread. Raises NotFound."""
    statement = select(Inquiry).where(Inquiry.id == inquiry_id, Inquiry.ends_on > work.today)
    row = work.session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound
    return row


def list_inquiries(
    work: UnitOfWork,
    *,
    vault: Keyring,
    wanted: Wanted,
    cursor: str | None = None,
    limit: int = 50,
) -> Found:
    """A page of threads. Raises Invalid for a cursor or a limit that is not usable."""
    if not 1 <= limit <= MOST:
        raise Invalid(fields={"limit": f"Ask for 1 to {MOST} inquiries at a time."})
    conditions = _conditions(work, vault, wanted)
    if cursor:
        place = read_place(cursor)
        conditions.append(tuple_(Inquiry.last_message_at, Inquiry.id) < tuple_(place.at, place.id))
    rows = list(
        work.session.scalars(
            select(Inquiry)
            .where(*conditions)
            .order_by(Inquiry.last_message_at.desc(), Inquiry.id.desc())
            .limit(limit + 1)
        )
    )
    more = rows[limit - 1] if len(rows) > limit else None
    onward = write_place(Place(more.last_message_at, more.id)) if more else None
    return Found(rows[:limit], onward)


def messages_of(work: UnitOfWork, inquiry_id: uuid.UUID) -> list[InquiryMessage]:
    """Every message and note of a thread, oldest first."""
    return list(
        work.session.scalars(
            select(InquiryMessage)
            .where(InquiryMessage.inquiry_id == inquiry_id)
            .order_by(InquiryMessage.at, InquiryMessage.id)
        )
    )


def _conditions(work: UnitOfWork, vault: Keyring, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Inquiry.ends_on > work.today]
    for column, value in (
        (Inquiry.state, wanted.state),
        (Inquiry.channel, wanted.channel),
        (Inquiry.service, wanted.service),
    ):
        if value is not None:
            conditions.append(column == value)
    if wanted.email:
        conditions.append(Inquiry.email_digest == email_digest(work, vault, wanted.email))
    if wanted.telephone:
        regions = [wanted.region] if wanted.region else _homes()
        digests = {telephone_digest(work, vault, wanted.telephone, region=one) for one in regions}
        conditions.append(Inquiry.telephone_digest.in_(digests))
    return conditions


def _homes() -> set[str]:
    """Countries by which national numbers were read when they came (see `open_inquiry`)."""
    return {profile(service).controller.country for service in SERVICES}
