"""Make an API key."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from privacy.core.db.work import ActorKind, UnitOfWork
from privacy.core.errors import Invalid
from privacy.core.ids import new_id
from privacy.core.writings import is_name
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring
from tenants.api_keys.models import ApiKey, ApiKeyListing
from tenants.api_keys.networks import checked_networks
from tenants.api_keys.text import digest_of, hint_of, new_key
from tenants.permissions import KEY_SCOPES, Permission
from tenants.principals import Mode
from tenants.sealed_fields import API_KEY_NAME

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A new key; `text` is shown once and is nowhere else."""

    id: uuid.UUID
    text: str

    def __repr__(self) -> str:
        return f"<CreatedKey {self.id}>"


def create_api_key(
    ring: Keyring,
    work: UnitOfWork,
    *,
    name: str,
    scopes: Collection[Permission],
    mode: Mode = Mode.LIVE,
    expires_at: datetime | None = None,
    networks: Collection[str] = (),
) -> CreatedKey:
    """A key of `work`'s tenant, made by `work`'s actor.

    Raises:
        Invalid: no name, no or too many rights, an end in the past, or networks that are none.
    """
    _check(work, name, scopes, expires_at)
    text, key_id = new_key(mode), new_id()
    created_by = work.actor.id if work.actor.kind is ActorKind.USER else None
    row = ApiKey(
        tenant_id=work.tenant_id,
        id=key_id,
        digest=digest_of(text),
        hint=hint_of(text),
        name_sealed=API_KEY_NAME.seal(ring, work, key_id, name.strip()),
        scopes=sorted(scope.value for scope in scopes),
        mode=mode.value,
        networks=checked_networks(networks),
        created_by=created_by,
        created_at=work.now,
        expires_at=expires_at,
    )
    add_key(work, row)
    facts = {"mode": mode.value, "scopes": len(row.scopes)}
    record(work, Event.API_KEY_CREATED, subject=key_id, facts=facts)
    return CreatedKey(key_id, text)


def add_key(work: UnitOfWork, row: ApiKey) -> None:
    """Write the key and the listing that finds it."""
    work.session.add(row)
    work.session.flush()
    work.session.add(ApiKeyListing(tenant_id=work.tenant_id, digest=row.digest, key_id=row.id))
    work.session.flush()


def _check(
    work: UnitOfWork, name: str, scopes: Collection[Permission], expires_at: datetime | None
) -> None:
    fields = {}
    if not is_name(name, longest=_LONGEST_NAME):
        fields["name"] = f"Give the key a name of at most {_LONGEST_NAME} characters."
    if not scopes or not set(scopes) <= KEY_SCOPES:
        fields["scopes"] = "Choose what the key may do."
    if expires_at is not None and expires_at <= work.now:
        fields["expires_at"] = "Choose an end in the future."
    if fields:
        raise Invalid(fields=fields)
