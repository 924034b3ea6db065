"""The API's own description: OpenAPI 3.1, made from the routes and what their views declare."""

import re
from typing import Any, Final

from flask import Flask
from werkzeug.routing import Rule

from connector.http.api.components import HEADERS, IDEMPOTENCY_KEY
from connector.http.api.faces import API, Face
from connector.http.api.operations import Body, Operation, operation_of
from connector.http.api.problems import MethodNotAllowed, Problem
from connector.http.api.responses import problems_of, responses_of
from connector.http.api.schemas import schemas_of
from privacy.core.errors import NotFound, SiltaError

VERSION: Final = "1.0.0"
BLUEPRINT: Final = "api"
_ARGUMENT = re.compile(r"<(?:(?P<converter>[a-z]+):)?(?P<name>[a-z_]+)>")


def api_document(app: Flask, *, public_url: str, face: Face = API) -> dict[str, Any]:
    """The whole OpenAPI document of a face of `app`, ready for JSON."""
    known = operations(app, blueprint=face.blueprint)
    found = [(rule, operation) for rule, operation in known if operation is not None]
    kinds = _kinds([operation for _, operation in found])
    schemas, named = schemas_of(kinds)
    by_kind = {repr(kind): schema for kind, schema in zip(kinds, schemas, strict=True)}
    paths: dict[str, Any] = {}
    for rule, operation in found:
        path = _ARGUMENT.sub(r"{\g<name>}", rule.rule)
        method = next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"})).lower()
        paths.setdefault(path, {})[method] = _operation(rule, operation, by_kind, face)
    return {
        "openapi": "3.1.0",
        "info": {"title": face.title, "version": VERSION, "description": face.description},
        "servers": [{"url": public_url}],
        "security": [{face.key_name: []}],
        "tags": [{"name": name, "description": text} for name, text in face.tags.items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": named,
            "headers": HEADERS,
            "parameters": {"IdempotencyKey": IDEMPOTENCY_KEY},
            "securitySchemes": {face.key_name: face.security},
        },
    }


def operations(app: Flask, *, blueprint: str = BLUEPRINT) -> list[tuple[Rule, Operation | None]]:
    """Every route of a face, with what its view says of itself (None: nothing)."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] == blueprint]
    shown = [rule for rule in rules if not rule.endpoint.endswith(".static")]
    return [(rule, operation_of(app.view_functions[rule.endpoint])) for rule in shown]


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


def _operation(
    rule: Rule, operation: Operation, schemas: dict[str, Any], face: Face
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.summary,
        "description": operation.description,
        "tags": [operation.tag],
        "parameters": _parameters(rule, operation, schemas),
        "responses": responses_of(operation, schemas, face),
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
    return {"required": body.required, "description": body.description, "content": content}


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
