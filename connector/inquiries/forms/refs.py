"""A form as a value, detached from its row."""

import uuid
from dataclasses import dataclass

from connector.inquiries.forms.models import WebForm
from privacy.profiles import profile


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

    @property
    def notice(self) -> str:
        """The version of the privacy notice that is shown today (GDPR Art. 13)."""
        return f"{self.service}-{profile(self.service).policy.dated.isoformat()}"


def ref_of(row: WebForm) -> FormRef:
    """The value of a row."""
    return FormRef(
        row.tenant_id,
        row.id,
        row.key,
        row.service,
        row.purpose,
        row.channel,
        row.language,
        frozenset(row.origins),
        tuple(row.fields),
        frozenset(row.required),
        row.notice_url,
        _terms(row),
    )


def _terms(row: WebForm) -> tuple[Term, ...]:
    """What a registration agrees to (promise D1); an inquiry agrees to nothing."""
    if row.purpose != "registration":
        return ()
    dated = profile(row.service).policy.dated.isoformat()
    return (
        Term("conditions", row.conditions_version or "", row.conditions_url or ""),
        Term("policy", dated, row.notice_url),
        Term("service_level", row.level_version or "", row.level_url or ""),
    )
