"""A form as it is shown: fields in their order, words in one language, a fresh challenge."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from connector.free_fields.checks import LONGEST as OWN_LONGEST
from connector.free_fields.kinds import FieldType
from connector.http.forms.limits import difficulty
from connector.http.forms.words import words_of
from connector.inquiries.channels import Topic
from connector.inquiries.declared import LONGEST
from connector.inquiries.forms.own import OwnField
from connector.inquiries.forms.refs import FormRef
from connector.inquiries.robots.challenges import make_challenge
from privacy.core.db.work import NOBODY, unit_of_work
from tenants.http.services import services
from tenants.tenants.views import view_tenant

_KINDS: Final = {"email": "email", "telephone": "tel", "topic": "choice", "message": "text"}
_OWN_KINDS: Final[Mapping[str, str]] = {
    FieldType.DATE: "date",
    FieldType.YES_NO: "choice",
    FieldType.CHOICE: "choice",
}
_AUTOCOMPLETE: Final = {
    "name": "name",
    "email": "email",
    "telephone": "tel",
    "company": "organization",
}
"""Tokens of HTML's autofill (WCAG 2.2, 1.3.5)."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form."""

    name: str
    label: str
    kind: str
    required: bool
    longest: int
    autocomplete: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """A challenge as the page carries it."""

    challenge: str
    bits: int


def fields_shown(form: FormRef, language: str) -> list[Field]:
    """What is asked for."""
    words = words_of(language)
    asked = [_field(name, form, words) for name in form.fields]
    own = [own_field(field, words) for field in form.own]
    # The message stays last: what is short is asked before what is long.
    return [*asked[:-1], *own, *asked[-1:]] if asked else own


def new_challenge(form: FormRef) -> Given:
    """A challenge as hard as the day asks for. Raises TooManyRequests."""
    bits = difficulty(form)
    with unit_of_work(services().engines.app, tenant_id=form.tenant_id, actor=NOBODY) as work:
        made = make_challenge(
            work, services().vault, form_id=form.id, bits=bits, notice=form.notice
        )
    return Given(made, bits)


def organisation_of(form: FormRef) -> str:
    """Whose form it is."""
    with unit_of_work(services().engines.app, tenant_id=form.tenant_id, actor=NOBODY) as work:
        return view_tenant(services().vault, work).name


def own_field(field: OwnField, words: Mapping[str, str]) -> Field:
    """One that the tenant declared, under its own name; choices stand in the tenant's words."""
    choices = tuple(zip(field.choices, field.words, strict=True))
    if field.type == FieldType.YES_NO:
        choices = (("yes", words["yes"]), ("no", words["no"]))
    return Field(
        name=field.name,
        label=field.label,
        kind=_OWN_KINDS.get(field.type, "line"),
        required=field.required,
        longest=OWN_LONGEST,
        autocomplete="off",
        choices=choices,
    )


def _field(name: str, form: FormRef, words: Mapping[str, str]) -> Field:
    choices = tuple((topic.value, words[f"topic.{topic}"]) for topic in Topic)
    return Field(
        name=name,
        label=words[f"field.{name}"],
        kind=_KINDS.get(name, "line"),
        required=name in form.required,
        longest=LONGEST.get(name, 40),
        autocomplete=_AUTOCOMPLETE.get(name, "off"),
        choices=choices if name == "topic" else (),
    )
