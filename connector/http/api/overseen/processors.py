"""/api/v1/processors, /api/v1/records-of-processing: who works on what (GDPR Art. 28, 30)."""

import uuid
from typing import Final

import msgspec
from flask import Response

from connector.http.api.answers import answer
from connector.http.api.inputs import JSON
from connector.http.api.once import PROBLEMS, made_once
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.overseen.processor_shapes import (
    EXAMPLE,
    ProcessorEntries,
    ProcessorEntry,
    ProcessorWish,
    entry_of,
)
from connector.http.api.registers.wanted import Recorded
from connector.http.api.trials import changing_work
from connector.identities.read import refuse_cards
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.processors.announce import (
    TooLate,
    announce_processor,
    end_processor,
    object_to_processor,
)
from privacy.processors.fideslang import as_fideslang
from privacy.processors.find import list_processors, view_processor
from privacy.processors.records import ProcessingRecord, records_of
from privacy.processors.rules import OutsideRegion
from tenants.http.access import requires
from tenants.http.services import work_of_caller
from tenants.permissions import Permission
from tenants.tenants.subscribed import meant_service, subscribed_services

YAML: Final = "application/yaml"
"""RFC 9512."""


class ProcessingRecords(msgspec.Struct, frozen=True):
    """As controller (Art. 30(1)) first, then as processor (Art. 30(2))."""

    records: list[ProcessingRecord]


_PATH: Final = {"processor_id": "The processor's id."}
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
        example={"processors": [EXAMPLE]},
        mode=True,
    )
)
def list_all() -> Response:
    """All of them."""
    with work_of_caller() as work:
        found = list_processors(work, services=subscribed_services(work))
    return answer(ProcessorEntries([entry_of(view) for view in found]))


@requires(Permission.PROCESSORS_READ)
@describes(
    Operation(
        id="readProcessor",
        summary="Read a processor",
        description="One of the register by its id.",
        tag="overseen",
        path=_PATH,
        answer=ProcessorEntry,
        example=EXAMPLE,
        problems=(NotFound,),
        mode=True,
    )
)
def read(processor_id: uuid.UUID) -> Response:
    """One processor."""
    with work_of_caller() as work:
        view = view_processor(work, processor_id=processor_id)
    return answer(entry_of(view))


@requires(Permission.PROCESSORS_WRITE)
@describes(
    Operation(
        id="announceProcessor",
        summary="Announce a processor",
        description=(
            "Before it takes effect. One outside the region of the service's privacy policy, or "
            "on an annulled footing, is refused."
        ),
        tag="overseen",
        body=Body(
            kinds={JSON: ProcessorWish},
            examples={
                JSON: {
                    "service": "V",
                    "name": "Rechenzentrum Example",
                    "role": "Hosting",
                    "country": "DE",
                    "transfer": "eu_eea",
                    "fields": ["email"],
                    "statement_url": "https://example.com/privacy",
                    "agreement_url": "https://example.com/dpa",
                    "effective_on": "2026-12-22",
                }
            },
            description="Who works on what, where, and from when on.",
        ),
        answer=Recorded,
        example={"id": EXAMPLE["id"]},
        problems=(OutsideRegion, *PROBLEMS),
        idempotent=True,
        mode=True,
    )
)
def create() -> Response:
    """A new one; once for each Idempotency-Key."""
    return made_once(ProcessorWish, _announce)


@requires(Permission.PROCESSORS_WRITE)
@describes(
    Operation(
        id="objectToProcessor",
        summary="Object to an announced processor",
        description="Before its first day; it does not begin then. Repeating it changes nothing.",
        tag="overseen",
        path=_PATH,
        answer=Recorded,
        example={"id": EXAMPLE["id"]},
        problems=(NotFound, TooLate),
        mode=True,
    )
)
def refuse(processor_id: uuid.UUID) -> Response:
    """The organisation objects in time."""
    with changing_work() as work:
        object_to_processor(work, processor_id=processor_id)
    return answer(Recorded(processor_id))


@requires(Permission.PROCESSORS_WRITE)
@describes(
    Operation(
        id="endProcessor",
        summary="End a processor",
        description="It gets nothing more; the entry stays. Repeating it changes nothing.",
        tag="overseen",
        path=_PATH,
        answer=Recorded,
        example={"id": EXAMPLE["id"]},
        problems=(NotFound,),
        mode=True,
    )
)
def end(processor_id: uuid.UUID) -> Response:
    """It gets nothing more."""
    with changing_work() as work:
        end_processor(work, processor_id=processor_id)
    return answer(Recorded(processor_id))


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


def _announce(work: UnitOfWork, wish: ProcessorWish) -> Recorded:
    refuse_cards(name=wish.name, role=wish.role)
    said = wish.meant(meant_service(work, wish.service))
    return Recorded(announce_processor(work, said))
