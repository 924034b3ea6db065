"""The four acts of a move: sync, switch, roll back, finish. Each may be killed and repeated."""

from collections.abc import Callable
from datetime import timedelta
from time import sleep
from typing import Final

from sqlalchemy import Engine

from privacy.core import clock
from privacy.core.errors import SiltaError
from privacy.moves import doors, register
from privacy.moves.arrivals import mark, prepare
from privacy.moves.comparing import Compared, compare_shapes
from privacy.moves.days import align, make_ahead, tend
from privacy.moves.errors import MoveRefused
from privacy.moves.handovers import LONGEST, HandOver, OnStep
from privacy.moves.links import Progress
from privacy.moves.models import MoveRow, MoveState
from privacy.moves.roads import Road, Stage, leave, opened, serves, settle_in
from privacy.vault.restores import check_escrow

OnProgress = Callable[[Progress], None]
_LOOK_EVERY: Final = 0.2


def sync(
    road: Road,
    *,
    migrate: Callable[[Engine], None],
    revision: str,
    on_progress: OnProgress = lambda _: None,
    look_every: float = _LOOK_EVERY,
) -> Progress:
    """Bring the new side into step, and keep its days in order; the link then goes on by itself.

    Raises:
        MoveRefused: the new side is not empty, or the switch was begun.
    """
    if road.stage() not in (Stage.NONE, Stage.SYNCING):
        raise MoveRefused("The switch was begun: `silta move switch` goes on, `rollback` ends it.")
    prepare(road, migrate=migrate)
    register.begin_move(road.old, road.new, revision=revision)
    road.forth.lay(copy=True)
    while True:
        tend(road.forth)
        progress = road.forth.progress()
        on_progress(progress)
        if progress.in_step:
            return progress
        sleep(look_every)


def switch(
    road: Road,
    *,
    on_step: OnStep,
    longest: timedelta = LONGEST,
    then: Callable[[], object] | None = None,
) -> MoveRow:
    """Close the old side, open the new one. A killed switch is repeated, or rolled back.

    Args:
        then: starts the service there; its time counts as silence.

    Raises:
        MoveRefused: it is not in step, or a rollback was begun.
        SidesDiffer, SwitchTooSlow: the old side serves on.
    """
    stage = road.stage()
    if stage in (Stage.NONE, Stage.RETURNING):
        raise MoveRefused(
            "Run `silta move sync` first." if stage is Stage.NONE else "Run `silta move rollback`."
        )
    hand_over = HandOver(road.forth, road.back, road.custody)
    if stage is Stage.OPEN:
        moment = opened(road.new) or clock.now()
        row = register.note_open(road.new, moment, hand_over.compared())
    else:
        compared = _hand_over(road, stage, hand_over, on_step, longest)
        if then is not None:
            then()
        row = register.note_open(road.new, clock.now(), compared)
    # What the new side makes in days to come must have room on the old one.
    make_ahead(road.old, ())
    return row


def roll_back(road: Road, *, on_step: OnStep, longest: timedelta = LONGEST) -> None:
    """Let the old side serve again, with everything that was written on the new one.

    Raises:
        MoveRefused: there is nothing to roll back, or no way back any more.
    """
    stage = road.stage()
    if stage is Stage.NONE:
        raise MoveRefused("There is no move to roll back; a finished one has no way back.")
    if stage not in (Stage.OPEN, Stage.RETURNING):
        # Nothing was ever written on the new side.
        settle_in(road.old)
        doors.reopen(road.old)
    elif not serves(road.old):
        tend(road.back)
        HandOver(road.back, None, road.custody).run(on_step, longest=longest)
    register.note_end(road.old, MoveState.UNDONE)
    _clear(road)


def finish(road: Road) -> None:
    """Give up the way back; the old side stays closed for good.

    Raises:
        MoveRefused: the new side does not serve.
    """
    if road.stage() is not Stage.OPEN:
        raise MoveRefused("The new side does not serve yet: nothing can be finished.")
    register.note_end(road.new, MoveState.FINAL)
    leave(road.old)
    mark(road.new, "")
    _clear(road)


def _be_ready(road: Road) -> None:
    """Whatever can be looked at before anybody has to wait."""
    tend(road.forth)
    if not road.forth.progress().in_step:
        raise MoveRefused("The new side is not in step yet: `silta move sync` shows how far it is.")
    if serves(road.new) or not serves(road.old):
        raise MoveRefused("The old side must serve and the new one must not.")
    align(road.forth)
    compare_shapes(road.old, road.new)
    check_escrow(road.custody)


def _hand_over(
    road: Road, stage: Stage, hand_over: HandOver, on_step: OnStep, longest: timedelta
) -> Compared | None:
    if stage is Stage.SYNCING:
        _be_ready(road)
    if stage in (Stage.SYNCING, Stage.CLOSED):
        register.note_closing(road.old)
    try:
        return hand_over.run(on_step, longest=longest)
    except SiltaError as error:
        if road.stage() is Stage.SYNCING:
            register.note_taken_back(road.old, code=error.code)
        raise


def _clear(road: Road) -> None:
    """The way forth last: as long as it is there, a killed run is repeated."""
    road.back.remove()
    road.forth.remove()
