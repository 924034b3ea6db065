"""What is to stand in place of what is on file (GDPR Art. 16)."""

from typing import Final, Protocol, runtime_checkable

import msgspec
from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.identities.people import Person
from privacy.identities.shapes import Identity
from privacy.subjects.holders import Subject
from privacy.subjects.models import CHANGE, SubjectRequest
from privacy.vault.keyring import Keyring

LONGEST: Final = 200


class Correction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """New values; what is empty stays as it is. `phone` is canonical (E.164)."""

    name: str = ""
    email: str = ""
    phone: str = ""
    company: str = ""

    def __bool__(self) -> bool:
        return any(msgspec.structs.astuple(self))

    def __repr__(self) -> str:
        return "<Correction>"

    def check(self) -> None:
        """Raise Invalid where a value cannot be one."""
        if self.email:
            _ = Identity.email(self.email)
        if self.phone:
            _ = Identity.phone(self.phone)
        for name, text in (("name", self.name), ("company", self.company)):
            if len(text) > LONGEST or not text.isprintable():
                raise Invalid(fields={name: f"Use up to {LONGEST} characters on one line."})


NOTHING: Final = Correction()


@runtime_checkable
class Rectifying(Protocol):
    """A holder whose records can be corrected here."""

    def rectify(
        self, work: UnitOfWork, vault: Keyring, subject: Subject, correction: Correction
    ) -> int:
        """Change what is on file, in `work`'s transaction. Returns how many records changed."""


def seal_correction(
    work: UnitOfWork, vault: Keyring, row: SubjectRequest, correction: Correction
) -> bytes:
    """To be kept with the request."""
    return CHANGE.seal(work, vault, row.id, msgspec.msgpack.encode(correction))


def open_correction(work: UnitOfWork, vault: Keyring, row: SubjectRequest) -> Correction:
    """What the request asks for; an empty one where it said so in words only."""
    if row.change_sealed is None:
        return Correction()
    opened = CHANGE.open(work, vault, row.id, row.change_sealed)
    return msgspec.msgpack.decode(opened, type=Correction)


def corrected_by_themselves(work: UnitOfWork, vault: Keyring, person: Person) -> bool:
    """Whether a correction that was carried out gave this address or this number: then that both
    are on file together proves nothing. Anybody could have somebody else's put there, by
    whichever way they proved themselves; so it is not asked who they were."""
    known = set(person.identities)
    asked = SubjectRequest.change_sealed.is_not(None), SubjectRequest.verified_at.is_not(None)
    rows = work.session.scalars(select(SubjectRequest).where(*asked))
    return any(known & _given(open_correction(work, vault, row)) for row in rows)


def _given(correction: Correction) -> set[Identity]:
    found = [Identity.email(correction.email)] if correction.email else []
    return {*found, *([Identity.phone(correction.phone)] if correction.phone else [])}
