"""Declare a field with its reasons, or end it with everything that was entered."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from connector.free_fields.kinds import About, FieldType
from connector.free_fields.labels import check_label, check_labels, tidy_labels
from connector.free_fields.models import FreeField, FreeValue
from connector.free_fields.wordings import (
    Worded,
    check_choices,
    check_words,
    tidy_word,
    tidy_words,
)
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid, NotFound
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record

MOST: Final = 50
"""Fields about one kind of thing."""
MOST_DAYS: Final = 3_650
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TAKEN: Final = frozenset(
    {
        *("accepts", "blame", "data", "errors", "form_errors", "meta", "populate_obj"),
        *("post_process", "posted", "process", "validate"),
        *("csrf_token", "challenge", "proof", "website", "lang", "language", "service"),
        *("name", "email", "telephone", "company", "topic", "message", "handle"),
    }
)
"""What forms call parts of their own: a field of that name would stand in for one of them."""


class FieldExists(Conflict):
    """Two fields of one name would be mistaken for each other."""

    code = "field_exists"
    message = "A field with this key is declared already."


class TooManyFields(Conflict):
    """Whoever needs more of them collects too much."""

    code = "too_many_fields"
    message = f"There are {MOST} fields already. End one that is not needed any more."


@dataclass(frozen=True, slots=True)
class Declaration:
    """A field and its reasons (promises A11, A13).

    Args:
        key: what programs call it: small letters, digits and `_`.
        days: calendar days that a value is kept from when it was entered; None: as its record.
        choices: for `FieldType.CHOICE`, the words that are offered.
    """

    about: About
    key: str
    label: str
    """Shown where `labels` has none in the reader's language."""
    type: FieldType
    purpose: Purpose
    basis: LegalBasis
    days: int | None = None
    choices: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    """By language, one of LANGUAGES; languages without one are left out."""
    words: Worded = field(default_factory=dict)
    """Choices as they are said by language; what has none is said as it is kept."""

    def check(self) -> None:
        """Raise Invalid where something is wrong."""
        wrong = {}
        if not _KEY.fullmatch(self.key):
            wrong["key"] = "Use small letters, digits and _, beginning with a letter."
        elif self.key in _TAKEN:
            wrong["key"] = "Forms use this name for something else. Choose another."
        wrong |= check_label(self.label) | check_labels(self.labels)
        if self.days is not None and not 1 <= self.days <= MOST_DAYS:
            wrong["days"] = f"Enter 1 to {MOST_DAYS} days, or nothing."
        if (self.type is FieldType.CHOICE) != bool(self.choices):
            wrong["choices"] = "Enter the words to choose from, for a choice and for nothing else."
        elif complaint := check_choices(self.choices):
            wrong["choices"] = complaint
        wrong |= check_words(self.choices, self.words)
        if wrong:
            raise Invalid(fields=wrong)


def declare_field(work: UnitOfWork, *, declaration: Declaration) -> uuid.UUID:
    """Declare a field. Raises Invalid, FieldExists, TooManyFields."""
    declaration.check()
    if len(list_fields(work, about=declaration.about)) >= MOST:
        raise TooManyFields
    row = FreeField(
        tenant_id=work.tenant_id,
        id=new_id(),
        about=declaration.about.value,
        key=declaration.key,
        label=declaration.label.strip(),
        labels=tidy_labels(declaration.labels),
        type=declaration.type.value,
        choices=[tidy_word(word) for word in declaration.choices],
        words=tidy_words(declaration.words),
        purpose=declaration.purpose.value,
        basis=declaration.basis.value,
        days=declaration.days,
        created_at=work.now,
    )
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError as error:
        raise FieldExists from error
    facts: dict[str, str | int] = {"about": row.about, "purpose": row.purpose, "basis": row.basis}
    if row.days is not None:
        facts["days"] = row.days
    record(work, Event.FIELD_DECLARED, subject=row.id, facts=facts)
    return row.id


def end_field(work: UnitOfWork, *, field_id: uuid.UUID) -> int:
    """Nothing is taken for it any more, and what was entered is erased. Returns how much.

    Raises:
        NotFound: no such field, or it was ended.
    """
    row = work.session.scalar(
        select(FreeField)
        .where(FreeField.id == field_id, FreeField.ended_at.is_(None))
        .with_for_update()
    )
    if row is None:
        raise NotFound
    row.ended_at = work.now
    gone = work.session.execute(delete(FreeValue).where(FreeValue.field_id == field_id))
    erased = int(getattr(gone, "rowcount", 0))
    record(work, Event.FIELD_ENDED, subject=field_id, facts={"erased": erased})
    return erased


def list_fields(work: UnitOfWork, *, about: About | None = None) -> list[FreeField]:
    """Declared fields of the bound tenant, in the order in which they were declared."""
    query = select(FreeField).where(FreeField.ended_at.is_(None)).order_by(FreeField.id)
    if about is not None:
        query = query.where(FreeField.about == about.value)
    return list(work.session.scalars(query))


def count_values(work: UnitOfWork) -> dict[uuid.UUID, int]:
    """How many values each field has; those without any are left out."""
    counted = select(FreeValue.field_id, func.count()).group_by(FreeValue.field_id)
    return {field_id: int(count) for field_id, count in work.session.execute(counted)}
