"""Who is asking: a frozen answer, detached from every row it was read from."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import NOBODY, Actor, ActorKind


class PrincipalKind(StrEnum):
    """What kind of thing can ask."""

    USER = "user"
    API_KEY = "api_key"
    ACCOUNT = "account"
    REGISTRANT = "registrant"
    MARKETPLACE = "marketplace"
    NOBODY = "nobody"


class Stage(StrEnum):
    """How far a sign-in has come. Only FULL opens the service (ATTACK 30).

    PASSWORD: the password was right, the second factor is still to be shown.
    RENEW: nothing but choosing a new password. ENROL: nothing but setting up a second factor.
    """

    PASSWORD = "password"  # noqa: S105 — the name of a stage
    RENEW = "renew"
    ENROL = "enrol"
    FULL = "full"


class Mode(StrEnum):
    """Live data, or a key for trying things out."""

    LIVE = "live"
    TEST = "test"


REAUTHENTICATION_LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Principal:
    """One caller in one tenant.

    `role` is a person's (a value of `permissions.Role`), `scopes` are a key's or an account's.
    """

    kind: PrincipalKind
    tenant_id: uuid.UUID
    id: uuid.UUID | None = None
    role: str | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)
    session_id: uuid.UUID | None = None
    stage: Stage = Stage.FULL
    second_factor: bool = False
    reauthenticated_at: datetime | None = None
    language: str = "en"
    mode: Mode = Mode.LIVE

    @property
    def actor(self) -> Actor:
        """The same caller as units of work and the ledger name it."""
        if self.kind is PrincipalKind.NOBODY:
            return NOBODY
        if self.role == "operator":
            return Actor(ActorKind.OPERATOR, self.id)
        return Actor(ActorKind(self.kind.value), self.id)

    def is_fresh(self, *, now: datetime) -> bool:
        """Whether the person has proved who they are recently enough for a sensitive act."""
        proved = self.reauthenticated_at
        return proved is not None and now - proved <= REAUTHENTICATION_LASTS


STRANGER = Principal(PrincipalKind.NOBODY, INSTALLATION_ID)
"""Nobody we know. May do nothing that needs a permission."""
