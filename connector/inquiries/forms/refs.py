"""A form as a value, detached from its row."""

import uuid
from dataclasses import dataclass

from connector.inquiries.forms.models import WebForm
from connector.inquiries.forms.own import OwnField, own_fields
from connector.inquiries.keeping import KIND
from privacy.core.db.work import UnitOfWork
from privacy.notices.read import current_label
from privacy.profiles.derived import derived_profile


@dataclass(frozen=True, slots=True)
class Term:
    """Something to be agreed to: which, in which version, where it can be read."""

    term: str
    version: str
    url: str


@dataclass(frozen=True, slots=True)
class FormRef:
    """What the public face needs to know of a form. All of it is public."""

    tenant_id: uuid.UUID
    id: uuid.UUID
    key: str
    service: str
    purpose: str
    channel: str
    language: str
    origins: frozenset[str]
    fields: tuple[str, ...]
    required: frozenset[str]
    notice_url: str
    terms: tuple[Term, ...]
    own: tuple[OwnField, ...]
    """Fields that the tenant declared, and has this form ask for (promise A11)."""
    notice: str
    """The version of the privacy notice that is shown today (GDPR Art. 13)."""


def ref_of(work: UnitOfWork, row: WebForm) -> FormRef:
    """The value of a row: of its fields, those that the tenant's profile declares today."""
    rules = derived_profile(work, row.service)
    declared = rules.declared_fields(KIND) if rules.declares(KIND) else frozenset(row.fields)
    notice = current_label(work, row.service, rules.policy.dated)
    return FormRef(
        row.tenant_id,
        row.id,
        row.key,
        row.service,
        row.purpose,
        row.channel,
        row.language,
        frozenset(row.origins),
        tuple(name for name in row.fields if name in declared),
        frozenset(row.required) & declared,
        row.notice_url,
        _terms(row, notice),
        own_fields(work, row),
        notice,
    )


def _terms(row: WebForm, notice: str) -> tuple[Term, ...]:
    """What a registration agrees to (promise D1); an inquiry agrees to nothing."""
    if row.purpose != "registration":
        return ()
    return (
        Term("conditions", row.conditions_version or "", row.conditions_url or ""),
        Term("policy", notice.removeprefix(f"{row.service}-"), row.notice_url),
        Term("service_level", row.level_version or "", row.level_url or ""),
    )
