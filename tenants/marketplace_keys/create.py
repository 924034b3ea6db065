"""Make, close and list a marketplace's keys, and say where changes are announced."""

import hmac
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound
from privacy.core.ids import new_id
from privacy.core.writings import is_name
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Scope
from privacy.vault.meanings import Meaning
from tenants.api_keys.text import digest_of, hint_of
from tenants.marketplace_keys.models import MarketplaceKey
from tenants.marketplace_keys.sellers import seller_named
from tenants.marketplace_keys.text import new_key

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A new key; `text` is shown once."""

    id: uuid.UUID
    text: str

    def __repr__(self) -> str:
        return f"<CreatedKey {self.id}>"


@dataclass(frozen=True, slots=True)
class Callback:
    """Where changes are announced, and with which key."""

    url: str
    key: str

    def __repr__(self) -> str:
        return "<Callback>"


def create_marketplace_key(work: UnitOfWork, *, name: str) -> CreatedKey:
    """A key for a marketplace; `work` is bound to the installation. Raises Invalid."""
    if not is_name(name, longest=_LONGEST_NAME):
        raise Invalid(fields={"name": f"Give the key a name of up to {_LONGEST_NAME} characters."})
    text, key_id = new_key(), new_id()
    work.session.add(
        MarketplaceKey(
            tenant_id=work.tenant_id,
            id=key_id,
            digest=digest_of(text),
            hint=hint_of(text),
            name=name.strip(),
            callback_version=0,
            created_at=work.now,
        )
    )
    work.session.flush()
    record(work, Event.MARKETPLACE_KEY_CREATED, subject=key_id)
    return CreatedKey(key_id, text)


def list_marketplace_keys(work: UnitOfWork) -> Sequence[MarketplaceKey]:
    """All keys, newest first."""
    query = select(MarketplaceKey).order_by(MarketplaceKey.id.desc())
    return work.session.scalars(query).all()


def revoke_marketplace_key(work: UnitOfWork, *, key_id: uuid.UUID) -> None:
    """Close a key at once, and forget where it announced. Raises NotFound."""
    row = _get(work, key_id)
    if row.revoked_at is not None:
        return
    row.revoked_at, row.callback_url, row.callback_key_sealed = work.now, None, None
    record(work, Event.MARKETPLACE_KEY_REVOKED, subject=key_id)


def set_callback(
    work: UnitOfWork, *, vault: Keyring, key_id: uuid.UUID, url: str, key: str
) -> None:
    """Announce changes to `url` with `key`, which is this very key, typed again.

    Raises:
        NotFound: no such key, or it is closed. Invalid: another key was typed.
    """
    row = _get(work, key_id)
    if row.revoked_at is not None:
        raise NotFound
    if not hmac.compare_digest(digest_of(key), row.digest):
        raise Invalid("This is another key.", fields={"key": "Enter the key itself."})
    row.callback_url = url
    row.callback_version += 1
    row.callback_key_sealed = vault.seal(work, Scope.CREDENTIALS, _meaning(row), key.encode())
    record(work, Event.MARKETPLACE_CALLBACK_SET, subject=key_id)


def callbacks(work: UnitOfWork, *, vault: Keyring, seller: bytes) -> list[Callback]:
    """Everywhere that changes are announced to one marketplace. Raises OpenError."""
    query = select(MarketplaceKey).where(
        MarketplaceKey.revoked_at.is_(None), MarketplaceKey.callback_url.is_not(None)
    )
    return [
        Callback(row.callback_url, _open(work, vault, row, row.callback_key_sealed))
        for row in work.session.scalars(query.order_by(MarketplaceKey.id))
        if row.callback_url is not None
        and row.callback_key_sealed is not None
        and seller_named(work, vault, row.name) == seller
    ]


def _open(work: UnitOfWork, vault: Keyring, row: MarketplaceKey, sealed: bytes) -> str:
    return vault.open(work, Scope.CREDENTIALS, _meaning(row), sealed).decode()


def _get(work: UnitOfWork, key_id: uuid.UUID) -> MarketplaceKey:
    query = select(MarketplaceKey).where(MarketplaceKey.id == key_id).with_for_update()
    row = work.session.scalar(query)
    if row is None:
        raise NotFound
    return row


def _meaning(row: MarketplaceKey) -> Meaning:
    return Meaning(
        "marketplace key",
        row.tenant_id,
        "marketplace_keys",
        row.id,
        "callback_key_sealed",
        row.callback_version,
    )
