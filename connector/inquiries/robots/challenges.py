"""Challenges: what a page is given so that it can show that it is no robot's (promise D7).

A challenge is our own signed text; nothing of it is kept until it is used up:

    base64url(MessagePack of form, moment, bits, notice, salt) "." base64url(HMAC-SHA256)

It says which form it is for, when it was made, how hard the work is, and which version of the
privacy notice was shown with it, so that none of these can be made up afterwards.
"""

import base64
import binascii
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index

LASTS: Final = timedelta(hours=2)
"""As long as somebody takes to write, with an interruption."""
_LONGEST: Final = 512
_decoder: Final = msgspec.msgpack.Decoder(tuple[bytes, int, int, str, bytes])


class ChallengeRefused(Invalid):
    """It is not ours, of another form, or was changed."""

    code = "challenge_invalid"
    message = "The form's check is not valid. Send it again: what you typed is still here."


class ChallengeExpired(Invalid):
    """The page was open for too long."""

    code = "challenge_expired"
    message = "The form was open for a long time. Send it again: what you typed is still here."


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a challenge says. `bits`: leading zero bits that a proof has to have."""

    form_id: uuid.UUID
    made_at: datetime
    bits: int
    notice: str
    salt: bytes

    @property
    def ends_at(self) -> datetime:
        """When it is not taken any more."""
        return self.made_at + LASTS


def make_challenge(
    work: UnitOfWork, vault: Keyring, *, form_id: uuid.UUID, bits: int, notice: str
) -> str:
    """A fresh challenge for a form of the bound tenant."""
    millis = int(work.now.timestamp() * 1000)
    packed = msgspec.msgpack.encode((form_id.bytes, millis, bits, notice, secrets.token_bytes(16)))
    return f"{_written(packed)}.{_written(_mac(work, vault, packed))}"


def read_challenge(work: UnitOfWork, vault: Keyring, *, form_id: uuid.UUID, text: str) -> Challenge:
    """What a challenge that came back says.

    Raises:
        ChallengeRefused; ChallengeExpired.
    """
    packed, mac = _parts(text)
    if not hmac.compare_digest(_mac(work, vault, packed), mac):
        raise ChallengeRefused
    form, millis, bits, notice, salt = _decoder.decode(packed)
    made_at = datetime.fromtimestamp(millis / 1000, UTC)
    found = Challenge(uuid.UUID(bytes=form), made_at, bits, notice, salt)
    if found.form_id != form_id:
        raise ChallengeRefused
    if found.ends_at <= work.now:
        raise ChallengeExpired
    return found


def _mac(work: UnitOfWork, vault: Keyring, packed: bytes) -> bytes:
    return vault.tenant_index(work, Index.CHALLENGES).digest(packed)


def _parts(text: str) -> tuple[bytes, bytes]:
    head, dot, tail = text.partition(".")
    if not dot or len(text) > _LONGEST:
        raise ChallengeRefused
    try:
        return _read(head), _read(tail)
    except (binascii.Error, ValueError):
        raise ChallengeRefused from None


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
