"""Faults on demand: what goes wrong with the real one, when a test or a developer wants it."""

from enum import StrEnum
from typing import Final

from connector.simulators import faults
from connector.simulators.netvisor.refusals import Refusal

DTD_ATTACK: Final = b"""<?xml version="1.0"?>
<!DOCTYPE Root [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
<Root><ResponseStatus><Status>OK</Status></ResponseStatus><Customerlist><Customer>
<Netvisorkey>1</Netvisorkey><Name>&c;&x;</Name></Customer></Customerlist></Root>"""
PAGE: Final = b"<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>"


class FaultName(StrEnum):
    """What can be ordered."""

    LATENCY = "latency"
    TOO_MANY_REQUESTS = "429"
    SERVER_ERROR = "500"
    HTML_PAGE = "html_page"
    LOST_REQUEST = "lost_request"
    LOST_ANSWER = "lost_answer"
    WRONG_MAC = "wrong_mac"
    DUPLICATE_TRANSACTION = "duplicate_transaction"
    MAINTENANCE = "maintenance"
    TECHNICAL_ERROR = "technical_error"
    SERVICE_ACCESS = "service_access"
    PERIOD_LOCK = "period_lock"
    UNKNOWN_CODE = "unknown_code"
    BARE_TEXT = "bare_text"
    MALFORMED_XML = "malformed_xml"
    TRUNCATED_XML = "truncated_xml"
    DTD_ATTACK = "dtd_attack"
    EMPTY_ANSWER = "empty_answer"
    ANOTHER_HOST = "another_host"


Fault = faults.Fault[FaultName]
Faults = faults.Faults[FaultName]

_REFUSALS: Final = {
    FaultName.DUPLICATE_TRANSACTION: ("REQUEST_NOT_UNIQUE", "Transaction id has been used before"),
    FaultName.MAINTENANCE: ("SYSTEM_MAINTANANCE", "Netvisor is under maintenance"),
    FaultName.TECHNICAL_ERROR: ("TECHNICAL_ERROR", "Unexpected error"),
    FaultName.SERVICE_ACCESS: ("SERVICE_ACCESS_ERROR", "No access to this resource"),
    FaultName.PERIOD_LOCK: ("PERIOD_LOCK", "The accounting period is locked"),
    FaultName.UNKNOWN_CODE: ("SOMETHING_NEW", "A code that nobody has listed"),
    FaultName.BARE_TEXT: ("", "Something went wrong and has no code"),
}


def refusal_of(name: FaultName, *, signed: str) -> Refusal | None:
    """The refusal that a fault is. A wrong MAC echoes what was signed, as can happen."""
    if name is FaultName.WRONG_MAC:
        return Refusal("AUTHENTICATION_FAILED", f"MAC does not match, expected hash of {signed}")
    found = _REFUSALS.get(name)
    return Refusal(*found) if found else None


def spoiled(name: FaultName, answer: bytes) -> bytes:
    """The answer as this fault leaves it."""
    if name is FaultName.MALFORMED_XML:
        return answer.replace(b"</Root>", b"</Toor>")
    if name is FaultName.TRUNCATED_XML:
        return answer[: len(answer) * 2 // 3]
    if name is FaultName.DTD_ATTACK:
        return DTD_ATTACK
    if name is FaultName.EMPTY_ANSWER:
        return b""
    return answer
