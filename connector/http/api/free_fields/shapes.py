"""Free fields as the API shows and takes them."""

import uuid
from datetime import date
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from connector.free_fields.kinds import About, FieldType
from connector.free_fields.models import FreeField
from connector.free_fields.values import FilledField
from privacy.core.db.declarations import LegalBasis, Purpose

Text = Annotated[str, Meta(max_length=2_000)]
Key = Annotated[str, Meta(max_length=40)]


class DeclaredField(msgspec.Struct, frozen=True):
    """A field and its reasons. `labels`: by language, where it has one of its own, else `label`.
    `choices`: what can be in it; `words`: by language and choice, how a choice is shown where it
    is not shown as it is. `days`: how long a value is kept; null: as long as its record."""

    id: uuid.UUID
    about: About
    key: str
    label: str
    labels: dict[str, str]
    type: FieldType
    choices: list[str]
    words: dict[str, dict[str, str]]
    purpose: Purpose
    basis: LegalBasis
    days: int | None


class DeclaredFields(msgspec.Struct, frozen=True):
    """Every field that is declared; a hundred at most."""

    fields: list[DeclaredField]


class FieldValue(msgspec.Struct, frozen=True):
    """What is in one field. `ends_on`: the first day on which it is gone."""

    key: str
    label: str
    value: str
    ends_on: date | None


class FieldValues(msgspec.Struct, frozen=True):
    """Every declared field of a record; an empty value where nothing is in it."""

    fields: list[FieldValue]


class FieldWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Texts by the fields' keys: dates as 2026-11-22, yes or no in these words, a choice as
    `choices` has it, whatever the language. An empty one empties its field; fields that are not
    named stay. A key that no field has is refused."""

    values: Annotated[dict[Key, Text], Meta(min_length=1, max_length=50)]


def declared_of(row: FreeField) -> DeclaredField:
    """One field."""
    return DeclaredField(
        row.id,
        About(row.about),
        row.key,
        row.label,
        dict(row.labels),
        FieldType(row.type),
        list(row.choices),
        {language: dict(said) for language, said in row.words.items()},
        Purpose(row.purpose),
        LegalBasis(row.basis),
        row.days,
    )


def values_of(filled: list[FilledField]) -> FieldValues:
    """What is in them."""
    return FieldValues(
        [FieldValue(one.field.key, one.field.label, one.value, one.ends_on) for one in filled]
    )


DECLARED: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-0000000000f1",
    "about": "contact",
    "key": "meter_number",
    "label": "Meter number",
    "labels": {"fi": "Mittarin numero", "de": "Zählernummer"},
    "type": "text",
    "choices": [],
    "words": {},
    "purpose": "delivery",
    "basis": "contract",
    "days": 365,
}
VALUES: Final[dict[str, Any]] = {
    "fields": [
        {
            "key": "meter_number",
            "label": "Meter number",
            "value": "FI-4711",
            "ends_on": "2027-11-22",
        }
    ]
}
