"""What a visitor's request says: which form, which language, from which device and page."""

from typing import Final
from urllib.parse import urlsplit

from flask import request

from connector.http.forms.words import LANGUAGES
from connector.http.intake.strangers import turn_away
from connector.inquiries.contents import Technical
from connector.inquiries.forms.find import form_at
from connector.inquiries.forms.refs import FormRef
from privacy.core import clock
from privacy.core.errors import NotFound
from tenants.http.services import services

_LONGEST: Final = 400


def found_form(key: str, *, purpose: str = "inquiry", closed_too: bool = False) -> FormRef:
    """The form of a public key.

    Raises:
        NotFound: none is open under it; TooManyRequests after some tries a minute.
    """
    try:
        form = form_at(services().engines.app, key=key, closed_too=closed_too)
    except NotFound:
        turn_away()
    if form.purpose != purpose:
        turn_away()
    return form


def language_of(form: FormRef, wished: str | None) -> str:
    """The language that was asked for, else the form's own."""
    return wished if wished in LANGUAGES else form.language


def technical_of(page: str | None) -> Technical:
    """The technical log of this request (promise A4); the profile says what of it is kept."""
    languages = request.accept_languages
    return Technical(
        ip_address=request.remote_addr,
        user_agent=request.headers.get("User-Agent"),
        language=languages.best if languages else None,
        page=page_of(page) or page_of(request.referrer),
        visited_at=clock.now(),
    )


def page_of(address: str | None) -> str | None:
    """A page without its query and fragment, which can say too much."""
    try:
        parts = urlsplit((address or "")[: 4 * _LONGEST])
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    text = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:_LONGEST]
    return text if text.isprintable() else None
