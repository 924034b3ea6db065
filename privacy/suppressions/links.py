"""Addresses for one-click unsubscribing (RFC 8058). Nothing in them names anybody.

    base64url(tenant 16 | purpose 1 | person's token 32 | HMAC-SHA-256 of these, 16)

The token is what the suppression list is made of, so the link works for whoever has it, as long
as the mail lies in a mailbox, and after the person was erased. It can do one thing only.
"""

import base64
import binascii
import hmac
import uuid
from dataclasses import dataclass
from typing import Final

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.identities.shapes import Identity
from privacy.identities.tokens import tokens_of
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.profiles.parts import Objection
from privacy.suppressions.causes import Cause
from privacy.suppressions.entries import suppress
from privacy.vault.derivations import canonical
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index

_PURPOSES: Final = tuple(Objection)
_TENANT, _TOKEN, _MAC = 16, 32, 16
_SIZE: Final = _TENANT + 1 + _TOKEN + _MAC


@dataclass(frozen=True, slots=True)
class UnsubscribeLink:
    """What an address says; believed only after `unsubscribe_by_link` has checked it."""

    tenant_id: uuid.UUID
    purpose: Objection
    token: bytes
    mac: bytes


def link_token(work: UnitOfWork, vault: Keyring, *, who: Identity, purpose: Objection) -> str:
    """The last part of the address for `List-Unsubscribe`."""
    (token,) = tokens_of(work, vault, [who])
    body = work.tenant_id.bytes + bytes([_PURPOSES.index(purpose)]) + token
    return base64.urlsafe_b64encode(body + _mac(work, vault, body)).rstrip(b"=").decode()


def read_link(text: str) -> UnsubscribeLink:
    """What it says. Raises NotFound for what no link of ours looks like."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotFound from None
    if len(raw) != _SIZE or raw[_TENANT] >= len(_PURPOSES):
        raise NotFound
    return UnsubscribeLink(
        uuid.UUID(bytes=raw[:_TENANT]),
        _PURPOSES[raw[_TENANT]],
        raw[_TENANT + 1 : -_MAC],
        raw[-_MAC:],
    )


def check_link(work: UnitOfWork, vault: Keyring, link: UnsubscribeLink) -> None:
    """Raise NotFound for a link that was not made here."""
    body = link.tenant_id.bytes + bytes([_PURPOSES.index(link.purpose)]) + link.token
    if not hmac.compare_digest(_mac(work, vault, body), link.mac):
        raise NotFound


def unsubscribe_by_link(work: UnitOfWork, vault: Keyring, link: UnsubscribeLink) -> None:
    """Honoured from this transaction on; repeating it changes nothing. Raises NotFound."""
    check_link(work, vault, link)
    suppress(work, tokens=[link.token], objections=[link.purpose], cause=Cause.UNSUBSCRIBE)
    record(work, Event.UNSUBSCRIBED, facts={"purpose": link.purpose.value})


def _mac(work: UnitOfWork, vault: Keyring, body: bytes) -> bytes:
    message = canonical(b"unsubscribe link", body)
    return vault.tenant_index(work, Index.CODES).digest(message)[:_MAC]
