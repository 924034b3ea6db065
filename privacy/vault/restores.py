"""Bring the ring back from escrow: after a failover or a point-in-time restore, always.

The database's own key rows are then of some other time: keys may be missing that sealed data,
and keys may be there that were destroyed. Escrow is always current. Run retention afterwards, for
a day that was destroyed since the last epoch is back; then end the epoch (advance_epoch).
"""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Engine, text

from privacy.core import clock
from privacy.core.errors import SiltaError
from privacy.vault.bundles import Bundle
from privacy.vault.custody import Custody
from privacy.vault.epoch_rows import LOCK_EPOCHS, MAKE_CURRENT
from privacy.vault.errors import KeyCheckFailed, OpenError
from privacy.vault.floor_rows import write_floors
from privacy.vault.floors import Floors
from privacy.vault.key_checks import write_check
from privacy.vault.leases import LARGEST, LIMIT
from privacy.vault.ring_rows import insert_rows
from privacy.vault.ring_versions import raise_version
from privacy.vault.wrapping import KeyRow, Wrapper

LEASE_MARGIN = 64 * LARGEST
"""Leases taken since the bundle was written are unknown: all counters jump by this much."""

_BATCH = 5_000
_LEASED = text("SELECT tenant_id, key_id, seals_leased FROM key_ring")
_NO_KEYS = text("DELETE FROM key_ring")
_NO_CHECKS = text("DELETE FROM key_check")
_ALL_ENDED = text("UPDATE key_epochs SET state = 'ended', ended_at = coalesce(ended_at, :moment)")
_ENDING = text("UPDATE key_epochs SET state = 'ending', ended_at = NULL WHERE number = :number")
_TOMB = text(
    "INSERT INTO key_destructions "
    "(tenant_id, key_id, kind, service, data, day, version, destroyed_at, reason) VALUES "
    "(:tenant_id, :key_id, :kind, :service, :data, :day, :version, :destroyed_at, :reason) "
    "ON CONFLICT DO NOTHING"
)
_BURY = text(
    "DELETE FROM key_ring USING key_destructions d "
    "WHERE d.tenant_id = key_ring.tenant_id AND d.key_id = key_ring.key_id"
)


class Restored(NamedTuple):
    """What came back: the current epoch, and how many keys are on the ring."""

    epoch: int
    keys: int


class _Escrowed(NamedTuple):
    """`epochs`: those of the newest bundle and later; older ones wrap nothing any more."""

    epochs: dict[int, bytes]
    bundle: Bundle
    rows: list[KeyRow]


def restore_from_escrow(keeper: Engine, custody: Custody) -> Restored:
    """Replace the ring by escrow's. Nobody else may use the database meanwhile.

    Everything is read and opened before anything changes, and the change is one transaction:
    a killed restore is run again.

    Raises:
        KeyCheckFailed: escrow has no ring, or not all of it opens.
        EscrowFailed: a bundle is damaged.
    """
    escrowed = _read(custody)
    _refill_port(custody, escrowed.epochs)
    left = {*custody.port.epochs(), *custody.escrow.epochs.epochs()}
    ending = sorted(number for number in left if number < max(escrowed.epochs))
    with keeper.begin() as connection:
        connection.execute(LOCK_EPOCHS)
        _replace_epochs(connection, ending, escrowed.epochs)
        keys = _replace_rows(connection, escrowed)
        raise_version(connection, least=escrowed.bundle.ring_version)
    custody.forget()
    return Restored(max(escrowed.epochs), keys)


def check_escrow(custody: Custody) -> int:
    """Read and open everything that `restore_from_escrow` would; changes nothing.

    Returns:
        How many keys there are.

    Raises:
        KeyCheckFailed, EscrowFailed: as `restore_from_escrow`.
    """
    return len(_read(custody).rows)


def _read(custody: Custody) -> _Escrowed:
    epochs = {n: custody.escrow.epochs.read_epoch(n) for n in custody.escrow.epochs.epochs()}
    read = {n: custody.escrow.read_bundle(n, key) for n, key in epochs.items()}
    bundles = [bundle for bundle in read.values() if bundle is not None]
    if not bundles:
        raise KeyCheckFailed("Escrow has no key ring that its epoch keys open. Check its folders.")
    newest = max(bundles, key=lambda bundle: bundle.epoch)
    later = {n: key for n, key in epochs.items() if n >= newest.epoch}
    added = [row for n, key in later.items() for row in custody.escrow.read_additions(n, key)]
    rows = _newest_of_each(newest.rows + added)
    _open_all(rows, epochs)
    return _Escrowed(later, newest, rows)


def _newest_of_each(rows: list[KeyRow]) -> list[KeyRow]:
    """A killed creation leaves a key that sealed nothing; the one made after it is the real one."""
    return list({row.name: row for row in sorted(rows, key=lambda row: row.created_at)}.values())


def _open_all(rows: Sequence[KeyRow], epochs: dict[int, bytes]) -> None:
    wrappers = {number: Wrapper(number, key) for number, key in epochs.items()}
    try:
        for row in rows:
            wrappers[row.epoch].unwrap(row)
    except (KeyError, OpenError):
        raise KeyCheckFailed(
            "A key in escrow does not open. Nothing was changed; check the escrow folders."
        ) from None


def _refill_port(custody: Custody, epochs: dict[int, bytes]) -> None:
    for number, key in epochs.items():
        if _port_key(custody, number) != key:
            custody.port.create_epoch(number, key)


def _port_key(custody: Custody, number: int) -> bytes | None:
    try:
        return custody.port.read_epoch(number)
    except SiltaError:
        return None


def _replace_epochs(
    connection: Connection, ending: Sequence[int], epochs: dict[int, bytes]
) -> None:
    """Whatever is older than the current epoch and still exists is ending: the next run ends it."""
    moment = clock.database_now(connection)
    connection.execute(_ALL_ENDED, {"moment": moment})
    connection.execute(_NO_CHECKS)
    for number in ending:
        connection.execute(MAKE_CURRENT, {"number": number, "moment": moment})
        connection.execute(_ENDING, {"number": number})
    connection.execute(MAKE_CURRENT, {"number": max(epochs), "moment": moment})
    for number, key in epochs.items():
        write_check(connection, number, key)


def _replace_rows(connection: Connection, escrowed: _Escrowed) -> int:
    leased = {(row[0], row[1]): row[2] for row in connection.execute(_LEASED)}
    connection.execute(_NO_KEYS)
    rows = [_with_margin(row, leased) for row in escrowed.rows]
    for at in range(0, len(rows), _BATCH):
        insert_rows(connection, rows[at : at + _BATCH])
    for tomb in escrowed.bundle.tombstones:
        connection.execute(_TOMB, msgspec.structs.asdict(tomb))
    for floor in escrowed.bundle.floors:
        floors = Floors(floor.min_available, floor.min_open, floor.min_seal)
        write_floors(connection, floor.tenant_id, floors)
    return len(rows) - connection.execute(_BURY).rowcount


def _with_margin(row: KeyRow, leased: dict[tuple[UUID, bytes], int]) -> KeyRow:
    known = max(row.seals_leased, leased.get((row.tenant_id, row.key_id), 0))
    return msgspec.structs.replace(row, seals_leased=min(known + LEASE_MARGIN, LIMIT))
