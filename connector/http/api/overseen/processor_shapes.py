"""Bodies of /api/v1/processors."""

import uuid
from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from connector.http.api.registers.wanted import Service
from privacy.processors.shapes import Announcing, ProcessorView
from privacy.profiles.sharing import Transfer

_Line = Annotated[str, Meta(min_length=1, max_length=200)]
_Url = Annotated[str, Meta(max_length=400)]
_Field = Annotated[str, Meta(min_length=1, max_length=60)]


class ProcessorWish(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A sub-processor from a day on. Outside the EEA with the day and address of the assessment."""

    name: _Line
    role: _Line
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166.")]
    transfer: Transfer
    fields: Annotated[list[_Field], Meta(min_length=1, max_length=50)]
    statement_url: _Url
    agreement_url: _Url
    effective_on: date
    service: Service | None = None
    runs: Literal["server", "browser"] = "server"
    transfer_valid_until: date | None = None
    assessed_on: date | None = None
    assessment_url: _Url = ""

    def meant(self, service: str) -> Announcing:
        """As it is announced."""
        return Announcing(
            service=service,
            name=self.name,
            role=self.role,
            country=self.country,
            transfer=self.transfer,
            fields=self.fields,
            statement_url=self.statement_url,
            agreement_url=self.agreement_url,
            effective_on=self.effective_on,
            runs=self.runs,
            transfer_valid_until=self.transfer_valid_until,
            assessed_on=self.assessed_on,
            assessment_url=self.assessment_url,
        )


class ProcessorEntry(msgspec.Struct, frozen=True):
    """One processor. Without `id` the service's own privacy policy names it."""

    id: uuid.UUID | None
    service: str
    name: str
    role: str
    country: str
    runs: str
    transfer: Transfer
    transfer_valid_until: date | None
    fields: list[str]
    statement_url: str
    agreement_url: str
    state: str
    effective_on: date | None


class ProcessorEntries(msgspec.Struct, frozen=True):
    """All of them, by service and name; ended ones last."""

    processors: list[ProcessorEntry]


EXAMPLE: Final[dict[str, Any]] = {
    "id": "0198c0de-0000-7000-8000-0000000000f5",
    "service": "V",
    "name": "Rechenzentrum Example",
    "role": "Hosting",
    "country": "DE",
    "runs": "server",
    "transfer": "eu_eea",
    "transfer_valid_until": None,
    "fields": ["email"],
    "statement_url": "https://example.com/privacy",
    "agreement_url": "https://example.com/dpa",
    "state": "announced",
    "effective_on": "2026-12-22",
}


def entry_of(view: ProcessorView) -> ProcessorEntry:
    """As the API shows a processor."""
    return ProcessorEntry(
        id=view.id,
        service=view.service,
        name=view.name,
        role=view.role,
        country=view.country,
        runs=view.runs,
        transfer=view.transfer,
        transfer_valid_until=view.transfer_valid_until,
        fields=list(view.fields),
        statement_url=view.statement_url,
        agreement_url=view.agreement_url,
        state=view.state,
        effective_on=view.effective_on,
    )
