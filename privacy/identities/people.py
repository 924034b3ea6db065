"""A person as a register keeps them: sealed whole, found by tokens."""

import uuid
from dataclasses import dataclass

import msgspec

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.identities.shapes import Identity
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Scope
from privacy.vault.meanings import Meaning
from privacy.vault.reseals import SealedColumn, register


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a person. At least one way to recognise them."""

    email: str = ""
    phone: str = ""
    """Canonical (E.164)."""
    visitor: str = ""
    name: str = ""

    @property
    def identities(self) -> list[Identity]:
        """What the person is found by. Raises Invalid when there is nothing, or nonsense."""
        found = [Identity.email(self.email)] if self.email else []
        found += [Identity.phone(self.phone)] if self.phone else []
        found += [Identity.visitor(self.visitor)] if self.visitor else []
        if not found:
            raise Invalid("Name an e-mail address or a telephone number.")
        if len(self.name) > 200 or not self.name.isprintable():
            raise Invalid(fields={"name": "Use up to 200 characters on one line."})
        return found


@dataclass(frozen=True, slots=True)
class SealedText:
    """A column with a sealed text, written once: its row's id binds it."""

    type: str
    table: str
    column: str

    def seal(self, work: UnitOfWork, vault: Keyring, row_id: uuid.UUID, text: bytes) -> bytes:
        """Seal for the row `row_id` of `work`'s tenant."""
        return vault.seal(work, Scope.REGISTERS, self._meaning(work, row_id), text)

    def open(self, work: UnitOfWork, vault: Keyring, row_id: uuid.UUID, sealed: bytes) -> bytes:
        """Open what `seal` made. Raises OpenError for anything else."""
        return vault.open(work, Scope.REGISTERS, self._meaning(work, row_id), sealed)

    def _meaning(self, work: UnitOfWork, row_id: uuid.UUID) -> Meaning:
        return Meaning(self.type, work.tenant_id, self.table, row_id, self.column)


def sealed_text(type_: str, table: str, column: str) -> SealedText:
    """Declare a column, and register it for re-sealing when the tenant's key rotates."""
    register(SealedColumn(table, column, Scope.REGISTERS, type_))
    return SealedText(type_, table, column)


def seal_person(person: Person) -> bytes:
    """A person's bytes, to be sealed."""
    return msgspec.msgpack.encode(person)


def read_person(opened: bytes) -> Person:
    """The person of opened bytes."""
    return msgspec.msgpack.decode(opened, type=Person)
