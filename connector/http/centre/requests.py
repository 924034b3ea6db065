"""Ask for one's data: the form, the code that proves who asks, the state, the file."""

from typing import Final

from flask import Response, make_response, request

from connector.http.centre.centres import Centre, found_centre, language, work_of
from connector.http.centre.pages import complaints, page, refused
from connector.http.centre.robots import (
    ANEW,
    check_robot,
    count_called,
    count_code,
    count_mailed,
    new_challenge,
    use_up,
)
from connector.http.centre.words import words_of
from connector.http.subjects import clerk_at
from connector.identities.read import read_person
from connector.synced.cards import holds_card
from privacy.core.errors import Conflict, Gone, Invalid, NotFound, SiltaError
from privacy.identities.people import Person
from privacy.notices.read import current_label
from privacy.profiles import Profile
from privacy.subjects.codes import CodeRefused
from privacy.subjects.fetch import fetch_by_code
from privacy.subjects.receive import Asked, Received, receive_request
from privacy.subjects.statuses import find_by_reference, read_status, spelled, status_code
from privacy.subjects.verify import verify_by_code
from privacy.subjects.words import RequestChannel, RequestKind
from tenants.http.access import public
from tenants.http.services import services

KINDS: Final = tuple(kind for kind in RequestKind if kind is not RequestKind.OBJECTION)
"""Objections to marketing have a form of their own."""
_REASON: Final = "Everybody may ask for their data (GDPR Art. 12(2)); who asks is proved by a code."
_SHOWN_AGAIN: Final = frozenset({400, 403, 404, 409, 410, 422, 429, 503})


class NotReady(Conflict):
    """There is nothing to fetch, or nothing to confirm, with this code at this time."""

    code = "not_ready"
    message = "There is nothing to fetch with this code now."


@public(_REASON)
def ask(centre_key: str, slug: str) -> Response:
    """The form, and what came of it."""
    centre = _taking(centre_key)
    rules = centre.service(slug)
    if request.method == "GET":
        return _form(centre, rules, None)
    try:
        received, code, mailed = _receive(centre, rules)
    except SiltaError as refusal:
        return _again(centre, rules, refusal)
    return page("received", centre=centre, rules=rules, received=received, code=code, mailed=mailed)


@public(_REASON)
def status(centre_key: str) -> Response:
    """By reference and code; both are posted, so that neither stands in an address."""
    centre = found_centre(centre_key)
    if request.method == "GET":
        return page("status", centre=centre, found=None, refusal="")
    words = words_of(language())
    try:
        reference = request.form.get("reference", "")
        count_code(centre, spelled(reference))
        with work_of(centre) as work:
            code = request.form.get("code", "")
            found = read_status(work, services().vault, reference=reference, code=code)
        if found is None:
            raise CodeRefused
    except SiltaError as refusal:
        said, answer = refused(words, refusal), int(refusal.status)
        return page("status", centre=centre, found=None, refusal=said, status=answer)
    return page("status", centre=centre, found=found, refusal="")


@public(_REASON)
def code(centre_key: str) -> Response:
    """The code from the mail: it proves who asks, or it opens the file, once."""
    centre = found_centre(centre_key)
    if request.method == "GET":
        return page("code", centre=centre, done=False, refusal="")
    try:
        return _use_code(centre)
    except SiltaError as refusal:
        if int(refusal.status) not in _SHOWN_AGAIN:
            raise
        said = refused(words_of(language()), refusal)
        return page("code", centre=centre, done=False, refusal=said, status=int(refusal.status))


def _taking(key: str) -> Centre:
    """A centre that takes requests of its own: the services' is for those of `everywhere`."""
    centre = found_centre(key)
    if centre.of_services:
        raise NotFound
    return centre


def _use_code(centre: Centre) -> Response:
    """A wrong code counts, so each try commits before it is refused."""
    reference, typed = request.form.get("reference", ""), request.form.get("code", "")
    count_code(centre, spelled(reference))
    with work_of(centre) as work:
        request_id = find_by_reference(work, reference)
        if request_id is None:
            raise CodeRefused
        try:
            proved = verify_by_code(work, clerk_at(work), request_id=request_id, code=typed)
        except Conflict:
            proved = None
    if proved is False:
        raise CodeRefused
    if proved:
        return page("code", centre=centre, done=True, refusal="")
    with work_of(centre) as work:
        try:
            found = fetch_by_code(work, clerk_at(work), request_id=request_id, code=typed)
        except (Conflict, Gone):
            raise NotReady from None
    if found is None:
        raise CodeRefused
    answer = make_response(found)
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = 'attachment; filename="personal-data.zip"'
    return answer


def _receive(centre: Centre, rules: Profile) -> tuple[Received, str, bool]:
    """Checked before anything is counted or spent, so that a typing error costs nobody a try."""
    asked = _asked(rules)
    verdict = check_robot(centre)
    if asked.person.email:
        count_mailed(centre, asked.person.email)
    else:
        count_called(centre, asked.person.phone)
    with work_of(centre) as work:
        use_up(work, verdict)
        received = receive_request(work, clerk_at(work), asked)
        made = status_code(work, services().vault, received.id)
    return received, made, bool(asked.person.email)


def _asked(rules: Profile) -> Asked:
    typed, wrong = request.form, {}
    kind = typed.get("kind", "")
    if kind not in {one.value for one in KINDS}:
        wrong["kind"] = "choose"
    person = person_typed(wrong)
    if not (person.email or person.phone) and not wrong:
        wrong["contact"] = "missing"
    wish = wish_typed(wrong)
    if wrong:
        raise Invalid(fields=wrong)
    return Asked(
        kind=RequestKind(kind),
        channel=RequestChannel.FORM,
        person=person,
        service=rules.key,
        language=language(),
        wish=wish,
    )


def wish_typed(wrong: dict[str, str]) -> str:
    """What somebody wishes, in their words; a payment card's number is said in `wrong` (A7)."""
    text = request.form.get("wish", "").strip()
    if holds_card((text,)):
        wrong["wish_card"] = "card"
    return text


def person_typed(wrong: dict[str, str]) -> Person:
    """Who fills the form in; what cannot be read is said in `wrong`."""
    typed = request.form
    given = {"email": typed.get("email", "").strip(), "number": typed.get("telephone", "").strip()}
    found = Person(name="")
    for name, text in given.items():
        try:
            one = read_person(**{name: text}) if text else Person()
        except Invalid:
            wrong["email" if name == "email" else "telephone"] = "unreadable"
        else:
            found = Person(email=found.email or one.email, phone=found.phone or one.phone)
    name = " ".join(typed.get("name", "").split())[:200]
    return Person(email=found.email, phone=found.phone, name=name if name.isprintable() else "")


def _form(
    centre: Centre,
    rules: Profile,
    refusal: SiltaError | None,
    proof: tuple[str, int, str] = ("", 0, ""),
) -> Response:
    words = words_of(language())
    challenge, bits, solved = proof if proof[0] else (*fresh(centre, rules), "")
    return page(
        "request",
        centre=centre,
        rules=rules,
        kinds=[one.value for one in KINDS],
        typed=request.form,
        challenge=challenge,
        bits=bits,
        proof=solved,
        refusal=refused(words, refusal),
        wrong=complaints(words, refusal),
        status=int(refusal.status) if refusal else 200,
    )


def fresh(centre: Centre, rules: Profile) -> tuple[str, int]:
    """A challenge that says which version of the notice was shown with it."""
    with work_of(centre) as work:
        label = current_label(work, rules.key, rules.policy.dated)
    return new_challenge(centre, label)


def kept_proof(refusal: SiltaError) -> tuple[str, int, str]:
    """The same challenge where it still counts: who waited need not wait again."""
    if isinstance(refusal, ANEW):
        return "", 0, ""
    return request.form.get("challenge", ""), 0, request.form.get("proof", "")


def _again(centre: Centre, rules: Profile, refusal: SiltaError) -> Response:
    if int(refusal.status) not in _SHOWN_AGAIN:
        raise refusal
    answer = _form(centre, rules, refusal, kept_proof(refusal))
    wait = refusal.details.get("retry_after")
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer
