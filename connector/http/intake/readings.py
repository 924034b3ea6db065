"""What a delivery of an exchange holds, after its account's mapping has read it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import structs

from connector.calls.records import IncomingCall, Rejection
from connector.providers.base import CallMapping, Delivery, RawCall, Skipped
from connector.providers.settings import AccountSettings


@dataclass(slots=True)
class Reading:
    """Calls with their raw documents and places; what was refused; how many were no calls."""

    calls: list[IncomingCall] = field(default_factory=list)
    sources: list[bytes] = field(default_factory=list)
    indexes: list[int] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    skipped: int = 0

    @property
    def count(self) -> int:
        """Records in the delivery, of whatever fate."""
        return len(self.calls) + len(self.rejections) + self.skipped

    def moved(self, by: int) -> "Reading":
        """The same, `by` records further on in what was sent."""
        return Reading(
            self.calls,
            self.sources,
            [index + by for index in self.indexes],
            [structs.replace(each, index=each.index + by) for each in self.rejections],
            self.skipped,
        )

    def add(self, raw: RawCall, mapped: IncomingCall) -> None:
        """One call."""
        self.calls.append(mapped)
        self.sources.append(raw.document())
        self.indexes.append(raw.index)


def read_delivery(
    mapping: CallMapping[AccountSettings], delivery: Delivery, settings: AccountSettings
) -> Reading:
    """Everything in a delivery. Raises MappingError when it cannot be read as a whole."""
    reading = Reading()
    for raw in _records(mapping, delivery, settings):
        if isinstance(raw, Rejection):
            reading.rejections.append(raw)
            continue
        mapped = mapping.map(raw, settings)
        if isinstance(mapped, Skipped):
            reading.skipped += 1
        elif isinstance(mapped, Rejection):
            reading.rejections.append(mapped)
        else:
            reading.add(raw, mapped)
    return reading


def _records(
    mapping: CallMapping[AccountSettings], delivery: Delivery, settings: AccountSettings
) -> Iterator[RawCall | Rejection]:
    return mapping.split(delivery, settings)
