"""/api/v1/consents: record, read, search and withdraw."""

import uuid
from collections.abc import Sequence
from typing import Final

from flask import Response, request

from connector.http.api.answers import answer
from connector.http.api.inputs import JSON, read_json
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.registers.consent_shapes import (
    CONSENT_EXAMPLE,
    WISH_EXAMPLE,
    Consent,
    Consents,
    ConsentWish,
    Withdrawal,
    consent_of,
)
from connector.http.api.registers.pages import found_about, page_of
from connector.http.api.registers.wanted import Recorded, RegisterPage, WhoSearch
from connector.http.api.trials import changing_work
from connector.identities.read import read_person, refuse_cards
from privacy.consents.find import list_consents, view_consent
from privacy.consents.give import give_consent
from privacy.consents.shapes import ConsentView, GivenConsent, Wording
from privacy.consents.withdraw import withdraw_consent
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode
from tenants.tenants.subscribed import meant_service

_PATH: Final = {"consent_id": "The consent's id."}
_PAGE: Final = {"consents": [CONSENT_EXAMPLE], "next_cursor": None}


@requires(Permission.CONSENTS_READ)
@describes(
    Operation(
        id="listConsents",
        summary="List consents",
        description="The whole register by pages, the latest recorded first.",
        tag="registers",
        query=RegisterPage,
        answer=Consents,
        example=_PAGE,
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """A page of the register."""
    return page_of(list_consents, _page)


@requires(Permission.CONSENTS_WRITE)
@describes(
    Operation(
        id="recordConsent",
        summary="Record a consent",
        description=(
            "The register is only ever added to. A purpose that the service's privacy policy never "
            "uses is refused with `consent_not_askable`: a consent to it would deceive."
        ),
        tag="registers",
        body=Body(
            kinds={JSON: ConsentWish},
            examples={JSON: WISH_EXAMPLE},
            description="At least one of email, number and visitor.",
        ),
        answer=Recorded,
        example={"id": CONSENT_EXAMPLE["id"]},
        mode=True,
    )
)
def create() -> Response:
    """A new entry."""
    wish = read_json(ConsentWish)
    refuse_cards(wording=wish.wording, evidence=wish.evidence)
    person = read_person(
        email=wish.email,
        number=wish.number,
        visitor=wish.visitor,
        name=wish.name,
        region=wish.region,
    )
    with changing_work() as work:
        given = GivenConsent(
            service=meant_service(work, wish.service),
            purpose=wish.purpose,
            person=person,
            wording=Wording(wish.wording, wish.language, wish.version),
            channel=wish.channel,
            at=wish.at,
            evidence=wish.evidence,
        )
        made = give_consent(work, services().vault, given)
    return answer(Recorded(made))


@requires(Permission.CONSENTS_READ)
@describes(
    Operation(
        id="searchConsents",
        summary="Find one person's consents",
        description="By address, number or visitor id; at most 100, the latest recorded first.",
        tag="registers",
        body=Body(
            kinds={JSON: WhoSearch},
            examples={JSON: {"email": "robin@example.com"}},
            description="One person.",
        ),
        answer=Consents,
        example=_PAGE,
        mode=True,
    )
)
def search() -> Response:
    """What one person said."""
    return found_about(list_consents, _page, WhoSearch)


@requires(Permission.CONSENTS_READ)
@describes(
    Operation(
        id="readConsent",
        summary="Read a consent",
        description="One consent with its words and its history.",
        tag="registers",
        path=_PATH,
        answer=Consent,
        example=CONSENT_EXAMPLE,
        problems=(NotFound,),
        mode=True,
    )
)
def read(consent_id: uuid.UUID) -> Response:
    """One consent."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        view = view_consent(work, services().vault, consent_id=consent_id)
    return answer(consent_of(view))


@requires(Permission.CONSENTS_WRITE)
@describes(
    Operation(
        id="withdrawConsent",
        summary="Withdraw a consent",
        description=(
            "One more event; nothing is taken away. Repeating it changes nothing. The body may be "
            "left out: the form, now."
        ),
        tag="registers",
        path=_PATH,
        body=Body(
            kinds={JSON: Withdrawal},
            examples={JSON: {"channel": "telephone", "at": "2026-11-22T09:15:00Z"}},
            description="How and when.",
            required=False,
        ),
        answer=Recorded,
        example={"id": CONSENT_EXAMPLE["id"]},
        problems=(NotFound,),
        mode=True,
    )
)
def withdraw(consent_id: uuid.UUID) -> Response:
    """Its end."""
    said = read_json(Withdrawal) if request.content_length else Withdrawal()
    refuse_cards(evidence=said.evidence)
    with changing_work() as work:
        withdraw_consent(
            work,
            services().vault,
            consent_id=consent_id,
            channel=said.channel,
            at=said.at,
            evidence=said.evidence,
        )
    return answer(Recorded(consent_id))


def _page(found: Sequence[ConsentView], more: uuid.UUID | None) -> Consents:
    return Consents([consent_of(view) for view in found], more)
