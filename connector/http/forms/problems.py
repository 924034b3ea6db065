"""Errors of the hosted page that are no refusal of what was typed: in words, without a menu."""

from flask import Response, make_response, render_template

from connector.http.console.problems import HEADINGS, translate
from connector.http.forms.words import words_of
from tenants.http.requests import request_id


def render(error: Exception) -> Response:
    """The page that answers `error`."""
    told = translate(error)
    page = render_template(
        "web_forms/problem.html",
        words=words_of("en"),
        language="en",
        heading=HEADINGS.get(told.status, "Something went wrong"),
        text=told.message,
        number=request_id(),
    )
    answer = make_response(page, int(told.status))
    wait = told.details.get("retry_after")
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer
