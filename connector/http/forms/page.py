"""The hosted page of a form: GET shows it, POST takes it. It works without a script or a cookie.

Whatever is refused is shown again with everything that was typed, and with a sentence on what to
do. A plain form on a tenant's own page may post here too: without a challenge nothing is taken,
and the visitor finds what they typed on this page, to be sent from here.
"""

from collections.abc import Mapping
from typing import Final

from flask import Response, make_response, render_template, request

from connector.http.forms.requests import found_form, language_of, technical_of
from connector.http.forms.sending import take
from connector.http.forms.shown import Given, fields_shown, new_challenge, organisation_of
from connector.http.forms.words import LANGUAGES, complaint_key, words_of
from connector.inquiries.arrive import Sent
from connector.inquiries.forms.refs import FormRef
from connector.inquiries.robots.challenges import ChallengeExpired, ChallengeRefused
from connector.inquiries.robots.judge import Evidence, NoProof
from connector.inquiries.robots.spend import AlreadySent
from privacy.core.errors import SiltaError
from privacy.objections.signals import HEADER, is_refusal
from tenants.http.access import public

_REASON: Final = "A form on the web is for whoever wants to write; its key cannot be guessed."
_ANEW: Final = (ChallengeExpired, ChallengeRefused, NoProof)
_OWN: Final = frozenset({"challenge", "proof", "website", "lang", "page"})
_SHOWN_AGAIN: Final = frozenset(
    {400, 409, 422, 429, 503},
)
PROVED: Final = Given("", 0)


@public(_REASON)
def show(form_key: str) -> Response:
    """The empty form."""
    form = found_form(form_key)
    language = language_of(form, request.args.get("lang"))
    return _page(form, language, new_challenge(form), typed={}, status=200)


@public(_REASON)
def send(form_key: str) -> Response:
    """Take what was typed, or show it again and say why."""
    form = found_form(form_key)
    language = language_of(form, request.form.get("lang"))
    try:
        opened = take(form, _sent(language), proof_only=False)
    except AlreadySent:
        return _told(form, language, None, status=409)
    except SiltaError as refusal:
        if int(refusal.status) not in _SHOWN_AGAIN:
            raise
        return _again(form, language, refusal)
    return _told(form, language, opened.reference, status=200)


def _sent(language: str) -> Sent:
    typed = request.form
    fields = {name: typed.get(name, "") for name in typed if name not in _OWN}
    evidence = Evidence(
        challenge=typed.get("challenge", ""),
        number=typed.get("proof", ""),
        trap=typed.get("website", ""),
    )
    refuses = is_refusal(request.headers.get(HEADER))
    return Sent(fields, evidence, technical_of(typed.get("page")), language, refuses)


def _again(form: FormRef, language: str, refusal: SiltaError) -> Response:
    """With the same challenge where it still counts: who waited need not wait again."""
    held = Given(request.form.get("challenge", ""), 0)
    given = new_challenge(form) if isinstance(refusal, _ANEW) or not held.challenge else held
    answer = _page(
        form,
        language,
        given,
        typed=request.form,
        refusal=refusal,
        proof="" if given is not held else request.form.get("proof", ""),
        status=int(refusal.status),
    )
    wait = refusal.details.get("retry_after")
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _page(
    form: FormRef,
    language: str,
    given: Given,
    *,
    typed: Mapping[str, str],
    refusal: SiltaError | None = None,
    proof: str = "",
    status: int,
) -> Response:
    words = words_of(language)
    page = render_template(
        "web_forms/page.html",
        words=words,
        language=language,
        languages=LANGUAGES,
        organisation=organisation_of(form),
        form=form,
        fields=fields_shown(form, language),
        typed=typed,
        given=given,
        proof=proof,
        refusal=_said(words, refusal),
        wrong=_complaints(words, refusal),
    )
    return make_response(page, status)


def _said(words: Mapping[str, str], refusal: SiltaError | None) -> str:
    if refusal is None:
        return ""
    if refusal.code in words:
        return words[refusal.code]
    return words["unavailable"] if int(refusal.status) in (429, 503) else words["correct"]


def _complaints(words: Mapping[str, str], refusal: SiltaError | None) -> dict[str, str]:
    fields = refusal.details.get("fields") if refusal is not None else None
    if not isinstance(fields, dict) or refusal is None or refusal.code == "not_declared":
        return {}
    return {str(name): words[complaint_key(str(text))] for name, text in fields.items()}


def _told(form: FormRef, language: str, reference: str | None, *, status: int) -> Response:
    page = render_template(
        "web_forms/told.html",
        words=words_of(language),
        language=language,
        organisation=organisation_of(form),
        form=form,
        reference=reference,
    )
    return make_response(page, status)
