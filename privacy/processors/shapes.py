"""A processor as it is announced, and as it is shown."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from privacy.profiles.sharing import Transfer


@dataclass(frozen=True, slots=True)
class Announcing:
    """A new sub-processor of a service, from a day on.

    Args:
        transfer_valid_until: when an adequacy decision or clauses end, where they do.
        assessed_on: the day of the transfer impact assessment (CJEU C-311/18), outside the EEA.
    """

    service: str
    name: str
    role: str
    country: str
    transfer: Transfer
    fields: Sequence[str]
    statement_url: str
    agreement_url: str
    effective_on: date
    runs: Literal["server", "browser"] = "server"
    transfer_valid_until: date | None = None
    assessed_on: date | None = None
    assessment_url: str = ""


@dataclass(frozen=True, slots=True)
class ProcessorView:
    """One processor, of the profile (`id` None) or of the register."""

    id: uuid.UUID | None
    service: str
    name: str
    role: str
    country: str
    runs: str
    transfer: Transfer
    transfer_valid_until: date | None
    assessed_on: date | None
    assessment_url: str
    statement_url: str
    agreement_url: str
    fields: Sequence[str]
    state: str
    announced_at: datetime | None
    effective_on: date | None
    objected_at: datetime | None
    ended_at: datetime | None

    @property
    def of_profile(self) -> bool:
        """Whether the service's built-in profile names it."""
        return self.id is None
