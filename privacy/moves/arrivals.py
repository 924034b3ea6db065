"""The new side before the first row comes: empty, or ours and begun; its schema, its days."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Engine, text

from privacy.moves import doors
from privacy.moves.days import make_ahead
from privacy.moves.errors import MoveRefused
from privacy.moves.links import LinkState, published_tables
from privacy.moves.orders import order
from privacy.moves.roads import Road, leave
from privacy.moves.sides import Side

_MARK: Final = "silta: moves in from "
_NAME = text("SELECT current_database()")
_NOTED = text(
    "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database "
    "WHERE datname = current_database()"
)
_ANYTHING = text(
    "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace "
    "AND relkind IN ('r', 'p', 'v', 'm', 'S'))"
)


def check_vacant(road: Road) -> None:
    """Whether the new side is empty, or was begun by this move. Raises MoveRefused."""
    with road.new.owner() as connection:
        noted = connection.execute(_NOTED).scalar_one()
        anything = connection.execute(_ANYTHING).scalar_one()
    if noted == _MARK + road.old.place:
        return
    if noted.startswith(_MARK):
        raise MoveRefused("The new database was begun by a move of another database.")
    if anything:
        raise MoveRefused("The new database is not empty; nothing was changed.")


def prepare(road: Road, *, migrate: Callable[[Engine], None]) -> None:
    """Mark, schema, days. What a run that came to nothing had copied is removed."""
    check_vacant(road)
    mark(road.new, road.old.place)
    doors.reopen(road.new)
    migrate(road.new.engines.owner)
    # A fresh database calls itself at home; this one is not, until the switch.
    leave(road.new)
    make_ahead(road.new, ())
    if road.forth.state() is LinkState.NONE:
        with road.new.owner() as connection:
            order(connection, "TRUNCATE {tables}", tables=published_tables(connection))


def mark(side: Side, place: str) -> None:
    """Note on the database where its rows come from; an empty `place` ends that."""
    with side.owner() as connection:
        name = connection.execute(_NAME).scalar_one()
        words = _MARK + place if place else ""
        order(connection, "COMMENT ON DATABASE {} IS {said}", name, said=words)
