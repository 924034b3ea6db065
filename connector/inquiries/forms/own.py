"""Fields that a tenant declared, as a web form asks for them (promise A11)."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from connector.free_fields.checks import check_values
from connector.free_fields.declare import list_fields
from connector.free_fields.kinds import About
from connector.free_fields.models import FreeField
from connector.free_fields.services import takes_fields
from connector.inquiries.forms.models import WebForm
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.profiles import profile

PREFIX: Final = "own_"
"""In front of a field's key in a form, so that it never meets one of the form's own."""
ABOUT: Final = {"inquiry": About.INQUIRY, "registration": About.REGISTRATION}


@dataclass(frozen=True, slots=True)
class OwnField:
    """One of them, detached from its row."""

    key: str
    label: str
    """In the form's language, where the tenant gave it one."""
    type: str
    choices: tuple[str, ...]
    """As they are kept."""
    words: tuple[str, ...]
    """The same, as they are said in the form's language."""
    required: bool

    @property
    def name(self) -> str:
        """What it is called in the form."""
        return f"{PREFIX}{self.key}"


def offered_fields(work: UnitOfWork, service: str, purpose: str) -> list[FreeField]:
    """What a form for this purpose may ask for; none where the policy knows no such fields."""
    about = ABOUT[purpose]
    return list_fields(work, about=about) if takes_fields(profile(service), about) else []


def own_fields(work: UnitOfWork, row: WebForm) -> tuple[OwnField, ...]:
    """What the form asks for, in the order in which it was declared; ended fields are gone."""
    if not row.own_fields:
        return ()
    return tuple(
        OwnField(
            field.key,
            field.called(row.language),
            field.type,
            tuple(field.choices),
            tuple(said for _, said in field.offered(row.language)),
            field.id in row.own_required,
        )
        for field in offered_fields(work, row.service, row.purpose)
        if field.id in row.own_fields
    )


def check_chosen(
    work: UnitOfWork, service: str, purpose: str, chosen: Collection[uuid.UUID]
) -> str:
    """What is wrong with what a tenant wants a form to ask for; empty where nothing is."""
    if not chosen:
        return ""
    known = {field.id for field in offered_fields(work, service, purpose)}
    if set(chosen) <= known:
        return ""
    return "Choose fields of yours that the policy of this service knows on what the form takes."


def split(
    fields: Sequence[OwnField], sent: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """What was sent for the form's own fields, and by key for the tenant's."""
    names = {field.name: field.key for field in fields}
    own = {names[name]: text for name, text in sent.items() if name in names}
    return {name: text for name, text in sent.items() if name not in names}, own


def read_own(
    fields: Sequence[OwnField], given: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """What was entered by key, in its one form; and by the form's names what is wrong with it."""
    wrong = {
        field.name: "Fill in this field."
        for field in fields
        if field.required and not given.get(field.key, "").strip()
    }
    try:
        return check_values(fields, given), wrong
    except Invalid as refusal:
        told = {f"{PREFIX}{key}": text for key, text in complaints_of(refusal).items()}
        return {}, told | wrong


def complaints_of(refusal: Invalid) -> dict[str, str]:
    """What a refusal says of which field."""
    told = refusal.details.get("fields")
    return {str(name): str(text) for name, text in told.items()} if isinstance(told, dict) else {}
