"""What an HTTP status says when the body says nothing."""

import math
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from connector.outbound.client import Answer
from connector.outbound.failures import (
    ConfigurationFailure,
    CredentialDoubt,
    Failure,
    SystemFailure,
    TransientFailure,
)

LONGEST_WAIT: Final = timedelta(days=1)
_WAIT: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_REFUSED: Final = frozenset({401, 402, 403})
_DOUBTS: Final = {401: CredentialDoubt.CERTAIN, 403: CredentialDoubt.POSSIBLE}
_NOT_DONE: Final = frozenset({401, 403, 404, 405, 413, 415, 425, 429})


def failure_of(answer: Answer, *, now: datetime, where: str) -> Failure:
    """The failure that a status other than 2xx is (RFC 9110, 15; RFC 6585). `where`: for the
    log, our own name of what was asked for."""
    kind: type[Failure] = SystemFailure
    if answer.status in _WAIT or answer.status > HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED:
        kind = TransientFailure
    elif answer.status in _REFUSED:
        kind = ConfigurationFailure
    return kind(
        log=f"{where}, status {answer.status}",
        maybe_done=answer.status not in _NOT_DONE,
        retry_after=retry_after(answer, now=now),
        credential=_DOUBTS.get(answer.status, CredentialDoubt.NONE),
    )


def retry_after(answer: Answer, *, now: datetime) -> float | None:
    """Seconds of Retry-After, as a number or a date (RFC 9110, 10.2.3); a day at most."""
    said = answer.headers.get("retry-after", "").strip()
    if not said:
        return None
    seconds = _seconds(said, now)
    if seconds is None or math.isnan(seconds):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT.total_seconds())


def _seconds(said: str, now: datetime) -> float | None:
    if said.isascii() and said.isdigit():
        return float(said[:12])
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, OverflowError):
        return None
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
