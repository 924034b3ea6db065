"""Values of a node that may be missing, empty or nonsense.

One bad value must not lose a record, and a record must not hold a value that it was not told:
what cannot be read is None, and its name is noted, so that a count of them can be shown.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from connector.providers.netvisor.documents import Node
from connector.providers.netvisor.values import (
    read_date,
    read_decimal,
    read_flag,
    read_key,
    read_moment,
)

T = TypeVar("T")


class Texts:
    """Reads children of one node; `unread` has the names of those that made no sense."""

    def __init__(self, node: Node, unread: list[str]) -> None:
        self.node = node
        self.unread = unread

    def at(self, *path: str) -> "Texts":
        """The same, further down."""
        return Texts(self.node.at(*path), self.unread)

    def text(self, *names: str) -> str | None:
        """None for a missing and for an empty element alike."""
        return self.node.said(*names) or None

    def decimal(self, *names: str) -> Decimal | None:
        """An amount."""
        return self._read(read_decimal, names)

    def key(self, *names: str) -> int | None:
        """A netvisor key."""
        return self._read(read_key, names)

    def date(self, *names: str) -> date | None:
        """A day."""
        return self._read(read_date, names)

    def moment(self, *names: str) -> datetime | None:
        """A naive time."""
        return self._read(read_moment, names)

    def flag(self, *names: str) -> bool | None:
        """Yes or no."""
        return self._read(read_flag, names)

    def _read(self, read: Callable[[str], T | None], names: tuple[str, ...]) -> T | None:
        try:
            return read(self.node.said(*names))
        except (ValueError, ArithmeticError):
            self.unread.append(names[0])
            return None
