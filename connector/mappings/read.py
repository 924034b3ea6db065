"""An account's mapping and its history."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from connector.accounts.find import find_account
from connector.accounts.models import ConnectorAccount
from connector.mappings.models import AccountMapping
from connector.mappings.settings import is_mapped, typed
from connector.providers.moontalk.settings import MoontalkSettings
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """One version."""

    version: int
    saved_at: datetime
    saved_by: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class MappingView:
    """`version` 0: nobody has saved one. `history`: the newest first."""

    version: int
    settings: MoontalkSettings
    history: tuple[SavedMapping, ...]


def mapped_account(
    work: UnitOfWork, account_id: uuid.UUID, *, lock: bool = False
) -> ConnectorAccount:
    """An account with a mapping. Raises NotFound: there is none, or its kind has none."""
    account = find_account(work, account_id, lock=lock)
    if not is_mapped(account):
        raise NotFound
    return account


def read_mapping(work: UnitOfWork, *, account_id: uuid.UUID) -> MappingView:
    """The mapping as it counts now. Raises NotFound."""
    account = mapped_account(work, account_id)
    rows = list_versions(work, account_id)
    history = tuple(SavedMapping(row.version, row.saved_at, row.saved_by) for row in rows)
    return MappingView(history[0].version if history else 0, typed(account), history)


def list_versions(work: UnitOfWork, account_id: uuid.UUID) -> list[AccountMapping]:
    """Every version of an account's, the newest first."""
    found = select(AccountMapping).where(AccountMapping.account_id == account_id)
    return list(work.session.scalars(found.order_by(AccountMapping.version.desc())))


def page_versions(
    work: UnitOfWork, account_id: uuid.UUID, *, before: int | None = None, limit: int
) -> list[AccountMapping]:
    """Some versions of an account's, the newest first; those before a version."""
    found = select(AccountMapping).where(AccountMapping.account_id == account_id)
    if before is not None:
        found = found.where(AccountMapping.version < before)
    return list(work.session.scalars(found.order_by(AccountMapping.version.desc()).limit(limit)))


def find_version(work: UnitOfWork, account_id: uuid.UUID, version: int) -> dict[str, Any]:
    """What was saved as this version. Raises NotFound."""
    row = work.session.scalar(
        select(AccountMapping).where(
            AccountMapping.account_id == account_id, AccountMapping.version == version
        )
    )
    if row is None:
        raise NotFound
    return dict(row.settings)
