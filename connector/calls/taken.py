"""Records on their way in, grouped by the day whose key seals them."""

import uuid
from dataclasses import dataclass
from datetime import date

from connector.calls.shapes import CallRecord


@dataclass(frozen=True, slots=True)
class Taken:
    """One record: its place in what was sent, its normalised form, its raw documents."""

    index: int
    record: CallRecord
    sources: tuple[bytes, ...] = ()


Days = dict[date, dict[uuid.UUID, Taken]]
"""By day and id: each call once."""
