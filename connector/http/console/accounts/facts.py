"""A connected system as its page tells of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.models import ConnectorAccount
from connector.accounts.states import RECEIVING, AccountState
from connector.calls.quiet import QUIET
from connector.http.console.accounts.regions import region_names
from connector.http.console.asked.states import STATES
from connector.mappings.settings import MAPPED
from connector.syncs.remap_account import remap_job_of

LABELS: Final = {
    AccountState.DRAFT: ("Draft", "quiet", "It is not set up yet."),
    AccountState.TESTING: (
        "Under test",
        "warn",
        "It waits for a first call. As soon as one arrives that can be read, it is connected.",
    ),
    AccountState.CONNECTED: ("Connected", "good", "Calls arrive and are stored."),
    AccountState.DEGRADED: (
        "Troubled",
        "warn",
        "Something that it sent could not be read. What can be read is stored all the same.",
    ),
    AccountState.NEEDS_REAUTH: (
        "Needs a new credential",
        "bad",
        "Its credential is not accepted any more. Enter a new one below.",
    ),
    AccountState.ERROR: (
        "Failing",
        "bad",
        "What it sends cannot be read. Compare its settings with those below, then test it.",
    ),
    AccountState.DISABLED: (
        "Paused",
        "quiet",
        "Nothing that it sends is taken until it is resumed.",
    ),
}
"""Word, tone and one sentence for each state."""

QUIET_TEXT: Final = (
    "Nothing has come for longer than is usual for it. Make a call and see whether it arrives; "
    "then look whether the system still has the right address."
)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is shown; never a secret or a credential."""

    id: uuid.UUID
    kind: AccountKind
    kind_label: str
    name: str
    external_key: str
    region_name: str
    time_zone: str
    state_label: str
    state_tone: str
    state_text: str
    paused: bool
    posts: bool
    receives: bool
    """Whether anything is sent to us by it, and is taken now."""
    mapped: bool
    kept: bool
    """Whether what it sent can be read again."""
    credential_label: str | None
    last_received_at: datetime | None
    state_at: datetime
    created_at: datetime


def facts_of(row: ConnectorAccount, *, read_at: datetime | None = None) -> AccountFacts:
    """The facts of a row. `read_at`: when a system that is asked was last read."""
    kind, state = AccountKind(row.kind), AccountState(row.state)
    label, tone, text = (STATES if KINDS[kind].pulled else LABELS)[state]
    return AccountFacts(
        id=row.id,
        kind=kind,
        kind_label=KINDS[kind].label,
        name=row.name,
        external_key=row.external_key,
        region_name=region_names().get(row.region, row.region),
        time_zone=row.time_zone,
        state_label=label,
        state_tone=tone,
        state_text=QUIET_TEXT if row.state_reason == QUIET else text,
        paused=state is AccountState.DISABLED,
        posts=KINDS[kind].posts,
        receives=not KINDS[kind].pulled and state in RECEIVING,
        mapped=kind in MAPPED,
        kept=remap_job_of(kind) is not None,
        credential_label=KINDS[kind].credential,
        last_received_at=read_at or row.last_received_at,
        state_at=row.state_at,
        created_at=row.created_at,
    )
