"""Sequences: replication does not carry them (ATTACK 67), so their places are copied."""

from sqlalchemy import text

from privacy.moves.orders import order
from privacy.moves.sides import Side

_NAMES = text(
    "SELECT c.relname FROM pg_class c WHERE c.relkind = 'S' "
    "AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname"
)
_SET = text("SELECT setval(CAST(:name AS regclass), :last, :called)")


def places_of(side: Side) -> dict[str, tuple[int, bool]]:
    """Each sequence's last value, and whether it was given out."""
    with side.owner() as connection:
        names = connection.execute(_NAMES).scalars().all()
        rows = {
            name: order(connection, "SELECT last_value, is_called FROM {}", name).one()
            for name in names
        }
    return {name: (row.last_value, row.is_called) for name, row in rows.items()}


def copy_sequences(giver: Side, taker: Side) -> int:
    """Let the taker's go on where the giver's stand. Returns how many there are."""
    places = places_of(giver)
    with taker.owner() as connection:
        for name, (last, called) in places.items():
            given = {"name": f'public."{name}"', "last": last, "called": called}
            connection.execute(_SET, given)
    return len(places)
