"""What Microsoft says when it says no, as our three kinds of failure.

Its texts can repeat ids, names and addresses, so only codes from lists of ours go on.
"""

from datetime import datetime
from typing import Any, Final

from connector.outbound.client import Answer
from connector.outbound.failures import (
    ConfigurationFailure,
    CredentialDoubt,
    Failure,
    SystemFailure,
    TransientFailure,
)
from connector.outbound.statuses import failure_of, retry_after

REAUTHORISATION: Final = "reauthorisation_needed"
CLIENT_REFUSED: Final = "client_refused"
TOKEN_REFUSED: Final = "token_refused"  # noqa: S105
ACCESS_DENIED: Final = "access_denied"

_NEEDS_REAUTH: Final = frozenset({REAUTHORISATION, CLIENT_REFUSED, TOKEN_REFUSED})
"""Codes after which only a person with new credentials helps."""

_AGAIN: Final = "The sign-in has ended or was taken back. Get a new refresh token and enter it."
_CLIENT: Final = "Microsoft does not accept the application's id or secret. Enter a valid secret."
_SCOPE: Final = "The application may not ask for this. Give it the permissions, with admin consent."
_TENANT: Final = "Microsoft knows no directory with this tenant id. Check it."
_DENIED: Final = "Microsoft denies access. Give the application, or its user, the right for it."
_TOKEN: Final = "Microsoft does not accept our sign-in, though it was just made. Check the account."  # noqa: S105

_OF_TOKENS: Final = {
    "invalid_grant": (REAUTHORISATION, _AGAIN),
    "interaction_required": (REAUTHORISATION, _AGAIN),
    "login_required": (REAUTHORISATION, _AGAIN),
    "consent_required": (REAUTHORISATION, _SCOPE),
    "invalid_client": (CLIENT_REFUSED, _CLIENT),
    "unauthorized_client": (CLIENT_REFUSED, _CLIENT),
    "access_denied": (ACCESS_DENIED, _DENIED),
    "invalid_scope": ("scope_refused", _SCOPE),
    "invalid_resource": ("scope_refused", _SCOPE),
    "invalid_tenant": ("tenant_unknown", _TENANT),
}
_WAIT: Final = frozenset({"temporarily_unavailable", "server_error"})


class UnreadableJson(SystemFailure):
    """Not JSON, or JSON of another shape."""

    code = "answer_unreadable"


class AccessDenied(ConfigurationFailure):
    """403: signed in, and not allowed."""

    code = ACCESS_DENIED
    message = _DENIED


class NotThere(SystemFailure):
    """404: of one thing, it is gone; of a whole collection, the address is wrong."""

    code = "not_there"


class Expired(TransientFailure):
    """410: the place in a list that we kept is no longer known. Begin anew."""

    code = "cursor_expired"


def token_failure(error: str) -> Failure:
    """The failure that an OAuth 2.0 error is (RFC 6749, 5.2)."""
    if error in _WAIT:
        return TransientFailure(log=f"token, {error}")
    code, message = _OF_TOKENS.get(error, ("token_failed", ConfigurationFailure.message))
    known = error if error in _OF_TOKENS else "another error"
    return _refusal(code, message, f"token, {known}")


def unknown_tenant() -> Failure:
    """The directory's own description is not there."""
    return _refusal(*_OF_TOKENS["invalid_tenant"], "token, no such tenant")


def token_refused(where: str) -> Failure:
    """401 with a token that was made a moment ago."""
    return _refusal(TOKEN_REFUSED, _TOKEN, f"{where}, 401 twice")


def answer_failure(answer: Answer, said: Any, *, now: datetime, where: str) -> Failure:
    """The failure that an answer other than 2xx is. `said`: its JSON, if it has any."""
    wait = retry_after(answer, now=now)
    code = _code(said)
    if answer.status == 403:
        return AccessDenied(
            log=f"{where}, 403", retry_after=wait, credential=CredentialDoubt.POSSIBLE
        )
    if answer.status == 404:
        return NotThere(log=f"{where}, 404")
    if answer.status == 410 or code in ("resyncrequired", "syncstatenotfound"):
        return Expired(log=f"{where}, {answer.status}")
    if answer.status == 400 and "continuationtoken" in code:
        return Expired(log=f"{where}, 400")
    return failure_of(answer, now=now, where=where)


def _refusal(code: str, message: str, log: str) -> Failure:
    doubt = CredentialDoubt.CERTAIN if code in _NEEDS_REAUTH else CredentialDoubt.NONE
    return ConfigurationFailure(message, log=log, code=code, advice=message, credential=doubt)


def _code(said: Any) -> str:
    """The error's code in lower case: `{code, description}`, or Graph's `{error: {code}}`."""
    if not isinstance(said, dict):
        return ""
    inner = said.get("error")
    found = inner.get("code") if isinstance(inner, dict) else said.get("code")
    return str(found or "").lower()
