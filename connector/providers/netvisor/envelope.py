"""Whether Netvisor did what it was asked: Root/ResponseStatus, and what its codes mean.

`Status` is OK, or FAILED with a second `Status` that says `CODE :: text`; the code may be one
that nobody has listed, and the text may come without. A failure comes as HTTP 200 unless asked
otherwise, and an HTTP error still carries the XML.
"""

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from connector.outbound.failures import (
    ConfigurationFailure,
    CredentialDoubt,
    Failure,
    FailureKind,
    SystemFailure,
    TransientFailure,
)
from connector.providers.netvisor.documents import Node
from connector.providers.netvisor.redactions import redact

ENVELOPE: Final = frozenset({"responsestatus", "replies"})
_CODE = re.compile(r"\s*([A-Z][A-Z_]{2,40})\s*::\s*(.*)", re.DOTALL)
_MISSING: Final = re.compile(
    r"not found|does not exist|ei löydy|ei löytynyt|hittades inte|finns inte", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code is: for whom, whether a write may have been done, seconds to wait."""

    kind: FailureKind
    advice: str
    maybe_done: bool = False
    wait: float | None = None
    credential: CredentialDoubt = CredentialDoubt.NONE


_WAIT = "Netvisor does not take requests at the moment. We will try again."
_CODES: Final = {
    "AUTHENTICATION_FAILED": Meaning(
        FailureKind.CONFIGURATION,
        "Netvisor did not accept the credentials. Check ids, keys, the business id, and that this "
        "server's clock is right.",
        credential=CredentialDoubt.CERTAIN,
    ),
    "SERVICE_ACCESS_ERROR": Meaning(
        FailureKind.CONFIGURATION,
        "Netvisor's company settings do not allow this resource. Allow it under the access rights "
        "of interface resources.",
    ),
    "PERIOD_LOCK": Meaning(
        FailureKind.CONFIGURATION,
        "The accounting period is locked in Netvisor. Open it, or use a date in an open one.",
    ),
    "INVALID_DATA": Meaning(FailureKind.SYSTEM, "Netvisor did not accept the data."),
    "INVALID_DATA_SIZE": Meaning(FailureKind.SYSTEM, "The data is too large for Netvisor."),
    "DUPLICATE_DATA": Meaning(
        FailureKind.SYSTEM, "Netvisor already has this data.", maybe_done=True
    ),
    "REQUEST_NOT_UNIQUE": Meaning(FailureKind.TRANSIENT, _WAIT, maybe_done=True),
    "SYSTEM_MAINTANANCE": Meaning(FailureKind.TRANSIENT, _WAIT, wait=900.0),
    "SYSTEM_MAINTENANCE": Meaning(FailureKind.TRANSIENT, _WAIT, wait=900.0),
    "TECHNICAL_ERROR": Meaning(FailureKind.TRANSIENT, _WAIT, maybe_done=True),
}
_UNKNOWN: Final = Meaning(FailureKind.SYSTEM, "Netvisor refused the request.", maybe_done=True)


class Refused(Failure):
    """Netvisor said FAILED. `netvisor_code` is empty when the text had none."""

    netvisor_code: str = ""
    missing: bool = False
    """What was asked for does not exist (INVALID_DATA serves for that, too)."""


class RefusedForNow(Refused, TransientFailure):
    """Waiting helps."""

    kind: ClassVar[FailureKind] = FailureKind.TRANSIENT
    code = "netvisor_unavailable"


class RefusedBySettings(Refused, ConfigurationFailure):
    """Somebody has to change something in Netvisor, or in the account here."""

    kind: ClassVar[FailureKind] = FailureKind.CONFIGURATION
    code = "netvisor_refused"


class RefusedForContent(Refused, SystemFailure):
    """The message itself is at fault, or its code says nothing to us."""

    kind: ClassVar[FailureKind] = FailureKind.SYSTEM
    code = "netvisor_invalid"


_KINDS: Final[dict[FailureKind, type[Refused]]] = {
    FailureKind.TRANSIENT: RefusedForNow,
    FailureKind.CONFIGURATION: RefusedBySettings,
    FailureKind.SYSTEM: RefusedForContent,
}


def check_status(status: Node, *, secrets: tuple[str, ...], where: str) -> None:
    """Return for OK; raise Refused for everything else. `where`: the resource, for the log.

    The user reads Netvisor's own sentence, redacted. The log has the code alone: the sentence can
    hold a customer's name.
    """
    said = [node.text.strip() for node in status.all("status")]
    first = said[0].upper() if said else ""
    if first == "OK":
        return
    sentence = next((text for text in said[1:] if text), "")
    found = _CODE.fullmatch(sentence)
    code, text = (found[1], found[2]) if found else ("", sentence)
    meaning = _CODES.get(code, _UNKNOWN)
    raise _failure(meaning, code, redact(text, secrets), where)


def _failure(meaning: Meaning, code: str, text: str, where: str) -> Refused:
    failure = _KINDS[meaning.kind](
        f"{meaning.advice} Netvisor says: {text}" if text else meaning.advice,
        log=f"{where}, {code if code in _CODES else 'unlisted code'}, {len(text)} characters",
        maybe_done=meaning.maybe_done,
        retry_after=meaning.wait,
        code=f"netvisor_{code.lower()}" if code in _CODES else None,
        advice=meaning.advice,
        credential=meaning.credential,
    )
    failure.netvisor_code = code
    failure.missing = code == "INVALID_DATA" and _MISSING.search(text) is not None
    return failure


def inserted_key(replies: Node) -> int | None:
    """The netvisor key of what was added: Replies/InsertedDataIdentifier."""
    text = replies.said("inserteddataidentifier")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
