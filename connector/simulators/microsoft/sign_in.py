"""The token endpoint: who asks, for what, and which refresh token is the current one."""

import hmac
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any, Final

from connector.simulators.microsoft.keys import Keys
from connector.simulators.microsoft.refusals import Refusal, of_login

LASTS: Final = 3599
AUDIENCES: Final = {
    "https://graph.microsoft.com": "graph",
    "https://api.partnercenter.microsoft.com": "partner_center",
    "https://outlook.office365.com": "mailbox",
}


@dataclass(frozen=True, slots=True)
class _Token:
    audiences: frozenset[str]
    ends: datetime
    user: bool


class SignIn:
    """Remembers what it gave out. A token for this server's own address opens both interfaces,
    since it stands for both."""

    def __init__(self, keys: Keys, now: Callable[[], datetime], *, lasts: int = LASTS) -> None:
        self.keys = keys
        self.lasts = lasts
        self._now = now
        self._refresh_token = keys.refresh_token
        self._given: dict[str, _Token] = {}
        self._lock = threading.Lock()

    @property
    def refresh_token(self) -> str:
        """The one that works now."""
        return self._refresh_token

    def describe(self, base: str, tenant: str) -> dict[str, Any]:
        """openid-configuration."""
        self._check_tenant(tenant)
        place = f"{base}/{tenant}"
        return {
            "issuer": f"{place}/v2.0",
            "authorization_endpoint": f"{place}/oauth2/v2.0/authorize",
            "token_endpoint": f"{place}/oauth2/v2.0/token",
        }

    def grant(
        self, base: str, tenant: str, form: Mapping[str, str], *, rotate: bool = True
    ) -> dict[str, Any]:
        """An access token, and for a user a new refresh token; then the old one is refused.

        Numbers are texts, as older endpoints write them. `rotate`: off where the answer will be
        lost, since the real one does not take an old token back for being used.
        """
        self._check_tenant(tenant)
        self._check_client(form)
        audiences, kind = _audiences(base, form), form.get("grant_type")
        if kind == "client_credentials":
            return self._token(audiences, user=False)
        if kind != "refresh_token":
            raise of_login("unsupported_grant_type", 70003, "Grant type is not supported")
        with self._lock:
            said = form.get("refresh_token", "").encode()
            if not hmac.compare_digest(said, self._refresh_token.encode()):
                raise of_login("invalid_grant", 70008, "The refresh token has expired or was used")
            renewed = f"0.SIM.{token_urlsafe(24)}"
            if rotate:
                self._refresh_token = renewed
        return self._token(audiences, user=True) | {"refresh_token": renewed}

    def check(self, header: str, audience: str) -> bool:
        """Whether a user is behind the token. Raises Refusal 401, 403."""
        kind, _, token = header.partition(" ")
        found = self._given.get(token) if kind.lower() == "bearer" else None
        if found is None or found.ends <= self._now():
            raise _unauthenticated(audience)
        if audience not in found.audiences:
            raise _denied(audience)
        return found.user

    def expire_all(self) -> None:
        """Every token that was given ends now."""
        with self._lock:
            self._given.clear()

    def _token(self, audiences: frozenset[str], *, user: bool) -> dict[str, Any]:
        token = token_urlsafe(32)
        with self._lock:
            ends = self._now() + timedelta(seconds=self.lasts)
            self._given[token] = _Token(audiences, ends, user)
        lasts = str(self.lasts)
        return {
            "token_type": "Bearer",
            "expires_in": lasts,
            "ext_expires_in": lasts,
            "access_token": token,
        }

    def _check_tenant(self, tenant: str) -> None:
        if tenant != self.keys.tenant_id:
            raise of_login("invalid_tenant", 90002, "Tenant was not found")

    def _check_client(self, form: Mapping[str, str]) -> None:
        if form.get("client_id") != self.keys.client_id:
            raise of_login("unauthorized_client", 700016, "Application was not found")
        said = form.get("client_secret", "").encode()
        if not hmac.compare_digest(said, self.keys.client_secret.encode()):
            text = "Invalid client secret provided"
            raise of_login("invalid_client", 7000215, text, status=401)


def _audiences(base: str, form: Mapping[str, str]) -> frozenset[str]:
    """From v2's `scope` or v1's `resource`."""
    scopes = form.get("scope", "").split() or [f"{form.get('resource', '')}/.default"]
    for scope in scopes:
        resource = scope.rpartition("/")[0]
        if resource == base:
            return frozenset(AUDIENCES.values())
        if resource in AUDIENCES:
            return frozenset({AUDIENCES[resource]})
    raise of_login("invalid_scope", 70011, "The scope is not valid")


def _unauthenticated(audience: str) -> Refusal:
    if audience == "graph":
        code, text = "InvalidAuthenticationToken", "Access token has expired or is not valid."
        return Refusal(401, {"error": {"code": code, "message": text}})
    return Refusal(401, {"code": "900420", "description": "Unauthorized"})


def _denied(audience: str) -> Refusal:
    if audience == "graph":
        return Refusal(403, {"error": {"code": "Forbidden", "message": "Wrong audience."}})
    return Refusal(403, {"code": "900421", "description": "Access denied"})
