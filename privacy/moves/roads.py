"""Both ways between the two sides of a move, and where it stands, as the catalogues tell."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from privacy.backups.homes import at_home, leave_home, open_home, opened_at
from privacy.moves.doors import is_closed
from privacy.moves.links import Link, LinkState
from privacy.moves.sides import Side
from privacy.vault.custody import Custody

FORTH: Final = "silta_move"
BACK: Final = "silta_move_back"


class Stage(StrEnum):
    """How far a move is. Read from both servers, never remembered."""

    NONE = "none"
    SYNCING = "syncing"
    CLOSED = "closed"
    """Nobody writes; all of it can still be taken back at once."""
    ARRIVED = "arrived"
    """Everything is there and was compared; nothing is open."""
    OPEN = "open"
    """The new side serves, and what it writes goes back to the old one."""
    RETURNING = "returning"
    """The new side is closed, on the way back."""


@dataclass(frozen=True, slots=True)
class Road:
    """`custody`: keys go by escrow, never over a link."""

    old: Side
    new: Side
    custody: Custody

    @property
    def forth(self) -> Link:
        """What the new side gets."""
        return Link(FORTH, self.old, self.new)

    @property
    def back(self) -> Link:
        """What the old side gets, once the new one serves."""
        return Link(BACK, self.new, self.old)

    def stage(self) -> Stage:
        """Where it stands."""
        forth = self.forth.state()
        if forth is LinkState.NONE:
            return Stage.NONE
        if self.back.state() is LinkState.SETTLED or is_closed(self.new):
            return Stage.RETURNING
        if forth is LinkState.SETTLED:
            return Stage.OPEN if serves(self.new) else Stage.ARRIVED
        return Stage.CLOSED if is_closed(self.old) else Stage.SYNCING

    def close(self) -> None:
        """Close every connection."""
        self.old.close()
        self.new.close()


def serves(side: Side) -> bool:
    """Whether web, worker and scheduler start there."""
    with side.engines.keeper.connect() as connection:
        return at_home(connection)


def opened(side: Side) -> datetime | None:
    """When it was opened, by its own clock."""
    with side.engines.keeper.connect() as connection:
        return opened_at(connection)


def leave(side: Side) -> None:
    """Let none of them start."""
    with side.engines.keeper.begin() as connection:
        leave_home(connection)


def settle_in(side: Side) -> None:
    """Let them start."""
    with side.engines.keeper.begin() as connection:
        open_home(connection)
