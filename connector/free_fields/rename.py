"""Call a declared field something else, in any of the languages; what it is for stays."""

import uuid
from collections.abc import Mapping

from sqlalchemy import select

from connector.free_fields.labels import LONGEST_LABEL, check_labels, tidy_labels
from connector.free_fields.models import FreeField
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound
from privacy.ledger.events import Event
from privacy.ledger.record import record


def find_field(work: UnitOfWork, field_id: uuid.UUID, *, lock: bool = False) -> FreeField:
    """A field that is declared now. Raises NotFound."""
    statement = select(FreeField).where(FreeField.id == field_id, FreeField.ended_at.is_(None))
    row = work.session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound
    return row


def rename_field(
    work: UnitOfWork, *, field_id: uuid.UUID, label: str, labels: Mapping[str, str]
) -> None:
    """Give a field its name, and its names by language. Raises NotFound, Invalid."""
    row = find_field(work, field_id, lock=True)
    wrong = check_labels(labels)
    if not 1 <= len(label.strip()) <= LONGEST_LABEL:
        wrong["label"] = f"Give it a name of up to {LONGEST_LABEL} characters."
    if wrong:
        raise Invalid(fields=wrong)
    tidy = label.strip(), tidy_labels(labels)
    if (row.label, row.labels) == tidy:
        return
    row.label, row.labels = tidy
    record(work, Event.FIELD_RENAMED, subject=field_id, facts={"languages": len(row.labels)})
