"""A tenant's API keys, as its people see them."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.vault.keyring import Keyring
from tenants.api_keys.models import ApiKey
from tenants.sealed_fields import API_KEY_NAME

MOST: Final = 500
"""Keys that are opened at a time."""
LOOKED_THROUGH: Final = 5_000
"""Keys among which one is looked for: names are sealed, so each has to be opened."""


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


def list_keys(
    ring: Keyring,
    work: UnitOfWork,
    *,
    in_use: bool | None = None,
    before: uuid.UUID | None = None,
    limit: int = MOST,
) -> list[ApiKeyView]:
    """Keys of `work`'s tenant, newest first.

    Args:
        in_use: those that work now, or those that do not any more; None is both.
        before: the last key of the page before.
    """
    query = select(ApiKey).order_by(ApiKey.id.desc()).limit(limit)
    if before is not None:
        query = query.where(ApiKey.id < before)
    if in_use is not None:
        query = query.where(_works(work.now) if in_use else ~_works(work.now))
    return [_view(ring, work, row) for row in work.session.scalars(query)]


def search_keys(
    ring: Keyring, work: UnitOfWork, *, words: str, limit: int = 100
) -> list[ApiKeyView]:
    """Keys with `words` in their name, or with these last characters; newest first."""
    wanted, found, before = words.strip(), list[ApiKeyView](), None
    for _ in range(LOOKED_THROUGH // MOST):
        some = list_keys(ring, work, before=before)
        found += [key for key in some if _is_meant(key, wanted)]
        if len(some) < MOST or len(found) >= limit:
            break
        before = some[-1].id
    return found[:limit]


def has_keys(work: UnitOfWork) -> bool:
    """Whether `work`'s tenant ever made a key."""
    return work.session.scalar(select(ApiKey.id).limit(1)) is not None


def _works(now: datetime) -> ColumnElement[bool]:
    ends = (ApiKey.expires_at, ApiKey.overlap_until)
    return and_(ApiKey.revoked_at.is_(None), *(or_(at.is_(None), at > now) for at in ends))


def _is_meant(key: ApiKeyView, wanted: str) -> bool:
    return wanted.casefold() in key.name.casefold() or wanted.endswith(key.hint)


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
