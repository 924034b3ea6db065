"""/api/v1/disclosures: what was told to others, on which ground (promise E3)."""

import uuid
from collections.abc import Sequence
from typing import Final

from flask import Response

from connector.http.api.answers import answer
from connector.http.api.inputs import JSON, read_json
from connector.http.api.once import PROBLEMS, made_once
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.overseen.disclosure_shapes import (
    EXAMPLE,
    DisclosureEntries,
    DisclosureEntry,
    DisclosureMade,
    DisclosureWish,
    Publication,
    entry_of,
)
from connector.http.api.registers.pages import found_about, page_of
from connector.http.api.registers.wanted import PersonSearch, Recorded, RegisterPage
from connector.http.api.trials import changing_work
from connector.identities.read import read_person, refuse_cards
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound
from privacy.disclosures.find import find_disclosure, list_disclosures, view_disclosure
from privacy.disclosures.record import (
    NotPreviewed,
    preview_publication,
    publish,
    record_disclosure,
)
from privacy.disclosures.rules import NoConsent, NotGrounded
from privacy.disclosures.shapes import Disclosing, DisclosureView
from privacy.profiles.sharing import Ground
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode
from tenants.tenants.subscribed import meant_service

_PATH: Final = {"disclosure_id": "The entry's id."}
_PAGE: Final = {"disclosures": [EXAMPLE], "next_cursor": None}


@requires(Permission.DISCLOSURES_WRITE)
@describes(
    Operation(
        id="recordDisclosure",
        summary="Record a disclosure",
        description=(
            "Before anything is told: the ground, what it rests on, and each field. What the "
            "privacy policy does not allow is refused. What a registry would publish is stored as "
            "a preview; send its `digest` to publish it."
        ),
        tag="overseen",
        body=Body(
            kinds={JSON: DisclosureWish},
            examples={
                JSON: {
                    "service": "V",
                    "ground": "court",
                    "reference": "4 C 7/26",
                    "recipient": "Amtsgericht Example",
                    "fields": ["email"],
                    "email": "robin@example.com",
                }
            },
            description="At least one of email and number.",
        ),
        answer=DisclosureMade,
        example={"id": EXAMPLE["id"], "digest": None},
        problems=(NotGrounded, NoConsent, *PROBLEMS),
        idempotent=True,
        mode=True,
    )
)
def create() -> Response:
    """A new entry; once for each Idempotency-Key."""
    return made_once(DisclosureWish, _enter)


@requires(Permission.DISCLOSURES_WRITE)
@describes(
    Operation(
        id="publishDisclosure",
        summary="Publish what was previewed",
        description="Exactly that: the digest is of its values. Repeating it changes nothing.",
        tag="overseen",
        path=_PATH,
        body=Body(
            kinds={JSON: Publication},
            examples={JSON: {"digest": "0" * 64}},
            description="What was looked at.",
        ),
        answer=Recorded,
        example={"id": EXAMPLE["id"]},
        problems=(NotFound, NotPreviewed),
        mode=True,
    )
)
def make_public(disclosure_id: uuid.UUID) -> Response:
    """What was looked at is published, and nothing else."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        find_disclosure(work, disclosure_id)
    digest = bytes.fromhex(read_json(Publication).digest)
    with changing_work() as work:
        publish(work, disclosure_id=disclosure_id, digest=digest)
    return answer(Recorded(disclosure_id))


@requires(Permission.DISCLOSURES_READ)
@describes(
    Operation(
        id="listDisclosures",
        summary="List disclosures",
        description="By pages, the latest recorded first.",
        tag="overseen",
        query=RegisterPage,
        answer=DisclosureEntries,
        example=_PAGE,
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of the register."""
    return page_of(list_disclosures, _page)


@requires(Permission.DISCLOSURES_READ)
@describes(
    Operation(
        id="searchDisclosures",
        summary="Find what was told about one person",
        description="By address or number; at most 100, the latest recorded first.",
        tag="overseen",
        body=Body(
            kinds={JSON: PersonSearch},
            examples={JSON: {"email": "robin@example.com"}},
            description="One person.",
        ),
        answer=DisclosureEntries,
        example=_PAGE,
        mode=True,
    )
)
def search() -> Response:
    """What was told about one person."""
    return found_about(list_disclosures, _page, PersonSearch)


@requires(Permission.DISCLOSURES_READ)
@describes(
    Operation(
        id="readDisclosure",
        summary="Read a disclosure",
        description="One entry by its id.",
        tag="overseen",
        path=_PATH,
        answer=DisclosureEntry,
        example=EXAMPLE,
        problems=(NotFound,),
        mode=True,
    )
)
def read(disclosure_id: uuid.UUID) -> Response:
    """One entry."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        view, _ = view_disclosure(work, services().vault, disclosure_id=disclosure_id)
    return answer(entry_of(view))


def _page(found: Sequence[DisclosureView], more: uuid.UUID | None) -> DisclosureEntries:
    return DisclosureEntries([entry_of(view) for view in found], more)


def _enter(work: UnitOfWork, wish: DisclosureWish) -> DisclosureMade:
    refuse_cards(reference=wish.reference, values=" ".join(wish.values.values()))
    said = Disclosing(
        service=meant_service(work, wish.service),
        ground=wish.ground,
        person=read_person(
            email=wish.email, number=wish.number, name=wish.name, region=wish.region
        ),
        recipient=wish.recipient,
        reference=wish.reference,
        fields=tuple(dict.fromkeys(wish.fields)),
        reason=wish.reason,
        contact=wish.contact,
        at=wish.at,
        values=wish.values,
    )
    if wish.ground is Ground.REGISTRY:
        made, digest = preview_publication(work, services().vault, said)
        return DisclosureMade(made, digest.hex())
    return DisclosureMade(record_disclosure(work, services().vault, said), None)
