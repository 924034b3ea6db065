"""The bundle: every key of the ring opens, and escrow has the whole of it, read back."""

from datetime import timedelta

from sqlalchemy import Connection, Engine, text

from privacy.core import clock
from privacy.vault.bundles import Bundle, FloorRow, Tombstone
from privacy.vault.custody import Custody
from privacy.vault.epoch_rows import hold_epoch_alone
from privacy.vault.ring_rows import walk_ring
from privacy.vault.ring_versions import read_version
from privacy.vault.wrapping import KeyRow

_LONGEST = timedelta(days=31)
# Only days that were destroyed early travel: the age of the others refuses them anyway.
_TOMBS = text(
    "SELECT tenant_id, key_id, kind, service, data, day, version, destroyed_at, reason "
    "FROM key_destructions WHERE day > :since AND destroyed_at < day + interval '30 days'"
)
_FLOORS = text("SELECT tenant_id, min_available, min_open, min_seal FROM key_floors")


def consolidate(keeper: Engine, custody: Custody, epoch: int, *, batch: int) -> int:
    """Open every key, write the bundle, and drop the additions that it holds.

    The long part goes without a lock; if the ring changed meanwhile it is done once more, with
    the ring held still.

    Returns:
        How many keys the bundle has.

    Raises:
        OpenError: a key does not open under `epoch`; nothing was dropped.
        EscrowFailed: escrow did not take the bundle.
    """
    key = custody.port.read_epoch(epoch)
    with keeper.begin() as connection:
        bundle = _gather(connection, custody, epoch, batch)
    custody.escrow.put_bundle(bundle, key)
    with keeper.begin() as connection:
        hold_epoch_alone(connection)
        if read_version(connection).version != bundle.ring_version:
            bundle = _gather(connection, custody, epoch, batch)
            custody.escrow.put_bundle(bundle, key)
        custody.escrow.drop_additions(epoch)
    return len(bundle.rows)


def _gather(connection: Connection, custody: Custody, epoch: int, batch: int) -> Bundle:
    moment = clock.database_now(connection)
    version = read_version(connection).version
    wrapper, rows = custody.wrapper(epoch), list[KeyRow]()
    for some in walk_ring(connection, batch=batch):
        for row in some:
            wrapper.unwrap(row)
        rows += some
    since = {"since": moment.date() - _LONGEST}
    tombstones = [Tombstone(*row) for row in connection.execute(_TOMBS, since)]
    floors = [FloorRow(*row) for row in connection.execute(_FLOORS)]
    return Bundle(epoch, version, moment, rows, tombstones, floors)
