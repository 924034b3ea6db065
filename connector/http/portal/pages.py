"""What several pages of registered people share."""

from datetime import UTC, date, datetime
from typing import Any

from babel.dates import format_datetime
from flask import Response, make_response, render_template

from connector.http.forms.requests import found_form
from connector.http.forms.shown import Field, organisation_of, own_field
from connector.http.forms.words import words_of
from connector.http.portal.complaints import fields_in, problem_in
from connector.http.portal.words import PORTAL, portal_words
from connector.inquiries.forms.refs import FormRef
from connector.registrations.desks import Office
from privacy.notices.languages import speech
from tenants.http.services import services


def found_office(form_key: str, *, closed_too: bool = True) -> Office:
    """The registrations behind a form's key. Raises NotFound, TooManyRequests."""
    form = found_form(form_key, purpose="registration", closed_too=closed_too)
    return Office(services().desk, form)


def page(template: str, form: FormRef, *, status: int = 200, **given: Any) -> Response:
    """A page in the form's language; what these pages do not speak, they say in English."""
    language, refusal = language_of(form), given.get("refusal")
    text = render_template(
        f"{template}.html",
        problem=problem_in(language, refusal) if refusal else "",
        wrong=fields_in(language, refusal),
        words=words_of(language),
        said=portal_words(language),
        language=language,
        organisation=organisation_of(form),
        form=form,
        **given,
    )
    return make_response(text, status)


def own_shown(form: FormRef) -> list[Field]:
    """Fields that the tenant declared, as the page asks for them."""
    return [own_field(one, words_of(language_of(form))) for one in form.own]


def told(form: FormRef, key: str, **values: str) -> Response:
    """A page that only says something, and leads to signing in."""
    language = language_of(form)
    return page("portal/told", form, text=portal_words(language)[key].format(**values))


def language_of(form: FormRef) -> str:
    """The form's language, where these pages speak it."""
    return form.language if form.language in PORTAL else "en"


def day_in(form: FormRef, day: date) -> str:
    """A day as it is written in the form's language: `1. Januar 2030`."""
    return speech(language_of(form)).day(day)


def moment_in(form: FormRef, moment: datetime) -> str:
    """A moment as it is written there, in UTC."""
    locale = speech(language_of(form)).locale
    return f"{format_datetime(moment, format='medium', tzinfo=UTC, locale=locale)} UTC"
