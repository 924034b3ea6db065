"""Inquiries of a person, with their messages and technical logs."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import delete, or_, select

from connector.free_fields.kinds import About
from connector.free_fields.values import told_values
from connector.inquiries.erase import erase_inquiry
from connector.inquiries.find import messages_of
from connector.inquiries.logs import read_log
from connector.inquiries.models import Inquiry, InquiryMessage
from connector.inquiries.seals import (
    email_digest,
    open_contact,
    open_message,
    seal_contact,
    telephone_digest,
)
from privacy.core.db.work import UnitOfWork
from privacy.holds.hold import held_among
from privacy.holds.models import Holdable
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.models import Mail
from privacy.subjects.corrections import Correction
from privacy.subjects.holders import Erased, HeldRecord, Subject
from privacy.subjects.words import Because
from privacy.vault.keyring import Keyring


class InquiryHolder:
    """What somebody asked, and what was answered."""

    name = "inquiries"
    title = "Inquiries"
    tables = frozenset({"inquiries", "inquiry_messages", "inquiry_logs"})
    recipients: tuple[str, ...] = ()

    def find(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> int:
        """See privacy.subjects.holders.Holder."""
        return len(_rows(work, vault, subject)) + len(_elsewhere(work, vault, subject))

    def collect(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterable[HeldRecord]:
        """Notes of the tenant's people are about the person, so they belong to it. What somebody
        else wrote from another address is that one's own (GDPR Art. 15(4))."""
        for row in _rows(work, vault, subject):
            technical = read_log(work, vault=vault, inquiry=row)
            fields: dict[str, Any] = {
                "reference": row.reference,
                "channel": row.channel,
                "opened_at": row.opened_at.isoformat(),
                "contact": msgspec.to_builtins(open_contact(work, vault, row)),
                "technical_log": msgspec.to_builtins(technical) if technical else None,
                "messages": [
                    _told(work, vault, each)
                    for each in messages_of(work, row.id)
                    if each.way != "other"
                ],
            }
            own = told_values(work, vault=vault, about=About.INQUIRY, record_id=row.id)
            if own:
                fields["other_information"] = own
            yield HeldRecord(fields, "you", until=row.ends_on.isoformat())
        for message, until in _elsewhere(work, vault, subject):
            fields = _told(work, vault, message)
            yield HeldRecord(fields, "you", until=until.isoformat())

    def erase(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Erased:
        """The whole thread, its log, and answers that are still kept as mails; in threads of
        others what this person wrote."""
        rows = _rows(work, vault, subject)
        held = held_among(work, Holdable.INQUIRIES, [row.id for row in rows])
        for row in (one for one in rows if one.id not in held):
            mails = [each.mail_id for each in messages_of(work, row.id) if each.mail_id]
            work.session.execute(delete(Mail).where(Mail.id.in_(mails)))
            erase_inquiry(work, inquiry_id=row.id, because="subject_request")
        others = [message.id for message, _ in _elsewhere(work, vault, subject)]
        work.session.execute(delete(InquiryMessage).where(InquiryMessage.id.in_(others)))
        gone = len(rows) - len(held) + len(others)
        return Erased(gone, len(held), Because.HOLD if held else None)

    def rectify(
        self, work: UnitOfWork, vault: Keyring, subject: Subject, correction: Correction
    ) -> int:
        """Who asked. What was said stays as it was said."""
        rows = _rows(work, vault, subject)
        for row in rows:
            contact = open_contact(work, vault, row)
            changed = msgspec.structs.replace(
                contact,
                name=correction.name or contact.name,
                email=correction.email or contact.email,
                telephone=correction.phone or contact.telephone,
                company=correction.company or contact.company,
            )
            row.contact_sealed = seal_contact(work, vault, row.id, changed)
            row.email_digest = email_digest(work, vault, changed.email)
            row.telephone_digest = telephone_digest(work, vault, changed.telephone, region="FI")
            record(work, Event.RECORD_RECTIFIED, subject=row.id, facts={"relation": "inquiries"})
        work.session.flush()
        return len(rows)


def _told(work: UnitOfWork, vault: Keyring, row: InquiryMessage) -> dict[str, Any]:
    said = open_message(work, vault, row).text
    return {"way": row.way, "at": row.at.isoformat(), "text": said}


def _elsewhere(
    work: UnitOfWork, vault: Keyring, subject: Subject
) -> list[tuple[InquiryMessage, date]]:
    """Mails of the person in threads of others, with the day on which those end."""
    digest = email_digest(work, vault, subject.email)
    if digest is None:
        return []
    found = (
        select(InquiryMessage, Inquiry.ends_on)
        .join(
            Inquiry,
            (Inquiry.tenant_id == InquiryMessage.tenant_id)
            & (Inquiry.id == InquiryMessage.inquiry_id),
        )
        .where(InquiryMessage.sender_digest == digest)
        .order_by(InquiryMessage.id)
    )
    return [(row[0], row[1]) for row in work.session.execute(found)]


def _rows(work: UnitOfWork, vault: Keyring, subject: Subject) -> list[Inquiry]:
    clauses = []
    if subject.email:
        clauses.append(Inquiry.email_digest == email_digest(work, vault, subject.email))
    if subject.phone:
        digest = telephone_digest(work, vault, subject.phone, region="FI")
        clauses.append(Inquiry.telephone_digest == digest)
    found = select(Inquiry).where(or_(*clauses)).order_by(Inquiry.id)
    return list(work.session.scalars(found))
