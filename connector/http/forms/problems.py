"""Errors of the hosted page that are no refusal of what was typed: in words, without a menu."""

from flask import Response, make_response, render_template

from connector.http.console.problems import HEADINGS, translate
from connector.http.forms.words import words_of
from connector.http.portal.complaints import problem_in
from tenants.http.requests import request_id


def render(error: Exception, *, language: str = "en") -> Response:
    """The page that answers `error`, in a language of words_of and of COMPLAINTS."""
    told, words = translate(error), words_of(language)
    english = HEADINGS.get(told.status, "Something went wrong")
    page = render_template(
        "web_forms/problem.html",
        words=words,
        language=language,
        heading=english if language == "en" else words["problem"],
        text=problem_in(language, told),
        number=request_id(),
    )
    answer = make_response(page, int(told.status))
    wait = told.details.get("retry_after")
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer
