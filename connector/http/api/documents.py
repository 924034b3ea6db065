"""The API's own description: OpenAPI 3.1, made from the routes and what their views declare."""

import re
from http import HTTPStatus
from typing import Any, Final

from flask import Flask
from werkzeug.routing import Rule

from connector.http.api import examples
from connector.http.api.inputs import DuplicateName, MalformedJson
from connector.http.api.operations import Body, Operation, operation_of
from connector.http.api.problems import MEDIA_TYPE, TYPES, MethodNotAllowed, Problem
from connector.http.api.refusals import KEY_REFUSALS
from connector.http.api.schemas import schemas_of
from connector.http.api.wordings import DESCRIPTION, TAGS, TITLE
from privacy.core.errors import (
    BadInput,
    Forbidden,
    Invalid,
    NotFound,
    SiltaError,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
)

VERSION: Final = "1.0.0"
BLUEPRINT: Final = "api"
_ARGUMENT = re.compile(r"<(?:(?P<converter>[a-z]+):)?(?P<name>[a-z_]+)>")
_ALWAYS: Final = (BadInput, TooManyRequests, SiltaError, Unavailable)
_KEYED: Final = (Unauthenticated, *KEY_REFUSALS, Forbidden)
_WITH_BODY: Final = (MalformedJson, DuplicateName, TooLarge, UnsupportedMedia, Invalid)


def api_document(app: Flask, *, public_url: str) -> dict[str, Any]:
    """The whole OpenAPI document of `app`, ready for JSON."""
    found = [(rule, operation) for rule, operation in operations(app) if operation is not None]
    kinds = _kinds([operation for _, operation in found])
    schemas, named = schemas_of(kinds)
    by_kind = {repr(kind): schema for kind, schema in zip(kinds, schemas, strict=True)}
    paths: dict[str, Any] = {}
    for rule, operation in found:
        path = _ARGUMENT.sub(r"{\g<name>}", rule.rule)
        method = next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"})).lower()
        paths.setdefault(path, {})[method] = _operation(rule, operation, by_kind)
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION, "description": DESCRIPTION},
        "servers": [{"url": public_url}],
        "security": [{"apiKey": []}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": named,
            "headers": HEADERS,
            "parameters": {"IdempotencyKey": IDEMPOTENCY_KEY},
            "securitySchemes": {"apiKey": SECURITY},
        },
    }


def operations(app: Flask) -> list[tuple[Rule, Operation | None]]:
    """Every route of the API, with what its view says of itself (None: nothing)."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] == BLUEPRINT]
    shown = [rule for rule in rules if not rule.endpoint.endswith(".static")]
    return [(rule, operation_of(app.view_functions[rule.endpoint])) for rule in shown]


def problems_of(operation: Operation) -> dict[int, list[type[SiltaError]]]:
    """Every problem that `operation` can answer with, by status."""
    kinds = list(operation.problems) + list(_ALWAYS)
    kinds += [] if operation.open else list(_KEYED)
    kinds += list(_WITH_BODY) if operation.body else []
    by_status: dict[int, list[type[SiltaError]]] = {}
    for kind in dict.fromkeys(kinds):
        by_status.setdefault(int(kind.status), []).append(kind)
    return dict(sorted(by_status.items()))


def every_problem(app: Flask) -> list[type[SiltaError]]:
    """Every problem that any operation of `app`, or a wrong address, can be answered with."""
    described = [operation for _, operation in operations(app) if operation]
    found = [kind for one in described for kinds in problems_of(one).values() for kind in kinds]
    return list(dict.fromkeys([*found, NotFound, MethodNotAllowed]))


def _kinds(found: list[Operation]) -> list[Any]:
    kinds: dict[str, Any] = {repr(Problem): Problem}
    for operation in found:
        bodies = list(operation.body.kinds.values()) if operation.body else []
        for kind in (operation.answer, operation.query, *bodies):
            if kind is not None and not isinstance(kind, dict):
                kinds[repr(kind)] = kind
    return list(kinds.values())


def _operation(rule: Rule, operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": operation.description,
        "tags": [operation.tag],
        "parameters": _parameters(rule, operation, schemas),
        "responses": _responses(operation, schemas),
    }
    if operation.body:
        made["requestBody"] = _body(operation.body, schemas)
    if operation.open:
        made["security"] = []
    return made


def _body(body: Body, schemas: dict[str, Any]) -> dict[str, Any]:
    content = {}
    for media_type, kind in body.kinds.items():
        schema = kind if isinstance(kind, dict) else schemas[repr(kind)]
        content[media_type] = {"schema": schema, "example": body.examples[media_type]}
    return {"required": True, "description": body.description, "content": content}


def _parameters(rule: Rule, operation: Operation, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for found in _ARGUMENT.finditer(rule.rule):
        schema: dict[str, Any] = {"type": "string"}
        if found["converter"] == "uuid":
            schema["format"] = "uuid"
        text = operation.path[found["name"]]
        made.append(_parameter(found["name"], "path", schema, text, required=True))
    if operation.query is not None:
        name = schemas[repr(operation.query)]["$ref"].rpartition("/")[2]
        made += _from_query(schemas_of([operation.query])[1][name])
    if operation.idempotent:
        made.append({"$ref": "#/components/parameters/IdempotencyKey"})
    return made


def _from_query(schema: dict[str, Any]) -> list[dict[str, Any]]:
    required = schema.get("required", [])
    made = []
    for name, item in schema["properties"].items():
        known = dict(_without_null(item))
        text = known.pop("description", "")
        made.append(_parameter(name, "query", known, text, required=name in required))
    return made


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is there or is not; null cannot be written in a URL."""
    choices = [item for item in schema.get("anyOf", []) if item != {"type": "null"}]
    return choices[0] if len(choices) == 1 else schema


def _parameter(
    name: str, place: str, schema: dict[str, Any], text: str, *, required: bool
) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": required,
        "description": text,
        "schema": schema,
    }


def _responses(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    names = ["X-Request-Id"]
    if not operation.open:
        names += ["RateLimit", "RateLimit-Policy"]
    if operation.mode:
        names.append("Silta-Mode")
    if operation.idempotent:
        names.append("Idempotent-Replayed")
    schema = (
        operation.answer if isinstance(operation.answer, dict) else schemas[repr(operation.answer)]
    )
    made: dict[str, Any] = {
        "200": {
            "description": "Done.",
            "headers": _header_references(names),
            "content": {"application/json": {"schema": schema, "example": operation.example}},
        }
    }
    for status, kinds in problems_of(operation).items():
        made[str(status)] = _problem(status, kinds)
    return made


def _problem(status: int, kinds: list[type[SiltaError]]) -> dict[str, Any]:
    names = ["Retry-After"] if status in {429, 503} else []
    return {
        "description": " ".join(dict.fromkeys(kind.message for kind in kinds)),
        "headers": _header_references(["X-Request-Id", *names]),
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
        made["errors"] = [{"pointer": "/limit", "detail": "Expected int <= 500."}]
    return made


def _header_references(names: list[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _header(text: str, example: str) -> dict[str, Any]:
    return {"description": text, "schema": {"type": "string"}, "example": example}


HEADERS: Final = {
    "X-Request-Id": _header("Names this request to support.", examples.REQUEST_ID),
    "RateLimit-Policy": _header(
        "The limits that count for this key: q requests in w seconds.", '"key";q=12000;w=60'
    ),
    "RateLimit": _header("What is left: r requests, for t seconds.", '"key";r=11999;t=60'),
    "Retry-After": _header("Seconds to wait before trying again.", "10"),
    "Silta-Mode": _header("test: everything was checked, nothing was stored. Else live.", "live"),
    "Idempotent-Replayed": _header("true: this is the stored answer of an earlier try.", "true"),
}

IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": (
        "A random text of your own, the same for each try of one request. For 24 hours the first "
        "answer is given again; another body under the same key is refused (422), and a try while "
        "the first one is running as well (409)."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "example": "0b9d7a1e-3c52-4d55-8c9e-6a1f2b3c4d5e",
}

SECURITY: Final = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "silta_…",
    "description": "An API key from the console: `Authorization: Bearer silta_…`. Never in a URL.",
}
