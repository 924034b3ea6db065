"""Answers that are given without asking the application. They repeat nothing of the request."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from connector.http.api.problems import MEDIA_TYPE, RETRY_SECONDS, TYPES
from privacy.core.errors import BadInput, Busy, SiltaError, TooLarge

_PROGRAMS: Final = ("/api/", "/in/", "/marketplace/", "/forms/")


class Refused(Exception):
    """Answer with `error`, and count it under `reason`."""

    def __init__(self, error: SiltaError, reason: str) -> None:
        super().__init__(reason)
        self.error = error
        self.reason = reason


class Gone(Exception):
    """The client has closed the connection; nobody reads an answer."""


class BrokenOff(Exception):
    """An answer failed or was cut after it had begun: the connection must not end cleanly."""


def malformed(reason: str) -> Refused:
    """Not a request that everybody reads alike."""
    return Refused(BadInput(), reason)


def too_large() -> Refused:
    """Longer than any route takes."""
    return Refused(TooLarge(), "too_large")


def busy(reason: str) -> Refused:
    """Nothing free now; worth another try."""
    return Refused(Busy(), reason)


@dataclass(frozen=True, slots=True)
class Plain:
    """A short answer."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def plain(error: SiltaError, path: str, request_id: str) -> Plain:
    """`error` as problem+json (RFC 9457) for programs, and as a line of text for people.

    The connection ends with it: what follows may be the rest of what was refused.
    """
    status = int(error.status)
    headers = [(b"cache-control", b"no-store"), (b"connection", b"close")]
    headers.append((b"x-request-id", request_id.encode()))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", str(RETRY_SECONDS).encode()))
    if path.startswith(_PROGRAMS):
        body, kind = json.dumps(_problem(error, request_id)).encode(), MEDIA_TYPE.encode()
    else:
        body, kind = f"{error.message}\n".encode(), b"text/plain; charset=utf-8"
    headers += [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    return Plain(status, headers, body)


def _problem(error: SiltaError, request_id: str) -> dict[str, Any]:
    return {
        "type": TYPES + error.code,
        "title": HTTPStatus(error.status).phrase,
        "status": int(error.status),
        "detail": error.message,
        "code": error.code,
        "request_id": request_id,
    }
