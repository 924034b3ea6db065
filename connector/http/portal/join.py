"""Register: a page without a cookie, with the same proof against robots as every form."""

from typing import Final

from flask import Response, request

from connector.http.forms.limits import count_sent
from connector.http.forms.shown import Given, new_challenge
from connector.http.portal.pages import found_office, own_shown, page, told
from connector.inquiries.forms.refs import FormRef
from connector.inquiries.robots.challenges import ChallengeExpired, ChallengeRefused
from connector.inquiries.robots.judge import Evidence, NoProof
from connector.registrations.begin import Application, begin_registration
from connector.registrations.details import FIELDS, REQUIRED
from privacy.core.errors import Conflict, SiltaError
from privacy.profiles import profile
from tenants.http.access import public

_OWN: Final = frozenset({"challenge", "proof", "website", "lang", "password", "of_age"})
_ANEW: Final = (ChallengeExpired, ChallengeRefused, NoProof)
_SHOWN_AGAIN: Final = frozenset({409, 422, 429, 503})
_REASON: Final = "Whoever registers has no account yet; the form's key cannot be guessed."


@public(_REASON)
def show(form_key: str) -> Response:
    """The empty registration."""
    form = found_office(form_key, closed_too=False).form
    return _page(form, new_challenge(form))


@public(_REASON)
def send(form_key: str) -> Response:
    """Register, or show it again and say why. Passwords are not shown again."""
    office = found_office(form_key, closed_too=False)
    try:
        application = _application(office.form)
        count_sent(office.form, proved=bool(application.evidence.number))
        begin_registration(office, application)
    except SiltaError as refusal:
        if int(refusal.status) not in _SHOWN_AGAIN:
            raise
        if isinstance(refusal, Conflict):
            return told(office.form, "look")
        return _again(office.form, refusal)
    return told(office.form, "look")


def _application(form: FormRef) -> Application:
    typed = request.form
    agreed = {term.term for term in form.terms if typed.get(f"agreed_{term.term}")}
    own = _OWN | {f"agreed_{term.term}" for term in form.terms}
    return Application(
        fields={name: typed.get(name, "") for name in typed if name not in own},
        password=typed.get("password", ""),
        agreed=agreed,
        of_age=bool(typed.get("of_age")),
        address=request.remote_addr or "",
        evidence=Evidence(
            typed.get("challenge", ""), typed.get("proof", ""), typed.get("website", "")
        ),
    )


def _again(form: FormRef, refusal: SiltaError) -> Response:
    held = Given(request.form.get("challenge", ""), 0)
    given = new_challenge(form) if isinstance(refusal, _ANEW) or not held.challenge else held
    proof = request.form.get("proof", "") if given is held else ""
    answer = _page(form, given, refusal=refusal, proof=proof, status=int(refusal.status))
    wait = refusal.details.get("retry_after")
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _page(
    form: FormRef,
    given: Given,
    *,
    refusal: SiltaError | None = None,
    proof: str = "",
    status: int = 200,
) -> Response:
    rules, own = profile(form.service).registration, own_shown(form)
    return page(
        "web_forms/register",
        form,
        status=status,
        given=given,
        proof=proof,
        fields=FIELDS,
        own=own,
        own_labels={one.name: one.label for one in own},
        required=REQUIRED,
        typed=request.form,
        refusal=refusal,
        years=rules.minimum_age if rules else 18,
    )
