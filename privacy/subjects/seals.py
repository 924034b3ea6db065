"""The person of a request, and what leads to their data."""

import msgspec

from privacy.core.db.work import UnitOfWork
from privacy.identities.people import Person, read_person
from privacy.identities.shapes import Way
from privacy.subjects.holders import Subject
from privacy.subjects.models import PERSON, TRAIL, SubjectRequest
from privacy.vault.keyring import Keyring

_Trail = dict[str, tuple[int, ...]]


def open_person(work: UnitOfWork, vault: Keyring, row: SubjectRequest) -> Person:
    """As they made themselves known. Raises OpenError."""
    return read_person(PERSON.open(work, vault, row.id, row.person_sealed))


def proven_person(work: UnitOfWork, vault: Keyring, row: SubjectRequest) -> Person:
    """The same without what is not proven to be theirs."""
    person = open_person(work, vault, row)
    return Person(
        email=person.email if Way.EMAIL in row.proven else "",
        phone=person.phone if Way.PHONE in row.proven else "",
        name=person.name,
    )


def seal_trail(work: UnitOfWork, vault: Keyring, row: SubjectRequest, trail: _Trail) -> bytes:
    """What leads to rows that name nobody, noted once."""
    return TRAIL.seal(work, vault, row.id, msgspec.msgpack.encode(trail))


def subject_of(work: UnitOfWork, vault: Keyring, row: SubjectRequest) -> Subject:
    """Who is looked for. Raises OpenError."""
    trail: _Trail = {}
    if row.trail_sealed is not None:
        opened = TRAIL.open(work, vault, row.id, row.trail_sealed)
        trail = msgspec.msgpack.decode(opened, type=_Trail)
    return Subject(proven_person(work, vault, row), trail)
