"""Questions to a Moontalk: signed in, repeated while it is away."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

from connector.outbound.client import Answer, Limits, Outbound
from connector.outbound.failures import (
    ConfigurationFailure,
    CredentialDoubt,
    Failure,
    SystemFailure,
)
from connector.outbound.patience import Patience
from connector.outbound.statuses import failure_of, retry_after
from connector.providers.base import MappingError
from connector.providers.json_documents import read_json
from connector.providers.moontalk.fields import Source
from connector.providers.moontalk.ways import Clock, SignIn
from connector.providers.port import Opening
from connector.providers.texts import decode_text
from privacy.core import clock

LIMITS: Final = Limits(
    connect_seconds=10, idle_seconds=60, total_seconds=100, answer_bytes=16 * 1024 * 1024
)
PAUSES: Final = (2.0, 10.0)


class KeyRefused(ConfigurationFailure):
    """401 and 403."""

    code = "key_refused"
    message = (
        "Moontalk does not accept the key. Check the key, how it is sent, and what it may read."
    )


class NothingThere(ConfigurationFailure):
    """400, 404 and 405: of a path that the tenant entered, a setting is wrong."""

    code = "path_not_found"
    message = "Moontalk has no list of calls at this path, or knows other parameters. Check them."


class UnreadableJson(SystemFailure):
    """Neither waiting nor a setting helps."""

    code = "answer_unreadable"
    message = "Moontalk's answer is not JSON that we can read."


_WRONG: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_WRONG_METHOD: Final = HTTPStatus.METHOD_NOT_ALLOWED


class MoontalkClient:
    """One account's. Raises connector.outbound.failures.Failure."""

    def __init__(self, source: Source, opening: Opening) -> None:
        self._source = source
        self._outbound: Outbound = opening.outbound
        self._patience = Patience(PAUSES if opening.patience is None else (), opening.pause)
        self._limits = _within(opening.patience)

    def get(self, query: Mapping[str, str]) -> Any:
        """The document that answers a question; numbers in it are text."""
        answer = self._patience.repeat(lambda: self._once(self._url(query)))
        try:
            return read_json(decode_text(answer.body))
        except MappingError:
            raise UnreadableJson(log="calls, no JSON") from None

    def _once(self, url: str) -> Answer:
        headers = {"Accept": "application/json", **_signed_in(self._source)}
        answer = self._outbound.send("GET", url, headers=headers, limits=self._limits)
        if not 200 <= answer.status < 300:
            raise _failure(answer)
        return answer

    def _url(self, query: Mapping[str, str]) -> str:
        url = f"{self._source.base_url}{self._source.path}"
        if not query:
            return url
        mark = "&" if "?" in url else "?"
        return f"{url}{mark}{urlencode(query, quote_via=quote, safe='')}"


def said(moment: datetime, written: Clock) -> str:
    """A moment in a question."""
    match written:
        case Clock.RFC3339:
            return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case Clock.EPOCH_S:
            return str(int(moment.timestamp()))
        case Clock.EPOCH_MS:
            return str(int(moment.timestamp() * 1000))


def _within(patience: float | None) -> Limits:
    if patience is None:
        return LIMITS
    seconds = max(1.0, patience)
    return Limits(min(10.0, seconds), seconds, seconds, LIMITS.answer_bytes)


def _signed_in(source: Source) -> dict[str, str]:
    match source.sign_in:
        case SignIn.HEADER:
            return {source.header: source.key}
        case SignIn.BEARER:
            return {"Authorization": f"Bearer {source.key}"}
        case SignIn.BASIC:
            both = f"{source.user}:{source.key}".encode()
            return {"Authorization": f"Basic {base64.b64encode(both).decode()}"}


def _failure(answer: Answer) -> Failure:
    """404 of a place that somebody typed is a setting; what a proxy adds is not known here."""
    wait = retry_after(answer, now=clock.now())
    log = f"calls, status {answer.status}"
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return KeyRefused(log=log, credential=CredentialDoubt.CERTAIN)
    if answer.status == HTTPStatus.FORBIDDEN:
        return KeyRefused(log=log, credential=CredentialDoubt.POSSIBLE, retry_after=wait)
    if answer.status in _WRONG or answer.status == _WRONG_METHOD:
        return NothingThere(log=log)
    return failure_of(answer, now=clock.now(), where="calls")
