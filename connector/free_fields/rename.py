"""Call a declared field and its choices something else, in any of the languages; what it is for
stays, and so does what is kept of a choice."""

import uuid
from collections.abc import Mapping

from sqlalchemy import select

from connector.free_fields.labels import check_label, check_labels, tidy_labels
from connector.free_fields.models import FreeField
from connector.free_fields.wordings import Worded, check_words, tidy_words
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
    work: UnitOfWork,
    *,
    field_id: uuid.UUID,
    label: str,
    labels: Mapping[str, str],
    words: Worded | None = None,
) -> None:
    """Give a field its name, and its names by language; `words` of its choices, None: as they
    are. Raises NotFound, Invalid."""
    row = find_field(work, field_id, lock=True)
    said = row.words if words is None else words
    wrong = check_label(label) | check_labels(labels) | check_words(row.choices, said)
    if wrong:
        raise Invalid(fields=wrong)
    tidy = label.strip(), tidy_labels(labels), tidy_words(said)
    if (row.label, row.labels, row.words) == tidy:
        return
    row.label, row.labels, row.words = tidy
    record(work, Event.FIELD_RENAMED, subject=field_id, facts={"languages": len(row.labels)})
