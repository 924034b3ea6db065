"""A tenant's API keys, as its people see them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.vault.keyring import Keyring
from tenants.api_keys.models import ApiKey
from tenants.sealed_fields import API_KEY_NAME


@dataclass(frozen=True, slots=True)
class ApiKeyView:
    """One key without the key. `state`: active, overlapping, replaced, expired or revoked."""

    id: uuid.UUID
    name: str
    hint: str
    scopes: tuple[str, ...]
    mode: str
    networks: tuple[str, ...]
    created_by: uuid.UUID | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    replaced_by: uuid.UUID | None
    overlap_until: datetime | None
    state: str

    def __repr__(self) -> str:
        return f"<ApiKeyView {self.id}>"


def list_keys(ring: Keyring, work: UnitOfWork) -> list[ApiKeyView]:
    """All keys of `work`'s tenant, newest first."""
    rows = work.session.scalars(select(ApiKey).order_by(ApiKey.id.desc()))
    return [_view(ring, work, row) for row in rows]


def get_key(work: UnitOfWork, *, key_id: uuid.UUID, lock: bool = False) -> ApiKey:
    """One row; with `lock`, held until the transaction ends. Raises NotFound."""
    query = select(ApiKey).where(ApiKey.id == key_id)
    row = work.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound
    return row


def state_of(key: ApiKey, *, now: datetime) -> str:
    """What the key is good for at `now`."""
    if key.revoked_at is not None:
        return "revoked"
    if key.expires_at is not None and key.expires_at <= now:
        return "expired"
    if key.overlap_until is None:
        return "active"
    return "overlapping" if key.overlap_until > now else "replaced"


def _view(ring: Keyring, work: UnitOfWork, row: ApiKey) -> ApiKeyView:
    return ApiKeyView(
        id=row.id,
        name=API_KEY_NAME.open(ring, work, row.id, row.name_sealed),
        hint=row.hint,
        scopes=tuple(row.scopes),
        mode=row.mode,
        networks=tuple(row.networks),
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        replaced_by=row.replaced_by,
        overlap_until=row.overlap_until,
        state=state_of(row, now=work.now),
    )
