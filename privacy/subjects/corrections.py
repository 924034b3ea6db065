"""What is to stand in place of what is on file (GDPR Art. 16)."""

from typing import Final, Protocol, runtime_checkable

import msgspec
from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.identities.people import Person
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
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
    """Whether a correction that this address asked for gave the number: then that it is on file
    beside the address proves nothing. Anybody could have somebody else's number put there."""
    (token,) = tokens_of(work, vault, [Identity.email(person.email)])
    asked = select(SubjectRequest).where(
        SubjectRequest.email_token == token, SubjectRequest.change_sealed.is_not(None)
    )
    rows = work.session.scalars(asked).all()
    return any(open_correction(work, vault, row).phone == person.phone for row in rows)
