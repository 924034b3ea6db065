"""Hand the service over: the giver falls silent, the taker has everything, then it opens.

The same both ways. Until the link is settled everything can be taken back at once and is, when
something is wrong or time runs out; after that a killed run goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from privacy.core import clock
from privacy.moves import doors
from privacy.moves.comparing import Compared, compare_rows
from privacy.moves.days import align
from privacy.moves.errors import SwitchTooSlow
from privacy.moves.links import Link, LinkState
from privacy.moves.roads import leave, settle_in
from privacy.moves.sequences import copy_sequences
from privacy.vault.custody import Custody
from privacy.vault.restores import restore_from_escrow

LONGEST = timedelta(seconds=60)
"""Promise F5."""


class Step(StrEnum):
    """Told after each, for progress and for tests that kill there."""

    CLOSED = "the giver is closed"
    IN_STEP = "nothing is on its way"
    SEQUENCES = "sequences are copied"
    COMPARED = "both sides are equal"
    SETTLED = "the link is settled"
    WAY_BACK = "the way back is laid"
    KEYS = "the key ring is there"
    LEFT = "the giver starts no process any more"
    OPENED = "the taker is open"


OnStep = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class HandOver:
    """Over `link`. `back`: laid before the taker opens; None on the way back itself."""

    link: Link
    back: Link | None
    custody: Custody

    def run(self, on_step: OnStep, *, longest: timedelta = LONGEST) -> Compared | None:
        """Everything from closing to opening.

        Raises:
            SidesDiffer, SwitchTooSlow, MoveRefused: the giver serves on.
        """
        if self.link.state() is not LinkState.SETTLED:
            self._arrive(on_step, longest)
        if self.back is not None:
            self.back.lay(copy=False)
            on_step(Step.WAY_BACK)
        taker = self.link.taker
        restore_from_escrow(taker.engines.keeper, self.custody)
        on_step(Step.KEYS)
        leave(self.link.giver)
        on_step(Step.LEFT)
        doors.reopen(taker)
        settle_in(taker)
        on_step(Step.OPENED)
        return self.compared()

    def compared(self) -> Compared | None:
        """What was found to be equal, as the link remembers it."""
        numbers = [int(word) for word in self.link.noted().split()]
        return Compared(*numbers) if len(numbers) == len(Compared._fields) else None

    def _arrive(self, on_step: OnStep, longest: timedelta) -> None:
        until = clock.monotonic() + longest.total_seconds()
        giver, taker = self.link.giver, self.link.taker
        try:
            doors.close(giver)
            on_step(Step.CLOSED)
            self.link.await_mark(self.link.here(), until=until)
            on_step(Step.IN_STEP)
            align(self.link)
            copy_sequences(giver, taker)
            on_step(Step.SEQUENCES)
            compared = compare_rows(giver, taker)
            on_step(Step.COMPARED)
            if clock.monotonic() > until:
                raise SwitchTooSlow
        except Exception:
            doors.reopen(giver)
            raise
        self.link.note(f"{compared.tables} {compared.rows}")
        self.link.settle()
        on_step(Step.SETTLED)
