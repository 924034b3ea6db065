"""Registrations of a person. Found by address; closed ones are opened and compared."""

import uuid
from collections.abc import Iterable

import msgspec
from sqlalchemy import or_, select

from connector.registrations.change import close_registration
from connector.registrations.models import Registrant, RegistrantSession
from connector.registrations.seals import email_digest, open_details, put_details
from connector.registrations.views import exported, view_registration
from privacy.core.db.work import UnitOfWork
from privacy.documents.keep import destroy_documents, told_documents
from privacy.holds.hold import held_among
from privacy.holds.models import Holdable
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.subjects.corrections import Correction
from privacy.subjects.holders import Erased, HeldRecord, Subject
from privacy.subjects.words import Because
from privacy.vault.keyring import Keyring
from tenants.emails import folded

_CLOSED = "closed"


class RegistrationHolder:
    """Accounts of people outside."""

    name = "registrations"
    title = "Your account"
    tables = frozenset(
        {
            "registrants",
            "registrant_sessions",
            "registrant_links",
            "registrant_agreements",
            "registration_checks",
        }
    )
    recipients: tuple[str, ...] = ()

    def find(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> int:
        """See privacy.subjects.holders.Holder."""
        return len(_rows(work, vault, subject))

    def collect(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterable[HeldRecord]:
        """See privacy.subjects.holders.Holder. Passwords are given to nobody."""
        for row in _rows(work, vault, subject):
            fields = exported(view_registration(work, vault, row.id))
            fields["sessions"] = _sessions(work, row.id)
            fields["documents"] = told_documents(work, subject_id=row.id)
            yield HeldRecord(fields, "you", until=row.ends_on.isoformat() if row.ends_on else "")

    def erase(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Erased:
        """As when the holder deletes the account (promise C9): who agreed to what is kept for
        claims, the rest goes. What was never confirmed agreed to nothing, and goes whole."""
        rows = _rows(work, vault, subject)
        held = held_among(work, Holdable.REGISTRANTS, [row.id for row in rows])
        for row in (one for one in rows if one.id not in held):
            destroy_documents(work, subject_id=row.id, because="erased")
            if row.state == "unconfirmed":
                work.session.delete(row)
            elif row.state != _CLOSED:
                close_registration(work, vault, row)
        work.session.flush()
        kept = [row for row in rows if row.state == _CLOSED or row.id in held]
        until = max([row.ends_on for row in kept if row.ends_on], default=None)
        because = Because.HOLD if held else Because.CLAIMS
        return Erased(len(rows) - len(kept), len(kept), because, until)

    def rectify(
        self, work: UnitOfWork, vault: Keyring, subject: Subject, correction: Correction
    ) -> int:
        """Open accounts; the tenant's people check them anew. First and last name are split at
        the last space. A new address is the account's from now on: who asks was identified."""
        rows = [row for row in _rows(work, vault, subject) if row.state == "active"]
        for row in rows:
            details = open_details(work, vault, row)
            first, _, last = correction.name.rpartition(" ")
            changed = msgspec.structs.replace(
                details,
                first_name=first or details.first_name,
                last_name=last or details.last_name,
                email=correction.email or details.email,
                telephone=correction.phone or details.telephone,
                organisation=correction.company or details.organisation,
            )
            row.email_digest = email_digest(work, vault, changed.email)
            row.check_state = "unchecked"
            put_details(work, vault, row, changed)
            work.session.flush()
            record(work, Event.RECORD_RECTIFIED, subject=row.id, facts={"relation": "registrants"})
        return len(rows)


def _sessions(work: UnitOfWork, registrant_id: uuid.UUID) -> list[dict[str, str]]:
    mine = select(RegistrantSession).where(RegistrantSession.registrant_id == registrant_id)
    return [
        {"began": one.created_at.isoformat(), "last_used": one.seen_at.isoformat()}
        for one in work.session.scalars(mine.order_by(RegistrantSession.created_at))
    ]


def _rows(work: UnitOfWork, vault: Keyring, subject: Subject) -> list[Registrant]:
    if not subject.email:
        return []
    digest = email_digest(work, vault, subject.email)
    found = select(Registrant).where(
        or_(Registrant.email_digest == digest, Registrant.state == _CLOSED),
        or_(Registrant.ends_on.is_(None), Registrant.ends_on > work.today),
    )
    return [
        row
        for row in work.session.scalars(found.order_by(Registrant.id))
        if row.state != _CLOSED
        or folded(open_details(work, vault, row).email) == folded(subject.email)
    ]
