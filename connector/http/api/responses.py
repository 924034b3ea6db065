"""What an operation can answer, good and bad, for the description of the API."""

from http import HTTPStatus
from typing import Any, Final

from connector.http.api import examples
from connector.http.api.components import header_references
from connector.http.api.faces import API, Face
from connector.http.api.inputs import JSON, DuplicateName, MalformedJson
from connector.http.api.operations import Operation
from connector.http.api.problems import MEDIA_TYPE, TYPES
from privacy.core.errors import (
    BadInput,
    Busy,
    Invalid,
    SiltaError,
    TooLarge,
    TooManyRequests,
    TooSlow,
    Unavailable,
    UnsupportedMedia,
)

_ALWAYS: Final = (BadInput, TooManyRequests, SiltaError, Unavailable, Busy)
_WITH_BODY: Final = (MalformedJson, DuplicateName, TooLarge, TooSlow, UnsupportedMedia, Invalid)


def problems_of(operation: Operation, face: Face = API) -> dict[int, list[type[SiltaError]]]:
    """Every problem that `operation` can answer with, by status."""
    kinds = list(operation.problems) + list(_ALWAYS)
    kinds += [] if operation.open else list(face.refusals)
    kinds += list(_WITH_BODY) if operation.body else []
    by_status: dict[int, list[type[SiltaError]]] = {}
    for kind in dict.fromkeys(kinds):
        by_status.setdefault(int(kind.status), []).append(kind)
    return dict(sorted(by_status.items()))


def responses_of(operation: Operation, schemas: dict[str, Any], face: Face = API) -> dict[str, Any]:
    """Every answer that `operation` can give, by status."""
    names = ["X-Request-Id"]
    if face.rated and not operation.open:
        names += ["RateLimit", "RateLimit-Policy"]
    if operation.mode:
        names.append("Silta-Mode")
    if operation.idempotent:
        names.append("Idempotent-Replayed")
    if operation.file:
        names.append("Content-Disposition")
    schema = (
        operation.answer if isinstance(operation.answer, dict) else schemas[repr(operation.answer)]
    )
    made: dict[str, Any] = {
        "200": {
            "description": "Done.",
            "headers": header_references(names),
            "content": {
                kind: {"schema": schema, "example": example}
                for kind, example in _examples(operation).items()
            },
        }
    }
    for status, kinds in problems_of(operation, face).items():
        made[str(status)] = _problem(status, kinds)
    return made


def _examples(operation: Operation) -> dict[str, Any]:
    return dict(operation.example) if operation.file else {JSON: operation.example}


def _problem(status: int, kinds: list[type[SiltaError]]) -> dict[str, Any]:
    names = ["Retry-After"] if status in {429, 503} else []
    return {
        "description": " ".join(dict.fromkeys(kind.message for kind in kinds)),
        "headers": header_references(["X-Request-Id", *names]),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {kind.code: {"value": example_of(kind)} for kind in kinds},
            }
        },
    }


def example_of(kind: type[SiltaError]) -> dict[str, Any]:
    """What a problem of this kind looks like."""
    made: dict[str, Any] = {
        "type": TYPES + kind.code,
        "title": HTTPStatus(kind.status).phrase,
        "status": int(kind.status),
        "detail": kind.message,
        "code": kind.code,
        "request_id": examples.REQUEST_ID,
    }
    if kind is Invalid:
        made["errors"] = [{"pointer": "/limit", "detail": "This must be at most 500."}]
    return made
