"""A form as it is shown: fields in their order, words in one language, a fresh challenge."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from connector.http.forms.limits import difficulty
from connector.http.forms.words import words_of
from connector.inquiries.channels import Topic
from connector.inquiries.declared import LONGEST
from connector.inquiries.forms.refs import FormRef
from connector.inquiries.robots.challenges import make_challenge
from privacy.core.db.work import NOBODY, unit_of_work
from tenants.http.services import services
from tenants.tenants.views import view_tenant

_KINDS: Final = {"email": "email", "telephone": "tel", "topic": "choice", "message": "text"}
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
    return [_field(name, form, words) for name in form.fields]


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
