"""Time-based one-time codes (RFC 6238): six digits, thirty seconds, one step of drift."""

import hmac
from datetime import UTC, datetime

import pyotp

from privacy.core import clock

ISSUER = "Silta"
PERIOD = 30
DRIFT = 1
"""Steps accepted either side of now: a code lives 90 seconds at most (ASVS 6.5.5 asks for 30;
one step each way is the tolerance that RFC 6238 §5.2 recommends for clocks and slow fingers)."""


def authenticator_time() -> datetime:
    """The real time, also under a development clock: telephones do not know of our shift."""
    return clock.now() - clock.offset()


def step_of(moment: datetime) -> int:
    """The number of the 30-second step that `moment` falls in."""
    return int(moment.astimezone(UTC).timestamp()) // PERIOD


def new_secret() -> str:
    """160 random bits, base32 (RFC 4226 §4, R6)."""
    return pyotp.random_base32(32)


def matching_step(secret: str, code: str, *, at: datetime) -> int | None:
    """The newest step in the window whose code is `code`, or None.

    The newest, because two steps can have the same code: consuming the older one would let it
    be used again (ATTACK 21). All steps are computed, so the time tells nothing.
    """
    now = step_of(at)
    wanted = "".join(code.split()).encode()
    generator = pyotp.TOTP(secret)
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(generator.generate_otp(step).encode(), wanted):
            found = step
    return found


def provisioning_uri(secret: str, *, account: str) -> str:
    """The `otpauth://` address that an authenticator application reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)
