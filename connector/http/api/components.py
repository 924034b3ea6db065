"""Parts that the description of the API refers to: headers, the Idempotency-Key, the keys."""

from typing import Any, Final

from connector.http.api import examples


def header_references(names: list[str]) -> dict[str, Any]:
    """References to headers, for a response that has them."""
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
    "Content-Disposition": _header("A name for the file.", 'attachment; filename="calls.csv"'),
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
