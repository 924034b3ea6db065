"""A key as the list tells of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tenants.api_keys.list import ApiKeyView
from tenants.http.wording import scope_name

STATES: Final = {
    "active": ("Active", "good"),
    "overlapping": ("Being replaced", "warn"),
    "replaced": ("Replaced", "quiet"),
    "expired": ("Expired", "quiet"),
    "revoked": ("Revoked", "quiet"),
}


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """A key as the list shows it."""

    id: uuid.UUID
    name: str
    text: str
    scope_labels: list[str]
    state_label: str
    state_tone: str
    usable: bool
    last_used_at: datetime | None
    ends_at: datetime | None


def facts_of(view: ApiKeyView) -> KeyFacts:
    """The facts of a key; the key itself is nowhere."""
    label, tone = STATES[view.state]
    ends = [at for at in (view.expires_at, view.overlap_until) if at is not None]
    return KeyFacts(
        id=view.id,
        name=view.name,
        text=f"silta_{'T' if view.mode == 'test' else 'L'}…{view.hint}",
        scope_labels=[scope_name(scope) for scope in view.scopes],
        state_label=label,
        state_tone=tone,
        usable=view.state == "active",
        last_used_at=view.last_used_at,
        ends_at=min(ends, default=None),
    )
