"""What the rest of the service needs to know of an account, detached from the database."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from connector.accounts.kinds import AccountKind
from connector.accounts.models import ConnectorAccount
from connector.accounts.states import RECEIVING, AccountState


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account as a value. `generation` is that of the secret which found it, else 0."""

    tenant_id: uuid.UUID
    id: uuid.UUID
    kind: AccountKind
    external_key: str
    region: str
    time_zone: str
    state: AccountState
    settings: Mapping[str, Any] = field(default_factory=dict)
    generation: int = 0
    last_received_at: datetime | None = None

    @property
    def receiving(self) -> bool:
        """Whether documents are taken in this state."""
        return self.state in RECEIVING


class Standing(NamedTuple):
    """An account and the secret that leads to it, as they are now."""

    tenant_id: uuid.UUID
    id: uuid.UUID
    kind: str
    external_key: str
    region: str
    time_zone: str
    state: str
    settings: dict[str, Any]
    last_received_at: datetime | None
    generation: int


def ref_of(row: ConnectorAccount | Standing, *, generation: int = 0) -> AccountRef:
    """The value of a row."""
    return AccountRef(
        row.tenant_id,
        row.id,
        AccountKind(row.kind),
        row.external_key,
        row.region,
        row.time_zone,
        AccountState(row.state),
        row.settings,
        generation,
        row.last_received_at,
    )
