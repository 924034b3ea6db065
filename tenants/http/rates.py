"""Flood limits of people and strangers. Redis counts; while it is away each process counts alone.

A caller is counted under a keyed digest, so Redis holds no address and no account (ATTACK 52).
Guessing passwords and codes is another matter: `tenants.limits` counts that in PostgreSQL.
Programs with a key and exchanges have limits of their own, with their own headers.
"""

import hashlib
import hmac

from flask import Flask, current_app, request
from flask_limiter import Limiter

from tenants.http.callers import caller
from tenants.http.headers import is_static
from tenants.limits.keys import network_of
from tenants.principals import PrincipalKind

PEOPLE = "900 per minute"
STRANGERS = "300 per minute"
REDIS_KEYS = {"LIMITS:LIMITER/silta/*": "requests of a caller, under a keyed digest"}
"""Every key that is written here, and what it counts. None of it is personal data."""
_UNCOUNTED = frozenset({"health.healthz", "health.readyz"})


def install(app: Flask, *, redis_url: str) -> None:
    """Count every request of `app` from here on; register between recognising and checking."""
    limiter = Limiter(
        _counted_as,
        app=app,
        application_limits=[_limit],
        storage_uri=_storage(redis_url),
        storage_options={"socket_connect_timeout": 1, "socket_timeout": 1},
        in_memory_fallback_enabled=True,
        strategy="fixed-window",
        key_prefix="silta",
    )
    # A filter is asked first, a limit's own exemption only after all limits are put together.
    limiter.request_filter(_is_free)


def _storage(redis_url: str) -> str:
    """The limiter's name for a Redis behind a socket; TCP and TLS are spelled alike."""
    return f"redis+{redis_url}" if redis_url.startswith("unix://") else redis_url


def _limit() -> str:
    return PEOPLE if caller().kind is PrincipalKind.USER else STRANGERS


def _is_free() -> bool:
    if caller().kind is PrincipalKind.API_KEY or request.path.startswith("/in/"):
        return True
    return request.endpoint in _UNCOUNTED or is_static(request.endpoint)


def _counted_as() -> str:
    who = str(caller().id or network_of(request.remote_addr or "")).encode()
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"rates\0" + who, hashlib.sha256).hexdigest()[:24]
