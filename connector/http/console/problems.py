"""Every error of the console as a page in plain words, rendered here and nowhere else."""

from http import HTTPStatus
from typing import Final

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from connector.http.failures import shown, translate_unknown
from privacy.core.errors import (
    BadInput,
    NotFound,
    SiltaError,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)
from tenants.http.callers import caller
from tenants.http.guard import AtAnotherStep
from tenants.http.requests import request_id
from tenants.principals import PrincipalKind, Stage

HEADINGS: Final = {
    HTTPStatus.BAD_REQUEST: "That could not be read",
    HTTPStatus.FORBIDDEN: "Not for your role",
    HTTPStatus.NOT_FOUND: "Nothing here",
    HTTPStatus.METHOD_NOT_ALLOWED: "Not this way",
    HTTPStatus.CONFLICT: "That changed meanwhile",
    HTTPStatus.GONE: "No longer available",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Too large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "That was not accepted",
    HTTPStatus.TOO_MANY_REQUESTS: "A little too fast",
    HTTPStatus.SERVICE_UNAVAILABLE: "Back in a moment",
}
ADVICE: Final = {
    HTTPStatus.FORBIDDEN: "If you need it, ask an administrator of your organisation.",
    HTTPStatus.NOT_FOUND: "It may have been removed, or its time may be over.",
}
_BY_STATUS: Final[dict[int, type[SiltaError]]] = {
    400: BadInput,
    404: NotFound,
    413: TooLarge,
    429: TooManyRequests,
    503: Unavailable,
}


class NotThisWay(SiltaError):
    """The page is there, and the method is not one that it takes."""

    code = "method_not_allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED
    message = "This page cannot be used in this way. Go back and use the buttons on it."


def render(error: Exception) -> Response:
    """The page, or the step of signing in, that answers `error`."""
    if isinstance(error, HTTPException) and error.code and error.code < 400:
        return make_response(error.get_response())
    told = translate(error)
    if request.method in ("GET", "HEAD"):
        onward = _sign_in_step(told)
        if onward is not None:
            return make_response(redirect(onward))
    answer = make_response(_page(told), int(told.status))
    if told.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        answer.headers["Retry-After"] = str(told.details.get("retry_after") or 10)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def translate(error: Exception) -> SiltaError:
    """Whatever was raised, as one of ours."""
    if isinstance(error, SiltaError):
        return shown(error)
    if isinstance(error, MethodNotAllowed):
        return NotThisWay()
    if isinstance(error, RateLimitExceeded):
        return TooManyRequests(retry_after=error.limit.limit.get_expiry())
    if isinstance(error, HTTPException):
        return _BY_STATUS.get(error.code or 500, SiltaError)()
    return translate_unknown(error)


def step_owed(stage: Stage) -> str:
    """The endpoint at which somebody who is not done signing in goes on."""
    return {
        Stage.PASSWORD: "sign_in.code",
        Stage.RENEW: "sign_in.renew",
        Stage.ENROL: "sign_in.enrol",
        Stage.FULL: "console.home",
    }[stage]


def _sign_in_step(error: SiltaError) -> str | None:
    if isinstance(error, AtAnotherStep):
        return url_for(step_owed(caller().stage))
    if isinstance(error, Unauthenticated):
        return url_for("sign_in.enter")
    return None


def _page(error: SiltaError) -> str:
    known = caller().kind is PrincipalKind.USER
    return render_template(
        "problem.html",
        heading=HEADINGS.get(HTTPStatus(error.status), "Something went wrong"),
        text=error.message,
        advice=ADVICE.get(HTTPStatus(error.status), ""),
        onward=url_for("console.home") if known else url_for("sign_in.enter"),
        onward_label="To the overview" if known else "Sign in",
        number=request_id(),
    )
