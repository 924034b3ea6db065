"""The row that says which epoch is current, and who holds it."""

from sqlalchemy import Connection, text

from privacy.vault.errors import NoKey

_HOLD = "SELECT number FROM key_epochs WHERE state = 'current' FOR "
_SHARE, _UPDATE = text(_HOLD + "SHARE"), text(_HOLD + "UPDATE")
_CURRENT = text("SELECT number FROM key_epochs WHERE state = 'current'")
_LIVING = text("SELECT number FROM key_epochs WHERE state <> 'ended' ORDER BY number")
_ATTEMPTS = 5

MAKE_CURRENT = text(
    "INSERT INTO key_epochs (number, state, created_at) VALUES (:number, 'current', :moment) "
    "ON CONFLICT (number) DO UPDATE SET state = 'current', ended_at = NULL"
)
"""After whichever was current has another state."""

LOCK_EPOCHS = text("LOCK TABLE key_epochs IN EXCLUSIVE MODE")
"""Like `hold_epoch_alone`, also where no epoch is current."""


def hold_epoch(connection: Connection) -> int:
    """Keep the current epoch current until this transaction ends; others may hold it too.

    Raises:
        NoKey: the installation has no epoch yet.
    """
    return _hold(connection, exclusive=False)


def hold_epoch_alone(connection: Connection) -> int:
    """Keep the ring from changing until this transaction ends. Raises NoKey."""
    return _hold(connection, exclusive=True)


def current_epoch(connection: Connection) -> int | None:
    """The current epoch's number, unheld; None before the ring is founded."""
    number: int | None = connection.execute(_CURRENT).scalar()
    return number


def living_epochs(connection: Connection) -> list[int]:
    """Current and ending epochs, ascending."""
    return list(connection.execute(_LIVING).scalars())


def _hold(connection: Connection, *, exclusive: bool) -> int:
    # A row that stopped being current while we waited for it is skipped: look again.
    for _ in range(_ATTEMPTS):
        number: int | None = connection.execute(_UPDATE if exclusive else _SHARE).scalar()
        if number is not None:
            return number
    raise NoKey("The key ring has no epoch. Run `silta migrate`.")
