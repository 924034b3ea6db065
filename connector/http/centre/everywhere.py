"""A way in for people who cannot say which customer, or which service, holds their data.

The request is the installation's. What the page says is the same whoever asks, and takes the
same time: tenants are asked by a worker, after the mailed code came back. Only the answer, to the
proven address, names the organisations that it has gone to.

Who has no address leaves a number. The operator's people call it, and whoever answers says the
code that the page showed once: that proves the number alone, and nothing is asked of any tenant
before. Nobody called, the request is late, and ends with a notice (privacy/subjects/lapse.py).
"""

from typing import Final

from flask import Response, request

from connector.http.centre.centres import Centre, found_centre, language, work_of
from connector.http.centre.keys import SERVICES
from connector.http.centre.pages import complaints, page, refused
from connector.http.centre.requests import KINDS, fresh, kept_proof, person_typed, wish_typed
from connector.http.centre.robots import check_robot, count_called, count_mailed, use_up
from connector.http.centre.words import words_of
from connector.http.subjects import clerk_at
from privacy.core.errors import Invalid, SiltaError
from privacy.identities.people import Person
from privacy.subjects.receive import Asked, Received, receive_request
from privacy.subjects.statuses import status_code
from privacy.subjects.verify import CALLED_WITHIN
from privacy.subjects.words import RequestChannel, RequestKind
from tenants.http.access import public
from tenants.http.services import services

ANY: Final = "any"
"""In place of a service, for whoever does not know."""
_SHOWN_AGAIN: Final = frozenset({409, 422, 429, 503})
_REASON: Final = "Everybody may ask for their data, also who does not know whom (GDPR Art. 12(2))."


@public(_REASON)
def everywhere() -> Response:
    """The form, and what came of it."""
    centre = found_centre(SERVICES)
    if request.method == "GET":
        return _form(centre, None)
    try:
        received, code = _receive(centre)
    except SiltaError as refusal:
        if int(refusal.status) not in _SHOWN_AGAIN:
            raise
        return _form(centre, refusal)
    return page(
        "received",
        centre=centre,
        rules=None,
        received=received,
        code=code,
        mailed=received.code is None,
        called_within=CALLED_WITHIN,
    )


def _receive(centre: Centre) -> tuple[Received, str]:
    asked = _asked(centre)
    verdict = check_robot(centre)
    if asked.person.email:
        count_mailed(centre, asked.person.email)
    else:
        count_called(centre, asked.person.phone)
    with work_of(centre) as work:
        use_up(work, verdict)
        signing = None if asked.every_service else asked.service
        received = receive_request(work, clerk_at(work, signing), asked)
        return received, status_code(work, services().vault, received.id)


def _asked(centre: Centre) -> Asked:
    typed, wrong = request.form, dict[str, str]()
    kind, service = typed.get("kind", ""), typed.get("service", "")
    known = {one.slug: one.key for one in centre.rules}
    if kind not in {one.value for one in KINDS}:
        wrong["kind"] = "choose"
    if service not in {ANY, *known}:
        wrong["service"] = "choose"
    person = person_typed(wrong)
    _check_way(person, wrong)
    wish = wish_typed(wrong)
    if wrong:
        raise Invalid(fields=wrong)
    return Asked(
        kind=RequestKind(kind),
        channel=RequestChannel.FORM,
        person=person,
        service=known.get(service, centre.rules[0].key),
        language=language(),
        wish=wish,
        every_service=service == ANY,
    )


def _check_way(person: Person, wrong: dict[str, str]) -> None:
    """An address, unless somebody says that they have none: then the number is called."""
    if person.email or "email" in wrong:
        return
    if "without_email" not in request.form:
        wrong["email"] = "missing"
    elif not person.phone:
        wrong.setdefault("telephone", "unreadable")


def _form(centre: Centre, refusal: SiltaError | None) -> Response:
    words = words_of(language())
    held = kept_proof(refusal) if refusal is not None else ("", 0, "")
    challenge, bits, proof = held if held[0] else (*fresh(centre, centre.rules[0]), "")
    return page(
        "everywhere",
        centre=centre,
        any_service=ANY,
        kinds=[one.value for one in KINDS],
        typed=request.form,
        challenge=challenge,
        bits=bits,
        proof=proof,
        refusal=refused(words, refusal),
        wrong=complaints(words, refusal),
        status=int(refusal.status) if refusal else 200,
    )
