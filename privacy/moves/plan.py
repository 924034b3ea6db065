"""Look at everything before anything is begun: what is missing, one line each."""

from collections.abc import Callable, Collection
from functools import partial
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from privacy.core.errors import SiltaError
from privacy.core.settings import Settings
from privacy.moves import servers
from privacy.moves.arrivals import check_vacant
from privacy.moves.errors import MoveRefused
from privacy.moves.roads import Road, Stage, serves
from privacy.moves.sides import Side
from privacy.profiles.load import load_profiles
from privacy.vault.restores import check_escrow

_ONE = text("SELECT 1")
_REVISION = text("SELECT version_num FROM alembic_version")
_DOORS = ("app", "owner", "relay", "keeper", "sequencer", "backup")


class Looked(NamedTuple):
    """One look; `problem` says what to do, None that it is well."""

    name: str
    problem: str | None


def plan(
    road: Road, *, services: Collection[str], revision: str, room: float | None
) -> list[Looked]:
    """Look at both sides; changes nothing.

    Args:
        services: keys of the profiles in use.
        revision: the schema that this version of the service needs.
        room: see `servers.check_room`.
    """
    old, new = road.old, road.new
    looks: dict[str, Callable[[], object]] = {
        "old side answers": partial(_answers, old, "old"),
        "new side answers": partial(_answers, new, "new"),
        "two databases": partial(_are_two, road),
        "role of moves": partial(servers.check_mover, old, new),
        "versions": partial(servers.check_versions, old, new),
        "log": partial(servers.check_log, old, new),
        "slots and workers": partial(servers.check_slots, old, new),
        "roles": partial(servers.check_roles, old, new),
        "tables": partial(servers.check_tables, old),
        "schema": partial(_check_schema, road, revision),
        "new side is empty": partial(check_vacant, road),
        "country": partial(check_country, new.given, services=services),
        "escrow": partial(_check_escrow, road),
        "room": partial(servers.check_room, old, new, room=room),
    }
    return [_look(name, check) for name, check in looks.items()]


def check_country(settings: Settings, *, services: Collection[str]) -> None:
    """Promise E4: data stays where every profile in use says. Raises MoveRefused."""
    country = settings.database_country
    for key in sorted(services):
        if load_profiles()[key].admits(country or ""):
            continue
        if country:
            raise MoveRefused(f"The profile of service {key} does not let data be in {country}.")
        if not settings.development:
            raise MoveRefused("SILTA_DATABASE_COUNTRY of the new side: a profile wants to know it.")


def _look(name: str, check: Callable[[], object]) -> Looked:
    try:
        check()
    except SiltaError as error:
        return Looked(name, error.message)
    except DBAPIError as error:
        return Looked(name, f"could not be asked ({type(error.orig).__name__})")
    return Looked(name, None)


def _answers(side: Side, name: str) -> None:
    for role in _DOORS:
        try:
            with getattr(side.engines, role).connect() as connection:
                connection.execute(_ONE)
        except DBAPIError as error:
            why = _why(error)
            raise MoveRefused(f"The {name} side does not let silta_{role} in{why}.") from None
    try:
        _ = side.place
    except DBAPIError:
        raise MoveRefused(f"The {name} side does not let silta_mover in: run mover.sql.") from None


def _why(error: DBAPIError) -> str:
    """What libpq says behind the address; not its second line, which advises what is less safe."""
    reason = str(error.orig).partition(" failed: ")[2].partition("\n")[0].strip()
    return f": {reason}" if reason else ""


def _are_two(road: Road) -> None:
    if road.old.place == road.new.place:
        raise MoveRefused("Both sides are the same database.")


def _check_schema(road: Road, revision: str) -> None:
    with road.old.engines.app.connect() as connection:
        stands = connection.execute(_REVISION).scalar()
    if stands != revision:
        raise MoveRefused(f"The old database stands at {stands}, not {revision}: `silta migrate`.")
    if not serves(road.old) and road.stage() in (Stage.NONE, Stage.SYNCING):
        raise MoveRefused("The old database is a restored one: `silta restore --finish` first.")


def _check_escrow(road: Road) -> None:
    road.custody.escrow.check()
    check_escrow(road.custody)
