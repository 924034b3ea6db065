"""The form for scripts: /forms/v1/{key} says what to show, …/inquiries takes what was typed."""

from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from flask import Response, request

from connector.http.api.answers import answer
from connector.http.api.inputs import read_json
from connector.http.forms.cross import check_origin
from connector.http.forms.requests import found_form, language_of, technical_of
from connector.http.forms.sending import take
from connector.http.forms.shown import fields_shown, new_challenge
from connector.http.forms.words import words_of
from connector.inquiries.arrive import Sent
from connector.inquiries.robots.judge import Evidence
from privacy.objections.signals import HEADER, is_refusal
from tenants.http.access import public
from tenants.http.services import services

_REASON: Final = "Pages of the form's declared origins may use it; everybody else gets 403 or 404."
_SCRIPT: Final = Path(__file__).parent / "scripts" / "embed.js"
_SAID: Final = (
    *("optional", "reach", "notice", "notice.link", "version", "trap", "send", "working"),
    *("thanks", "received", "already", "correct", "problem", "required", "too_long", "bad_email"),
    *(
        "bad_telephone",
        "bad_topic",
        "card",
        "bad_number",
        "no_contact",
        "not_declared",
        "challenge_invalid",
    ),
    *("challenge_expired", "too_soon", "proof_needed", "trap_filled", "sent_too_often"),
    *("bad_date", "bad_choice", "kept", "unavailable"),
)


class ShownField(msgspec.Struct, frozen=True):
    """One field to show. `kind`: line, email, tel, date, choice or text. What an organisation
    declared itself (the name begins with `own_`) has its label in the organisation's own words."""

    name: str
    label: str
    kind: str
    required: bool
    longest: int
    autocomplete: str
    choices: tuple[tuple[str, str], ...]


class Notice(msgspec.Struct, frozen=True):
    """What must be shown beside the button (GDPR Art. 13)."""

    url: str
    version: str


class ShownForm(msgspec.Struct, frozen=True):
    """All that a page needs to show the form, and the challenge that it solves meanwhile."""

    title: str
    language: str
    fields: list[ShownField]
    words: dict[str, str]
    notice: Notice
    hosted: str
    challenge: str
    bits: int


class SentForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a page sends. `number` solves the challenge; `website` is a trap and stays empty."""

    challenge: str
    number: str
    fields: dict[str, str]
    website: str = ""
    language: str | None = None
    page: str | None = None


class Arrived(msgspec.Struct, frozen=True):
    """It is stored; this is what mails will call it."""

    reference: str


@public(_REASON)
def definition(form_key: str) -> Response:
    """What to show. GET changes nothing."""
    form = found_form(form_key)
    check_origin(form)
    if request.method == "OPTIONS":
        return Response(status=204)
    language = language_of(form, request.args.get("lang"))
    words, given = words_of(language), new_challenge(form)
    fields = [
        ShownField(
            *(one.name, one.label, one.kind, one.required, one.longest),
            one.autocomplete,
            one.choices,
        )
        for one in fields_shown(form, language)
    ]
    return answer(
        ShownForm(
            title=words[f"title.{form.channel}"],
            language=language,
            fields=fields,
            words={name: words[name] for name in _SAID},
            notice=Notice(form.notice_url, form.notice),
            hosted=f"{services().settings.public_url}/f/{form.key}",
            challenge=given.challenge,
            bits=given.bits,
        )
    )


@public(_REASON)
def inquiries(form_key: str) -> Response:
    """Take one inquiry in."""
    form = found_form(form_key)
    check_origin(form)
    if request.method == "OPTIONS":
        return Response(status=204)
    sent = read_json(SentForm)
    evidence = Evidence(sent.challenge, sent.number, sent.website)
    opened = take(
        form,
        Sent(
            sent.fields,
            evidence,
            technical_of(sent.page),
            language_of(form, sent.language),
            refuses=is_refusal(request.headers.get(HEADER)),
        ),
        proof_only=True,
    )
    return answer(Arrived(opened.reference))


@public("a script of ours that everybody gets, without data")
def embed_script() -> Response:
    """The script that shows a form in a page, and solves its challenge."""
    return Response(_script(), mimetype="text/javascript")


@cache
def _script() -> bytes:
    return _SCRIPT.read_bytes()
