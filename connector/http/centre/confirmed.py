"""Object, or withdraw a consent: said on a form, done when the mailed code comes back."""

import uuid
from collections.abc import Sequence
from typing import Final

from flask import Response, request

from connector.http.centre.centres import Centre, found_centre, language, work_of
from connector.http.centre.pages import complaints, page, refused
from connector.http.centre.requests import fresh, kept_proof, person_typed
from connector.http.centre.robots import check_robot, count_code, count_mailed, use_up
from connector.http.centre.words import words_of
from privacy.confirmations.ask import Act, Said, ask_confirmation
from privacy.confirmations.codes import HOURS
from privacy.confirmations.confirm import confirm
from privacy.consents.purposes import COOKIES, askable
from privacy.core.errors import Invalid, NotFound, SiltaError
from privacy.notices.languages import speech
from privacy.profiles import Profile
from privacy.profiles.parts import Objection
from privacy.subjects.codes import CodeRefused
from tenants.http.access import public
from tenants.http.services import services

_REASON: Final = "Everybody may object and withdraw; a code that is mailed proves who does."
_SHOWN_AGAIN: Final = frozenset({403, 409, 422, 429, 503})


@public(_REASON)
def objection(centre_key: str, slug: str) -> Response:
    """To each purpose on its own (promise C6)."""
    centre = _taking(centre_key)
    rules = centre.service(slug)
    return _page(centre, rules, "objection", objections_of(rules))


@public(_REASON)
def withdrawal(centre_key: str, slug: str) -> Response:
    """Of each consent on its own (GDPR Art. 7(3)); cookies are chosen where they are set."""
    centre = _taking(centre_key)
    rules = centre.service(slug)
    return _page(centre, rules, "withdrawal", consents_of(rules))


@public(_REASON)
def confirmed(centre_key: str, confirmation_id: str) -> Response:
    """The code; looking changes nothing, so a mail scanner that follows links does no harm."""
    centre, row_id = _taking(centre_key), _id(confirmation_id)
    if request.method == "GET":
        return _code_page(centre, row_id)
    try:
        count_code(centre, str(row_id))
        with work_of(centre) as work:
            typed = request.form.get("code", "")
            done = confirm(work, services().vault, row_id=row_id, code=typed)
        if done is None:
            raise CodeRefused
    except SiltaError as refusal:
        if int(refusal.status) not in _SHOWN_AGAIN:
            raise
        return _code_page(centre, row_id, refusal)
    words = words_of(language())
    return page("done", centre=centre, text=words[f"done_{done}"])


def objections_of(rules: Profile) -> Sequence[str]:
    """What can be objected to: what the profile names, and where it names nothing, all of it."""
    return [one.value for one in rules.marketing.objections or tuple(Objection)]


def consents_of(rules: Profile) -> Sequence[str]:
    """What may have been agreed to."""
    return sorted(one.value for one in askable(rules) - set(COOKIES))


def _id(text: str) -> uuid.UUID:
    """What an address names. Raises NotFound for what is no id."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound from None


def _taking(key: str) -> Centre:
    centre = found_centre(key)
    if centre.of_services:
        raise NotFound
    return centre


def _page(centre: Centre, rules: Profile, act: Act, choices: Sequence[str]) -> Response:
    if request.method == "GET":
        return _form(centre, rules, act, choices, None)
    try:
        row_id = _ask(centre, rules, act, choices)
    except SiltaError as refusal:
        if int(refusal.status) not in _SHOWN_AGAIN:
            raise
        return _form(centre, rules, act, choices, refusal)
    return _code_page(centre, row_id)


def _ask(centre: Centre, rules: Profile, act: Act, choices: Sequence[str]) -> uuid.UUID:
    wrong: dict[str, str] = {}
    person = person_typed(wrong)
    chosen = [one for one in request.form.getlist("chosen") if one in choices]
    if not chosen:
        wrong["chosen"] = "choose"
    if not person.email and "email" not in wrong:
        wrong["email"] = "missing"
    if wrong:
        raise Invalid(fields=wrong)
    verdict = check_robot(centre)
    count_mailed(centre, person.email)
    said = Said(act, rules.key, language(), chosen, person)
    with work_of(centre) as work:
        use_up(work, verdict)
        return ask_confirmation(
            work,
            services().vault,
            said,
            tenant=centre.organisation,
            sending=services().settings.smtp_url is not None,
        )


def _form(
    centre: Centre, rules: Profile, act: Act, choices: Sequence[str], refusal: SiltaError | None
) -> Response:
    words = words_of(language())
    held = kept_proof(refusal) if refusal is not None else ("", 0, "")
    challenge, bits, proof = held if held[0] else (*fresh(centre, rules), "")
    said = speech(language()).words["objection"]
    labels = {one: said[one] if act == "objection" else words[f"consent_{one}"] for one in choices}
    return page(
        "confirmed_form",
        centre=centre,
        rules=rules,
        act=act,
        choices=labels,
        typed=request.form,
        chosen=request.form.getlist("chosen"),
        challenge=challenge,
        bits=bits,
        proof=proof,
        refusal=refused(words, refusal),
        wrong=complaints(words, refusal),
        status=int(refusal.status) if refusal else 200,
    )


def _code_page(centre: Centre, row_id: uuid.UUID, refusal: SiltaError | None = None) -> Response:
    return page(
        "confirm",
        centre=centre,
        row_id=row_id,
        hours=HOURS,
        refusal=refused(words_of(language()), refusal),
        status=int(refusal.status) if refusal else 200,
    )
