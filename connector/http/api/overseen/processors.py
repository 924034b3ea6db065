"""GET /api/v1/processors, /api/v1/records-of-processing: who works on what (GDPR Art. 28, 30)."""

import uuid
from datetime import date
from typing import Any, Final

import msgspec
from flask import Response

from connector.http.api.answers import answer
from connector.http.api.operations import Operation, describes
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.processors.fideslang import as_fideslang
from privacy.processors.find import list_processors, view_processor
from privacy.processors.records import ProcessingRecord, records_of
from privacy.processors.shapes import ProcessorView
from privacy.profiles.sharing import Transfer
from tenants.http.access import requires
from tenants.http.services import work_of_caller
from tenants.permissions import Permission
from tenants.tenants.subscribed import subscribed_services

YAML: Final = "application/yaml"
"""RFC 9512."""


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


class ProcessingRecords(msgspec.Struct, frozen=True):
    """As controller (Art. 30(1)) first, then as processor (Art. 30(2))."""

    records: list[ProcessingRecord]


_EXAMPLE: Final[dict[str, Any]] = {
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
_RECORD: Final = {
    "role": "processor",
    "service": "Moontalk Connector",
    "controller": "the organisation itself",
    "contact": "contact@example.com",
    "activity": "Call data",
    "purposes": "delivery",
    "basis": "contract",
    "people": "customers of customers",
    "data": "Caller's number",
    "sources": "use of service",
    "recipients": "none",
    "transfers": "none outside the EEA",
    "retention": "30 days",
    "security": "Sealed at rest.",
}

_MANIFEST: Final = {
    "type": "object",
    "description": "A fideslang manifest: systems, each with its privacy declarations.",
    "properties": {"system": {"type": "array", "items": {"type": "object"}}},
    "required": ["system"],
}


@requires(Permission.PROCESSORS_READ)
@describes(
    Operation(
        id="listProcessors",
        summary="List processors",
        description="Of your services: those of their privacy policies, and announced ones.",
        tag="overseen",
        answer=ProcessorEntries,
        example={"processors": [_EXAMPLE]},
        mode=True,
    )
)
def list_all() -> Response:
    """All of them."""
    with work_of_caller() as work:
        found = list_processors(work, services=subscribed_services(work))
    return answer(ProcessorEntries([_entry(view) for view in found]))


@requires(Permission.PROCESSORS_READ)
@describes(
    Operation(
        id="readProcessor",
        summary="Read a processor",
        description="One of the register by its id.",
        tag="overseen",
        path={"processor_id": "The processor's id."},
        answer=ProcessorEntry,
        example=_EXAMPLE,
        problems=(NotFound,),
        mode=True,
    )
)
def read(processor_id: uuid.UUID) -> Response:
    """One processor."""
    with work_of_caller() as work:
        view = view_processor(work, processor_id=processor_id)
    return answer(_entry(view))


@requires(Permission.PROCESSORS_READ)
@describes(
    Operation(
        id="readRecordsOfProcessing",
        summary="Read the records of processing",
        description="GDPR Art. 30, made from the privacy policies and the register of processors.",
        tag="overseen",
        answer=ProcessingRecords,
        example={"records": [_RECORD]},
        mode=True,
    )
)
def read_records() -> Response:
    """Each kind of data of each service."""
    with work_of_caller() as work:
        return answer(ProcessingRecords(_records(work)))


@requires(Permission.PROCESSORS_READ)
@describes(
    Operation(
        id="readFideslang",
        summary="Read the records of processing in fideslang",
        description="The same as systems of the Fides language, in YAML.",
        tag="overseen",
        answer=_MANIFEST,
        example={YAML: "system: []\n"},
        file=True,
        mode=True,
    )
)
def read_fideslang() -> Response:
    """The same for data catalogues."""
    with work_of_caller() as work:
        keys = subscribed_services(work)
        text = as_fideslang(keys, list_processors(work, services=keys))
    return Response(text, content_type=YAML)


def _records(work: UnitOfWork) -> list[ProcessingRecord]:
    keys = subscribed_services(work)
    return records_of(keys, list_processors(work, services=keys))


def _entry(view: ProcessorView) -> ProcessorEntry:
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
