"""POST /api/v1/subject-requests, …/{id}/code, …/{id}/verify, …/{id}/result."""

import uuid
from typing import Final

from flask import Response, request

from connector.http.api.answers import answer
from connector.http.api.inputs import JSON, read_json
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.subjects.read import PATH
from connector.http.api.subjects.shapes import (
    ID,
    Opening,
    Proof,
    Receipt,
    RequestWish,
    Standing,
)
from connector.http.api.trials import changing_work
from connector.http.subjects import clerk
from connector.identities.read import read_number, read_person, refuse_cards
from privacy.core.errors import Gone, Invalid, NotFound
from privacy.subjects.clerks import WrongState, get_request
from privacy.subjects.codes import CodeRefused, TooManyCodes
from privacy.subjects.corrections import NOTHING, Correction
from privacy.subjects.fetch import fetch_by_agent, fetch_by_code
from privacy.subjects.receive import Asked, receive_request
from privacy.subjects.verify import (
    send_code,
    verify_by_agent,
    verify_by_code,
    verify_by_telephone,
)
from privacy.subjects.words import Method, RequestState
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode
from tenants.tenants.subscribed import meant_service

_ZIP: Final = "application/zip"
_STANDING: Final = {"id": ID, "state": "running"}


@requires(Permission.REQUESTS_WRITE)
@describes(
    Operation(
        id="createSubjectRequest",
        summary="Record a subject request",
        description=(
            "The clock runs from `at`, when it reached you: one month, to the next working day. "
            "Where there is an address, a receipt and a code go there. Objections are honoured at "
            "once. A rectification with `correction` changes the record, a restriction keeps it "
            "out of every list, and whoever got the data is told: tasks that people tick off."
        ),
        tag="subject-requests",
        body=Body(
            kinds={JSON: RequestWish},
            examples={JSON: {"kind": "access", "channel": "email", "email": "robin@example.com"}},
            description="At least one of email and number.",
        ),
        answer=Receipt,
        example={"id": ID, "reference": "R-K7Q2-9XHM", "due_on": "2026-12-22", "code": None},
        mode=True,
    )
)
def create() -> Response:
    """A new request."""
    wish = read_json(RequestWish)
    refuse_cards(wish=wish.wish)
    person = read_person(email=wish.email, number=wish.number, name=wish.name, region=wish.region)
    with changing_work() as work:
        asked = Asked(
            kind=wish.kind,
            channel=wish.channel,
            person=person,
            service=meant_service(work, wish.service),
            country=wish.country,
            language=wish.language,
            received_at=wish.at,
            wish=wish.wish,
            objections=wish.objections,
            correction=_correction(wish),
        )
        made = receive_request(work, clerk(work), asked)
    return answer(Receipt(made.id, made.reference, made.due_on, made.code))


@requires(Permission.REQUESTS_WRITE)
@describes(
    Operation(
        id="sendSubjectRequestCode",
        summary="Send a new code",
        description="To the address of the request; the code before ends. Five at most.",
        tag="subject-requests",
        path=PATH,
        answer=Standing,
        example={"id": ID, "state": "verifying"},
        problems=(NotFound, WrongState, TooManyCodes),
        mode=True,
    )
)
def send(request_id: uuid.UUID) -> Response:
    """Another code."""
    find(request_id)
    with work_of_caller() as work:
        send_code(work, clerk(work), request_id=request_id)
    return answer(Standing(request_id, RequestState.VERIFYING))


@requires(Permission.REQUESTS_WRITE)
@describes(
    Operation(
        id="verifySubjectRequest",
        summary="Identify the person",
        description=(
            "By the code that was sent to them, or by what your people did. Then the request "
            "runs. A code can be tried five times, for 48 hours, and used once."
        ),
        tag="subject-requests",
        path=PATH,
        body=Body(
            kinds={JSON: Proof},
            examples={JSON: {"code": "K7Q29-XHM4R"}},
            description="One of code, said and method.",
        ),
        answer=Standing,
        example=_STANDING,
        problems=(NotFound, WrongState, CodeRefused),
        mode=True,
    )
)
def verify(request_id: uuid.UUID) -> Response:
    """Who it is."""
    find(request_id)
    proof = read_json(Proof)
    if sum(one is not None for one in (proof.code, proof.said, proof.method)) != 1:
        raise Invalid("Send one of code, said and method.")
    right = True
    with work_of_caller() as work:
        if proof.method is not None:
            method = Method(proof.method)
            verify_by_agent(work, clerk(work), request_id=request_id, method=method)
        elif proof.said is not None:
            right = verify_by_telephone(work, clerk(work), request_id=request_id, code=proof.said)
        else:
            code = proof.code or ""
            right = verify_by_code(work, clerk(work), request_id=request_id, code=code)
    # Only after the commit: a wrong try has to count.
    if not right:
        raise CodeRefused
    return answer(Standing(request_id, RequestState.RUNNING))


@requires(Permission.REQUESTS_WRITE)
@describes(
    Operation(
        id="fetchSubjectRequestResult",
        summary="Fetch the file",
        description=(
            "Once, with the code that the person was sent, within seven days: a ZIP with a page "
            "to read, JSON, CSV, and a manifest of counts. Of somebody who has no address, "
            "without a code. The answer to an erasure is in the request itself."
        ),
        tag="subject-requests",
        path=PATH,
        body=Body(
            kinds={JSON: Opening},
            examples={JSON: {"code": "K7Q29-XHM4R"}},
            description="The code.",
            required=False,
        ),
        answer={"type": "string", "format": "binary", "description": "A ZIP file."},
        example={_ZIP: "PK"},
        problems=(NotFound, WrongState, CodeRefused, Gone),
        file=True,
        mode=True,
    )
)
def result(request_id: uuid.UUID) -> Response:
    """The file."""
    reference = find(request_id)
    opening = read_json(Opening) if request.content_length else Opening()
    file: bytes | None
    with work_of_caller() as work:
        if opening.code is None:
            file = fetch_by_agent(work, clerk(work), request_id=request_id)
        else:
            file = fetch_by_code(work, clerk(work), request_id=request_id, code=opening.code)
    if file is None:
        raise CodeRefused
    return zip_response(file, reference)


def zip_response(file: bytes, reference: str) -> Response:
    """A download that no cache keeps."""
    made = Response(file, content_type=_ZIP)
    made.headers["Content-Disposition"] = f'attachment; filename="{reference}.zip"'
    made.headers["Cache-Control"] = "no-store"
    return made


def find(request_id: uuid.UUID) -> str:
    """The reference of a request, before anything that was sent is looked at. A test key's were
    never stored. Raises NotFound."""
    if caller().mode is Mode.TEST:
        raise NotFound
    with work_of_caller() as work:
        return get_request(work, request_id).reference


def _correction(wish: RequestWish) -> Correction:
    given = wish.correction
    if given is None:
        return NOTHING
    return Correction(
        name=(given.name or "").strip(),
        email=given.email or "",
        phone=read_number(given.number, wish.region).text if given.number else "",
        company=(given.company or "").strip(),
    )
