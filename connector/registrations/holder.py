"""Registrations of a person. Found by address; closed ones are opened and compared."""

from collections.abc import Iterable

from sqlalchemy import or_, select

from connector.registrations.change import close_registration
from connector.registrations.models import Registrant
from connector.registrations.seals import email_digest, open_details
from connector.registrations.views import exported, view_registration
from privacy.core.db.work import UnitOfWork
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
            yield HeldRecord(fields, "you", until=row.ends_on.isoformat() if row.ends_on else "")

    def erase(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Erased:
        """As when the holder deletes the account (promise C9): who agreed to what is kept for
        claims, the rest goes. What was never confirmed agreed to nothing, and goes whole."""
        rows = _rows(work, vault, subject)
        for row in rows:
            if row.state == "unconfirmed":
                work.session.delete(row)
            elif row.state != _CLOSED:
                close_registration(work, vault, row)
        work.session.flush()
        kept = [row for row in rows if row.state == _CLOSED]
        until = max([row.ends_on for row in kept if row.ends_on], default=None)
        return Erased(len(rows) - len(kept), len(kept), Because.CLAIMS, until)


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
