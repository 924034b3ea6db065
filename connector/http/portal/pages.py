"""What several pages of registered people share."""

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template

from connector.http.forms.requests import found_form
from connector.http.forms.shown import organisation_of
from connector.http.forms.words import words_of
from connector.http.portal.words import PORTAL, portal_words
from connector.inquiries.forms.refs import FormRef
from connector.registrations.desks import Office
from privacy.core.errors import SiltaError
from tenants.http.services import services


def found_office(form_key: str, *, closed_too: bool = True) -> Office:
    """The registrations behind a form's key. Raises NotFound, TooManyRequests."""
    form = found_form(form_key, purpose="registration", closed_too=closed_too)
    return Office(services().desk, form)


def page(template: str, form: FormRef, *, status: int = 200, **given: Any) -> Response:
    """A page in the form's language; what these pages do not speak, they say in English."""
    language = form.language if form.language in PORTAL else "en"
    text = render_template(
        f"{template}.html",
        words=words_of(language),
        said=portal_words(language),
        language=language,
        organisation=organisation_of(form),
        form=form,
        **given,
    )
    return make_response(text, status)


def told(form: FormRef, key: str, **values: str) -> Response:
    """A page that only says something, and leads to signing in."""
    language = form.language if form.language in PORTAL else "en"
    return page("portal/told", form, text=portal_words(language)[key].format(**values))


def complaints(refusal: SiltaError | None) -> Mapping[str, str]:
    """What is wrong with which field, as the use case said it."""
    fields = refusal.details.get("fields") if refusal else None
    return {str(k): str(v) for k, v in fields.items()} if isinstance(fields, dict) else {}
