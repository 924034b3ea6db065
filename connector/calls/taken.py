"""Records on their way in, grouped by the day whose key seals them."""

from datetime import date

import msgspec

from connector.calls.shapes import CallRecord
from privacy.vault.keys import DayKey


class Taken(msgspec.Struct, frozen=True, gc=False):
    """One record: its place in what was sent, its normalised form, its raw documents."""

    index: int
    record: CallRecord
    sources: tuple[bytes, ...] = ()


CallId = bytes
"""The 16 bytes of a call's id. On the way in, objects would cost more than what they hold."""

Group = dict[CallId, Taken]
"""Calls of one day, each once."""

Days = dict[date, Group]

Keyed = dict[DayKey, Group]
"""The same, by the key of their day."""
