"""Fields that a tenant declared, as parts of what it promises: its notices list each of them.

A declared field is a kind of data with a purpose, a ground and an end of its own (promises A11,
A13). So the rules that a notice is rendered from get one more kind for each; whatever compares,
announces and publishes rules does so with a field as with everything else.
"""

import uuid
from collections.abc import Sequence
from textwrap import shorten
from typing import Final

from connector.free_fields.declare import list_fields
from connector.free_fields.kinds import About
from connector.free_fields.models import FreeField
from connector.free_fields.services import KIND, RECORDS, takes_fields
from privacy.core.db.declarations import LegalBasis, Purpose, Retention
from privacy.core.db.work import UnitOfWork
from privacy.profiles.data import DataField, DataKind, Source
from privacy.profiles.model import Profile

_LONGEST: Final = 400
"""Characters of a text in a profile."""
_LETTERS: Final = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def with_own_fields(work: UnitOfWork, listed: Sequence[Profile]) -> list[Profile]:
    """The same rules, each with the fields that the bound tenant declared on its records."""
    if not any(rules.declares(KIND) for rules in listed):
        return list(listed)
    fields = list_fields(work)
    return [_extended(rules, fields) for rules in listed]


def _extended(rules: Profile, fields: Sequence[FreeField]) -> Profile:
    own = [_kind(rules, field) for field in fields if takes_fields(rules, About(field.about))]
    return rules.model_copy(update={"data": (*rules.data, *own)}) if own else rules


def _kind(rules: Profile, field: FreeField) -> DataKind:
    beside = rules.kind(RECORDS[About(field.about)])
    ends = (
        {"retention": beside.retention, "days": beside.days, "at_the_end": beside.at_the_end}
        if field.days is None
        else {"retention": Retention.DECLARED, "days": field.days}
    )
    return DataKind.model_validate(
        {
            "key": _key(field.id),
            "name": field.label,
            "said": field.labels,
            "subjects": beside.subjects,
            "role": beside.role,
            "sources": (Source.CUSTOMER,),
            "purposes": (Purpose(field.purpose),),
            "basis": LegalBasis(field.basis),
            "fields": (
                DataField(
                    name="value",
                    category="user.content",
                    meaning=_meaning(field, field.label, ""),
                    said=_said(field),
                ),
            ),
        }
        | ends
    )


def _said(field: FreeField) -> dict[str, str]:
    """By language, where the tenant has words of that language for the field or its choices."""
    spoken = sorted({*field.labels, *field.words})
    return {one: _meaning(field, field.called(one), one) for one in spoken}


def _meaning(field: FreeField, label: str, language: str) -> str:
    """What the field is called, and what can be chosen: as much of it as a notice has room for."""
    offered = ", ".join(said for _, said in field.offered(language))
    return shorten(f"{label} ({offered})", _LONGEST, placeholder=" …)") if offered else label


def _key(field_id: uuid.UUID) -> str:
    """Letters only, as every key of a profile."""
    return f"own_{field_id.hex.translate(_LETTERS)}"
