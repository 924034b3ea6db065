"""What is in the free fields of a contact or an inquiry: read, set, ended on time."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select

from connector.free_fields.checks import check_values
from connector.free_fields.declare import list_fields
from connector.free_fields.kinds import About
from connector.free_fields.models import MEANING, VALUE_VERSION, FreeField, FreeValue
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Scope
from privacy.vault.meanings import Meaning


@dataclass(frozen=True, slots=True)
class FilledField:
    """A declared field and what is in it; `value` is empty where nothing is."""

    field: FreeField
    value: str
    ends_on: date | None

    def __repr__(self) -> str:
        return f"<FilledField {self.field.key}>"


def read_values(
    work: UnitOfWork, *, vault: Keyring, about: About, record_id: uuid.UUID
) -> list[FilledField]:
    """Every declared field of the record; values past their time are not read.

    Raises:
        OpenError: a value was changed outside the service.
    """
    rows = {row.field_id: row for row in _rows(work, record_id) if not _over(work, row)}
    return [_filled(work, vault, field, rows) for field in list_fields(work, about=about)]


def told_values(
    work: UnitOfWork, *, vault: Keyring, about: About, record_id: uuid.UUID
) -> dict[str, str]:
    """By their labels, what is filled in: for the person whose record it is (promise C1)."""
    filled = read_values(work, vault=vault, about=about, record_id=record_id)
    return {one.field.label: one.value for one in filled if one.value}


def set_values(
    work: UnitOfWork,
    *,
    vault: Keyring,
    about: About,
    record_id: uuid.UUID,
    given: Mapping[str, str],
) -> int:
    """Fill in fields of a record that the caller has found and locked; the others stay.

    Args:
        given: texts by the fields' keys; an empty one empties its field.

    Returns:
        How many values are different now.

    Raises:
        NotDeclared: no field of this key is declared. Invalid: a value does not fit its field.
    """
    fields = list_fields(work, about=about)
    tidy = check_values(fields, given)
    rows = {row.field_id: row for row in _rows(work, record_id)}
    changed = sum(
        _set(work, vault, field, rows.get(field.id), record_id, tidy[field.key])
        for field in fields
        if field.key in tidy
    )
    if changed:
        facts = {"about": about.value, "changed": changed}
        record(work, Event.FIELDS_FILLED, subject=record_id, facts=facts)
    return changed


def erase_values(work: UnitOfWork, *, record_id: uuid.UUID) -> None:
    """Erase what is in the fields of a record that stays."""
    work.session.execute(delete(FreeValue).where(FreeValue.record_id == record_id))


def erase_values_of_field(work: UnitOfWork, *, field_id: uuid.UUID) -> int:
    """Erase what is in one field of every record; how many went."""
    statement = delete(FreeValue).where(
        FreeValue.tenant_id == work.tenant_id, FreeValue.field_id == field_id
    )
    return int(work.connection.execute(statement).rowcount)


def sweep_free_values(work: UnitOfWork) -> int:
    """Erase values whose declared days are over; how many went (promise A11)."""
    over = delete(FreeValue).where(
        FreeValue.tenant_id == work.tenant_id, FreeValue.ends_on <= work.today
    )
    gone = int(work.connection.execute(over).rowcount)
    if gone:
        record(work, Event.FIELD_VALUES_ENDED, facts={"count": gone})
    return gone


def _rows(work: UnitOfWork, record_id: uuid.UUID) -> list[FreeValue]:
    return list(work.session.scalars(select(FreeValue).where(FreeValue.record_id == record_id)))


def _over(work: UnitOfWork, row: FreeValue) -> bool:
    return row.ends_on is not None and row.ends_on <= work.today


def _filled(
    work: UnitOfWork, vault: Keyring, field: FreeField, rows: Mapping[uuid.UUID, FreeValue]
) -> FilledField:
    row = rows.get(field.id)
    if row is None:
        return FilledField(field, "", None)
    plain = vault.open(work, Scope.FIELDS, _meaning(work, row), row.value_sealed)
    return FilledField(field, plain.decode(), row.ends_on)


def _set(
    work: UnitOfWork,
    vault: Keyring,
    field: FreeField,
    row: FreeValue | None,
    record_id: uuid.UUID,
    value: str,
) -> bool:
    if not value:
        if row is not None:
            work.session.delete(row)
        return row is not None
    if row is not None and not _over(work, row):
        before = vault.open(work, Scope.FIELDS, _meaning(work, row), row.value_sealed)
        if before.decode() == value:
            return False
    if row is None:
        row = FreeValue(
            tenant_id=work.tenant_id,
            id=new_id(),
            field_id=field.id,
            record_id=record_id,
            value_version=0,
        )
        work.session.add(row)
    row.value_version += 1
    VALUE_VERSION.witness(work, row_id=row.id, version=row.value_version)
    row.value_sealed = vault.seal(work, Scope.FIELDS, _meaning(work, row), value.encode())
    row.set_at = work.now
    row.ends_on = None if field.days is None else work.today + timedelta(days=field.days)
    work.session.flush()
    return True


def _meaning(work: UnitOfWork, row: FreeValue) -> Meaning:
    return Meaning(
        MEANING, work.tenant_id, "free_values", row.id, "value_sealed", row.value_version
    )
