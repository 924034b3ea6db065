"""Security headers on every response (ASVS V3.4; ATTACK 33, 54), and how long caches may keep it.

Nothing is kept by anyone, except static files, whose address changes with their content.
"""

from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from tenants.http.fingerprints import fingerprint_of

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No inline script, no inline style, no frame, nothing from elsewhere."""

SHARED = frozenset({"form_api.embed_script", "form_api.consent_script"})
"""Scripts of ours, without data, that pages of tenants load from us."""

FOREVER = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"
NEVER = "no-store"

_ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def install(app: Flask, *, https: bool) -> None:
    """Send the headers with every response of `app`; `https` adds HSTS (two years)."""
    headers = dict(_ALWAYS)
    if https:
        headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    @app.after_request
    def _send(response: Response) -> Response:
        for name, value in headers.items():
            response.headers[name] = value
        if is_shared(request.endpoint):
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Cache-Control"] = _caching(app, response)
        return response


def is_shared(endpoint: str | None) -> bool:
    """Whether pages of others may load it (Fetch, Cross-Origin-Resource-Policy)."""
    return endpoint in SHARED


def is_static(endpoint: str | None) -> bool:
    """Whether `endpoint` serves files of ours: `static`, or a blueprint's."""
    return endpoint is not None and (endpoint == "static" or endpoint.endswith(".static"))


def _caching(app: Flask, response: Response) -> str:
    if is_shared(request.endpoint) and response.status_code in (200, 304):
        return FOR_AN_HOUR
    if not is_static(request.endpoint) or response.status_code not in (200, 206, 304):
        return NEVER
    wanted = request.args.get("v")
    folder, name = _place(app, request.endpoint), (request.view_args or {}).get("filename", "")
    known = fingerprint_of(Path(folder) / name) if folder else None
    return FOREVER if wanted is not None and wanted == known else "no-cache"


def stamp_addresses(app: Flask) -> None:
    """Give every static file's address its fingerprint, wherever `url_for` makes one."""

    @app.url_defaults
    def _stamp(endpoint: str, values: dict[str, Any]) -> None:
        name = values.get("filename")
        folder = _place(app, endpoint) if name and is_static(endpoint) else None
        if folder:
            values.setdefault("v", fingerprint_of(Path(folder) / str(name)))


def _place(app: Flask, endpoint: str | None) -> str | None:
    if endpoint is None or endpoint == "static":
        return app.static_folder
    blueprint = app.blueprints.get(endpoint.rpartition(".")[0])
    return blueprint.static_folder if blueprint else None
