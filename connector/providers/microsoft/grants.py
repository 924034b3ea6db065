"""One question for a token, by msal.

Each asks with an application of its own: msal remembers a 400 for a minute, and would tell
somebody who has just entered the right secret that it is still the wrong one.
"""

from dataclasses import dataclass, field
from typing import Any, Final

import msal  # type: ignore[import-untyped]

from connector.outbound.client import Outbound
from connector.outbound.failures import Failure
from connector.providers.microsoft.credentials import MicrosoftCredentials
from connector.providers.microsoft.documents import Values
from connector.providers.microsoft.doors import MsalDoor
from connector.providers.microsoft.failures import UnreadableJson, token_failure

SHORTEST: Final = 300.0
"""Seconds that a token lasts which does not say how long: never forever."""
LONGEST: Final = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Grant:
    """What came back. `refresh_token` is empty where none did."""

    access_token: str = field(repr=False)
    lasts: float
    refresh_token: str = field(default="", repr=False)


def ask_token(
    outbound: Outbound, login: str, credentials: MicrosoftCredentials, *, resource: str
) -> Grant:
    """A token for `resource` (a base URL): as the application alone, or with a user's refresh
    token where there is one. Raises Failure."""
    scopes = [f"{resource}/.default"]
    try:
        application = msal.ConfidentialClientApplication(
            credentials.client_id,
            client_credential=credentials.client_secret,
            authority=f"{login}/{credentials.tenant_id}",
            instance_discovery=False,
            azure_region=False,
            http_client=MsalDoor(outbound),
        )
        if credentials.refresh_token:
            said = application.acquire_token_by_refresh_token(credentials.refresh_token, scopes)
        else:
            said = application.acquire_token_for_client(scopes)
    except Failure:
        raise
    except (ValueError, KeyError, TypeError, RuntimeError):
        # msal's texts repeat what was said, and what was asked.
        raise UnreadableJson(log="token, not readable for msal") from None
    return _grant(said)


def _grant(said: Any) -> Grant:
    if not isinstance(said, dict):
        raise UnreadableJson(log="token, no answer")
    if said.get("error"):
        raise token_failure(str(said["error"]).lower())
    values, token = Values(said), said.get("access_token")
    if not isinstance(token, str) or not token or not token.isascii():
        raise UnreadableJson(log="token, none in the answer")
    lasts = values.whole("expires_in")
    renewed = said.get("refresh_token")
    return Grant(
        token,
        SHORTEST if lasts is None else min(max(float(lasts), 0.0), LONGEST),
        renewed if isinstance(renewed, str) else "",
    )
