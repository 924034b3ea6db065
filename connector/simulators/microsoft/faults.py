"""What goes wrong with the real one, when a test or a developer wants it."""

from enum import StrEnum
from typing import Final

from connector.simulators import faults
from connector.simulators.microsoft.refusals import Refusal, of_login

PAGE: Final = b"<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>"


class FaultName(StrEnum):
    """What can be ordered."""

    LATENCY = "latency"
    TOO_MANY_REQUESTS = "429"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    HTML_PAGE = "html_page"
    LOST_REQUEST = "lost_request"
    LOST_ANSWER = "lost_answer"
    EXPIRED_TOKEN = "expired_token"  # noqa: S105
    DENIED = "denied"
    INVALID_GRANT = "invalid_grant"
    INVALID_CLIENT = "invalid_client"
    TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"
    CURSOR_EXPIRED = "cursor_expired"
    UNKNOWN_CODE = "unknown_code"
    MALFORMED_JSON = "malformed_json"
    TRUNCATED_JSON = "truncated_json"
    WRONG_SHAPE = "wrong_shape"
    EMPTY_ANSWER = "empty_answer"
    ANOTHER_HOST = "another_host"


Fault = faults.Fault[FaultName]
Faults = faults.Faults[FaultName]
LOGIN: Final = "token"
"""The resource that faults of the token endpoint name."""

_PLAIN: Final = {
    FaultName.DENIED: (403, "Forbidden", "Access denied"),
    FaultName.EXPIRED_TOKEN: (401, "InvalidAuthenticationToken", "Access token has expired"),
    FaultName.CURSOR_EXPIRED: (410, "resyncRequired", "Resync is required"),
    FaultName.UNKNOWN_CODE: (418, "SomethingNew", "A code that nobody has listed"),
}
_OF_LOGIN: Final = {
    FaultName.INVALID_GRANT: ("invalid_grant", 50173, 400),
    FaultName.INVALID_CLIENT: ("invalid_client", 7000222, 401),
    FaultName.TEMPORARILY_UNAVAILABLE: ("temporarily_unavailable", 90033, 400),
}


def refusal_of(name: FaultName, resource: str) -> Refusal | None:
    """The refusal that a fault is, in the form of the interface that it meets."""
    if name in _OF_LOGIN:
        error, number, status = _OF_LOGIN[name]
        return of_login(error, number, "As it was ordered", status=status)
    if name not in _PLAIN:
        return None
    status, code, text = _PLAIN[name]
    if resource == LOGIN:
        return of_login(code.lower(), 90000, text, status=status)
    both = {"error": {"code": code, "message": text}, "code": code, "description": text}
    return Refusal(status, both)


def spoiled(name: FaultName, answer: bytes) -> bytes:
    """The answer as this fault leaves it."""
    if name is FaultName.MALFORMED_JSON:
        return answer.rstrip(b"}") + b",,}"
    if name is FaultName.TRUNCATED_JSON:
        return answer[: len(answer) * 2 // 3]
    if name is FaultName.WRONG_SHAPE:
        return b'["neither", "an", "object"]'
    if name is FaultName.EMPTY_ANSWER:
        return b""
    return answer
