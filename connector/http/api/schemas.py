"""JSON Schemas (2020-12) of what is decoded and encoded, from the types themselves."""

from typing import Any, Final

import msgspec

REF: Final = "#/components/schemas/{name}"


def schemas_of(kinds: list[Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A schema (or a reference to one) for each of `kinds`, and the named ones they refer to."""
    found, named = msgspec.json.schema_components(kinds, ref_template=REF)
    components = dict(named)
    for schema in components.values():
        _tidy(schema)
    return list(found), dict(sorted(components.items()))


def _tidy(schema: dict[str, Any]) -> None:
    """Docstrings become one line; a default of null says nothing that the type does not."""
    if "description" in schema:
        schema["description"] = " ".join(schema["description"].split())
    for item in schema.get("properties", {}).values():
        if item.get("default", ...) is None:
            del item["default"]
