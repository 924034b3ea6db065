"""What a tenant promises beyond a service's profile: fewer days, fewer purposes, and so on."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from privacy.core.db.declarations import Purpose
from privacy.profiles.model import Region
from privacy.profiles.parts import Facts, Key
from privacy.profiles.sharing import Host

Days = Annotated[int, Field(ge=1, le=3660)]
Hours = Annotated[int, Field(ge=1, le=72)]

KINDS_WITH_DAYS: Final = frozenset(
    {"calls", "inquiries", "technical_logs", "unofficial_messages"},
)
"""Kinds that are a tenant's own and end by days: what is the installation's own is nobody's."""
KINDS_WITH_FIELDS: Final = frozenset(
    {"contacts", "subscriptions", "invoices", "payments", "inquiries", "technical_logs"}
)
"""Kinds whose fields can be left out one by one; the rest stands and falls together."""


class Changes(Facts):
    """What differs from the service's profile. Everything may be absent; nothing may be laxer."""

    days: Mapping[Key, Days] = {}
    """Kind of data → calendar days, its own included."""
    purposes: Mapping[Key, tuple[Purpose, ...]] = {}
    """Kind of data → the purposes that are left of the profile's."""
    without_fields: Mapping[Key, tuple[Key, ...]] = {}
    """Kind of data → fields that are not taken (promise A12)."""
    mfa: Literal["mandatory"] | None = None
    region: Region | None = None
    without_recipients: tuple[Host, ...] = ()
    """Hosts that are not asked any more (promise E2)."""
    marketing: Literal["none", "consent"] | None = None
    authority_hours: Hours | None = None
    users_hours: Hours | None = None

    @property
    def made(self) -> list[str]:
        """Names of what differs, for the ledger."""
        as_it_is = Changes()
        return [one for one in Changes.model_fields if getattr(self, one) != getattr(as_it_is, one)]

    @property
    def nothing(self) -> bool:
        """Whether the profile holds as it is."""
        return self == Changes()
