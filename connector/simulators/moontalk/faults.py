"""What goes wrong with any such interface, when a test or a developer wants it."""

from enum import StrEnum

from connector.simulators import faults

PAGE = b"<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>"


class FaultName(StrEnum):
    """What can be ordered."""

    LATENCY = "latency"
    TOO_MANY_REQUESTS = "429"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    HTML_PAGE = "html_page"
    LOST_REQUEST = "lost_request"
    LOST_ANSWER = "lost_answer"
    WRONG_KEY = "wrong_key"
    DENIED = "denied"
    CURSOR_EXPIRED = "cursor_expired"
    MALFORMED_JSON = "malformed_json"
    TRUNCATED_JSON = "truncated_json"
    WRONG_SHAPE = "wrong_shape"
    EMPTY_ANSWER = "empty_answer"
    ANOTHER_HOST = "another_host"


Fault = faults.Fault[FaultName]
Faults = faults.Faults[FaultName]


def spoiled(name: FaultName, answer: bytes) -> bytes:
    """The answer as this fault leaves it."""
    match name:
        case FaultName.MALFORMED_JSON:
            return answer.rstrip(b"}") + b",,}"
        case FaultName.TRUNCATED_JSON:
            return answer[: len(answer) * 2 // 3]
        case FaultName.WRONG_SHAPE:
            return b'{"status": "fine"}'
        case FaultName.EMPTY_ANSWER:
            return b""
        case _:
            return answer
