"""Whether moves keep what is promised (F5): short, compared as a whole, and over when they are."""

from typing import Final

from sqlalchemy import select, text

from privacy.moves.handovers import LONGEST
from privacy.moves.models import MoveRow, MoveState
from privacy.moves.sides import MOVER
from privacy.promises.outcomes import Finding, judge, untestable
from privacy.promises.probes import InstallationProbe, Premises, Probe

_SERVED: Final = (MoveState.OPEN.value, MoveState.FINAL.value)
_OVER: Final = (MoveState.FINAL.value, MoveState.UNDONE.value)
_LEFT = text("SELECT count(*) FROM pg_roles WHERE rolname = :mover")


def moves_are_short(premises: Premises) -> Finding:
    """Every switch: how long nothing could be written, and whether all rows were compared."""
    with premises.work_of(premises.tenants[0]) as work:
        rows = list(work.session.scalars(select(MoveRow).where(MoveRow.state.in_(_SERVED))))
    if not rows:
        return untestable("no move was made yet")
    longest = round(LONGEST.total_seconds() * 1000)
    slow = [row for row in rows if row.downtime_ms is None or row.downtime_ms > longest]
    blind = [row for row in rows if not row.tables or not row.row_count]
    newest = max(row.opened_at.date() for row in rows if row.opened_at)
    worst = max(row.downtime_ms or 0 for row in rows)
    wrong = len({row.id for row in (*slow, *blind)})
    return judge(seen=len(rows), wrong=wrong, newest_move=newest, longest_ms=worst)


def movers_are_gone(premises: Premises) -> Finding:
    """The role that passes by row-level security, and whether a move still needs it."""
    with premises.work_of(premises.tenants[0]) as work:
        moves = select(MoveRow.id).where(MoveRow.state.not_in(_OVER)).limit(1)
        under_way = work.session.scalars(moves).first() is not None
        left = work.connection.execute(_LEFT, {"mover": MOVER}).scalar_one()
    return judge(seen=1, wrong=0 if under_way else left)


PROBES: tuple[Probe, ...] = (
    InstallationProbe("F5", "moves_are_short", moves_are_short),
    InstallationProbe("F2", "movers_are_gone", movers_are_gone),
)
