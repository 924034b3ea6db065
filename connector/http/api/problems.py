"""Every error of /api and /in as RFC 9457 problem+json, rendered here and nowhere else.

A problem says what to do and never repeats what was sent: that may be a number or a name.
"""

from http import HTTPStatus
from typing import Final

import msgspec
from flask import Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as MethodMismatch

from connector.http.api.examples import REQUEST_ID
from connector.http.failures import shown, translate_unknown
from privacy.core.errors import (
    BadInput,
    Forbidden,
    NotFound,
    SiltaError,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
)
from tenants.http.requests import request_id

MEDIA_TYPE: Final = "application/problem+json"
TYPES: Final = "/api/docs#problem-"
"""Where each problem type is explained; a relative reference (RFC 9457, §3.1.1)."""
RETRY_SECONDS: Final = 10


class MethodNotAllowed(SiltaError):
    """The address is there, the method is not. `Allow` names those that are."""

    code = "method_not_allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED
    message = "This address does not take this method. The Allow header names those it takes."


class FieldProblem(msgspec.Struct, frozen=True):
    """One field that is not accepted: where it is (JSON Pointer, RFC 6901), and what is wanted."""

    pointer: str
    detail: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong (RFC 9457). Programs go by `code`; `request_id` names it to support."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str = REQUEST_ID
    errors: list[FieldProblem] = []


def problem_of(error: SiltaError) -> Problem:
    """The problem that says `error`."""
    return Problem(
        type=TYPES + error.code,
        title=HTTPStatus(error.status).phrase,
        status=int(error.status),
        detail=error.message,
        code=error.code,
        request_id=request_id(),
        errors=_fields(error),
    )


def problem_response(error: SiltaError) -> Response:
    """The answer to a request that failed with `error`."""
    answer = Response(msgspec.json.encode(problem_of(error)), int(error.status))
    answer.headers["Content-Type"] = MEDIA_TYPE
    answer.headers["Cache-Control"] = "no-store"
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="silta"'
    if error.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        answer.headers["Retry-After"] = str(error.details.get("retry_after") or RETRY_SECONDS)
    return answer


def translate(error: Exception) -> SiltaError:
    """Whatever was raised, as one of ours."""
    if isinstance(error, SiltaError):
        return shown(error)
    return _of_http(error) if isinstance(error, HTTPException) else translate_unknown(error)


def render(error: Exception) -> Response:
    """`problem_response` of anything; 405 keeps its `Allow` (RFC 9110, §15.5.6).

    The guard refuses an address without a view before routing can say why there is none.
    """
    wrong = request.routing_exception
    if isinstance(error, NotFound) and isinstance(wrong, MethodMismatch):
        error = wrong
    answer = problem_response(translate(error))
    if isinstance(error, MethodMismatch):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return answer


def _fields(error: SiltaError) -> list[FieldProblem]:
    fields = error.details.get("fields")
    if not isinstance(fields, dict):
        return []
    return [FieldProblem(_pointer(str(name)), str(text)) for name, text in fields.items()]


def _pointer(name: str) -> str:
    return name if name.startswith("/") or not name else f"/{name}"


_BY_STATUS: Final[dict[int, type[SiltaError]]] = {
    308: NotFound,
    400: BadInput,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
    415: UnsupportedMedia,
    429: TooManyRequests,
    503: Unavailable,
}


def _of_http(error: HTTPException) -> SiltaError:
    status = error.code or 500
    known = _BY_STATUS.get(status)
    if known is not None:
        return known()
    return BadInput() if 400 <= status < 500 else SiltaError()
