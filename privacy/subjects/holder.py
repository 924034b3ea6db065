"""What a person asked before: requests hold personal data, too."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select

from privacy.core.db.work import UnitOfWork
from privacy.documents.keep import told_documents
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
from privacy.restrictions.begin import restriction_of
from privacy.subjects.holders import Erased, HeldRecord, Subject
from privacy.subjects.limits import evidence_until
from privacy.subjects.models import WISH, SubjectRequest
from privacy.subjects.seals import open_person
from privacy.subjects.words import Because
from privacy.vault.keyring import Keyring


class RequestHolder:
    """Requests. They prove that they were answered, and end by themselves."""

    name = "requests"
    title = "Your requests"
    tables = frozenset(
        {
            "subject_requests",
            "subject_steps",
            "subject_parts",
            "subject_day_parts",
            "restrictions",
            "legal_holds",
            "identity_documents",
        }
    )
    recipients: tuple[str, ...] = ()

    def find(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> int:
        """See privacy.subjects.holders.Holder."""
        return len(_rows(work, vault, subject))

    def collect(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterable[HeldRecord]:
        """See privacy.subjects.holders.Holder."""
        for row in _rows(work, vault, subject):
            person = open_person(work, vault, row)
            fields: dict[str, Any] = {
                "reference": row.reference,
                "kind": row.kind,
                "channel": row.channel,
                "state": row.state,
                "email": person.email if person.email == subject.email else "",
                "number": person.phone if person.phone == subject.phone else "",
                "name": person.name,
                "received_at": row.received_at.isoformat(),
                "due_on": row.due_on.isoformat(),
            }
            if row.wish_sealed is not None:
                fields["wish"] = WISH.open(work, vault, row.id, row.wish_sealed).decode()
            if given := told_documents(work, subject_id=row.id):
                fields["documents"] = given
            restriction = restriction_of(work, row.id)
            if restriction is not None:
                fields["restricted_since"] = restriction.began_at.isoformat()
                lifted = restriction.lifted_at
                fields["restricted_until"] = lifted.isoformat() if lifted else ""
            yield HeldRecord(fields, "you", until=row.ends_on.isoformat() if row.ends_on else "")

    def erase(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Erased:
        """Nothing goes now: see privacy.subjects.limits.evidence_until."""
        rows = _rows(work, vault, subject)
        ends = [row.ends_on or evidence_until(work.today) for row in rows]
        return Erased(0, len(rows), Because.ACCOUNTABILITY, max(ends, default=None))


def _rows(work: UnitOfWork, vault: Keyring, subject: Subject) -> list[SubjectRequest]:
    """By what is proven; the number of a request whose address was proven is somebody's claim."""
    clauses = []
    if subject.email:
        (token,) = tokens_of(work, vault, [Identity.email(subject.email)])
        clauses.append(SubjectRequest.email_token == token)
    if subject.phone:
        (token,) = tokens_of(work, vault, [Identity.phone(subject.phone)])
        clauses.append(SubjectRequest.phone_token == token)
    found = select(SubjectRequest).where(or_(*clauses)).order_by(SubjectRequest.id)
    return list(work.session.scalars(found))
