"""What the register of objections holds about a person. A token outlives them, and is honoured."""

from collections.abc import Iterable

from sqlalchemy import func, select

from privacy.core.db.work import UnitOfWork
from privacy.identities.people import read_person
from privacy.identities.tokens import tokens_of
from privacy.objections.forget import forget_objections
from privacy.objections.models import PERSON, ObjectionEntry, ObjectionToken
from privacy.subjects.holders import Erased, HeldRecord, Subject
from privacy.subjects.words import Because
from privacy.suppressions.models import Suppression
from privacy.vault.keyring import Keyring


class ObjectionHolder:
    """Objections, by what the person said."""

    name = "objections"
    title = "Objections"
    tables = frozenset({"objections", "objection_tokens"})
    recipients: tuple[str, ...] = ()

    def find(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> int:
        """See privacy.subjects.holders.Holder."""
        return len(_rows(work, vault, subject))

    def collect(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterable[HeldRecord]:
        """See privacy.subjects.holders.Holder."""
        for row in _rows(work, vault, subject):
            person = read_person(PERSON.open(work, vault, row.id, row.person_sealed))
            fields = {
                "objection": row.objection,
                "email": person.email,
                "number": person.phone,
                "name": person.name,
                "channel": row.channel,
                "at": row.at.isoformat(),
                "ended_at": row.ended_at.isoformat() if row.ended_at else None,
            }
            yield HeldRecord(fields, "you")

    def erase(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Erased:
        """What the person said goes; that it holds stays (see SuppressionHolder)."""
        tokens = tokens_of(work, vault, subject.identities)
        return Erased(forget_objections(work, tokens=tokens))


class SuppressionHolder:
    """The list of what somebody is not reached for: tokens that name nobody."""

    name = "suppressions"
    title = "What you are not reached for"
    tables = frozenset({"suppressions"})
    recipients: tuple[str, ...] = ()

    def find(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> int:
        """See privacy.subjects.holders.Holder."""
        tokens = tokens_of(work, vault, subject.identities)
        mine = select(func.count()).where(Suppression.token.in_(tokens))
        return work.session.scalar(mine) or 0

    def collect(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterable[HeldRecord]:
        """See privacy.subjects.holders.Holder."""
        tokens = tokens_of(work, vault, subject.identities)
        mine = select(Suppression).where(Suppression.token.in_(tokens))
        for row in work.session.scalars(mine.order_by(Suppression.objection, Suppression.cause)):
            fields = {
                "objection": row.objection,
                "cause": row.cause,
                "since": row.created_at.isoformat(),
            }
            yield HeldRecord(fields, "what you said", provided=False)

    def erase(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Erased:
        """Nothing goes: it is what honours the person's own will from now on."""
        return Erased(0, self.find(work, vault, subject), Because.SUPPRESSION)


def _rows(work: UnitOfWork, vault: Keyring, subject: Subject) -> list[ObjectionEntry]:
    tokens = tokens_of(work, vault, subject.identities)
    mine = select(ObjectionToken.objection_id).where(ObjectionToken.token.in_(tokens))
    found = select(ObjectionEntry).where(ObjectionEntry.id.in_(mine))
    return list(work.session.scalars(found.order_by(ObjectionEntry.id)))
