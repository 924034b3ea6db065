"""Whoever holds personal data: finds a person's, gives it out, and erases it (DESIGN.md §4).

Each room of the house has its own holder; `connector.subjects.registry` lists them, and a test
fails when a column with data of customers' customers belongs to none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from privacy.core.db.work import UnitOfWork
from privacy.identities.people import Person
from privacy.identities.shapes import Identity
from privacy.subjects.words import Because
from privacy.vault.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is looked for: by what was proven to be theirs, and nothing else.

    Args:
        trail: what leads to rows that name nobody themselves, by holder; noted before anything
            is erased, so that it can be looked for afterwards.
    """

    person: Person = field(repr=False)
    trail: Mapping[str, tuple[int, ...]] = field(default_factory=dict, repr=False)

    @property
    def email(self) -> str:
        """Their address; empty where there is none."""
        return self.person.email

    @property
    def phone(self) -> str:
        """Their number in its one form; empty where there is none."""
        return self.person.phone

    @property
    def identities(self) -> list[Identity]:
        """What registers know them by."""
        return self.person.identities


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """One thing that is held about a person, of declared fields only.

    Args:
        source: where it came from (GDPR Art. 15(1)(g)).
        provided: whether the person gave it or it was observed of them (Art. 20(1)).
        until: when it ends; empty where that is as long as its purpose.
        day: whose key ends it, wherever it lies.
    """

    fields: Mapping[str, Any] = field(repr=False)
    source: str
    provided: bool = True
    until: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """What came of an erasure: so many are gone, and so many are kept, why, and until when."""

    removed: int
    retained: int = 0
    because: Because | None = None
    until: date | None = None


class Holder(Protocol):
    """One kind of data about people."""

    @property
    def name(self) -> str:
        """In steps and file names: a word."""

    @property
    def title(self) -> str:
        """For people to read."""

    @property
    def tables(self) -> frozenset[str]:
        """Whose columns' declarations say purpose, basis and retention."""

    @property
    def recipients(self) -> tuple[str, ...]:
        """Who else gets it (GDPR Art. 15(1)(c))."""

    def find(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> int:
        """How many rows lead to the person."""

    def collect(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Iterable[HeldRecord]:
        """Everything held about the person, and nothing about anybody else."""

    def erase(self, work: UnitOfWork, vault: Keyring, subject: Subject) -> Erased:
        """Erase it, in `work`'s transaction; what is held is counted with its reason."""


class Tracing(Protocol):
    """A holder that also knows what belongs together."""

    def trace(self, work: UnitOfWork, vault: Keyring, person: Person) -> tuple[int, ...]:
        """Tokens that rows elsewhere have."""

    def ties(self, work: UnitOfWork, vault: Keyring, person: Person) -> bool:
        """Whether the address and the number are one person's, by what is on file."""
