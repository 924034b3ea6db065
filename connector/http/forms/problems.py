"""Errors of public forms that are no refusal of what was typed: in words, without a menu."""

from typing import Final

from flask import Response, make_response, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from connector.http.console.problems import HEADINGS, translate
from connector.http.forms.words import LANGUAGES, words_of
from connector.http.portal.complaints import problem_in
from connector.inquiries.forms.find import form_at
from privacy.core.errors import SiltaError
from tenants.http.requests import request_id
from tenants.http.services import services

_ENGLISH: Final = "en"


def page_for(error: Exception) -> Response:
    """The page that answers `error`, in the language of the form that was asked for."""
    return render(error, language=language_of_request())


def language_of_request() -> str:
    """What the visitor chose, else the form's, else what the browser prefers: a form that is not
    there has no language. Nothing is counted here: who tries keys was counted already."""
    chosen = _chosen()
    if chosen in LANGUAGES:
        return chosen
    key = str((request.view_args or {}).get("form_key", ""))
    try:
        return form_at(services().engines.app, key=key, closed_too=True).language
    except (SiltaError, SQLAlchemyError):
        return request.accept_languages.best_match(LANGUAGES) or _ENGLISH


def _chosen() -> str:
    """Of a body that cannot be read, nothing is known."""
    try:
        return request.values.get("lang", "")
    except HTTPException:
        return ""


def render(error: Exception, *, language: str = _ENGLISH) -> Response:
    """The page that answers `error`, in a language of words_of and of COMPLAINTS."""
    told, words = translate(error), words_of(language)
    english = HEADINGS.get(told.status, "Something went wrong")
    page = render_template(
        "web_forms/problem.html",
        words=words,
        language=language,
        heading=english if language == _ENGLISH else words["problem"],
        text=problem_in(language, told),
        number=request_id(),
    )
    answer = make_response(page, int(told.status))
    wait = told.details.get("retry_after")
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer
