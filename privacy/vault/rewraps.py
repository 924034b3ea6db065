"""Rewrap the ring, batch by batch, each in a transaction of its own."""

from collections.abc import Callable, Sequence
from itertools import groupby
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from privacy.vault.custody import Custody
from privacy.vault.ring_rows import read_after
from privacy.vault.wrapping import KeyRow

_TENANT, _KEY, _WRAPPED = 16, 8, 61
# One text of hexadecimal digits, a record each: a driver quotes the members of arrays one by one,
# which would take longer than everything else here together.
_UPDATE = text(
    "UPDATE key_ring SET wrapped = n.wrapped, epoch = :epoch FROM ("
    "SELECT CAST(substring(line FROM 1 FOR 32) AS uuid) AS tenant_id, "
    "decode(substring(line FROM 33 FOR 16), 'hex') AS key_id, "
    "decode(substring(line FROM 49), 'hex') AS wrapped "
    "FROM string_to_table(:lines, ',') AS line) AS n "
    "WHERE key_ring.tenant_id = n.tenant_id AND key_ring.key_id = n.key_id "
    "AND key_ring.tenant_id BETWEEN :first AND :last"
)


def rewrap_ring(
    keeper: Engine, custody: Custody, epoch: int, *, batch: int, on_batch: Callable[[], None]
) -> None:
    """Bring every key under `epoch`. Keys that are there already are passed over."""
    tenant, key = UUID(int=0), b""
    while True:
        with keeper.begin() as connection:
            rows = read_after(connection, tenant, key, limit=batch)
            _rewrap(connection, custody, epoch, [row for row in rows if row.epoch != epoch])
        on_batch()
        if len(rows) < batch:
            return
        tenant, key = rows[-1].tenant_id, rows[-1].key_id


def _rewrap(connection: Connection, custody: Custody, epoch: int, rows: Sequence[KeyRow]) -> None:
    new = custody.wrapper(epoch)
    for old, group in groupby(rows, key=lambda row: row.epoch):
        of_epoch = list(group)
        _store(connection, epoch, of_epoch, new.rewrap(of_epoch, custody.wrapper(old)))


def _store(
    connection: Connection, epoch: int, rows: Sequence[KeyRow], wrapped: list[bytes]
) -> None:
    records = [
        row.tenant_id.bytes + row.key_id + blob for row, blob in zip(rows, wrapped, strict=True)
    ]
    given = {
        "epoch": epoch,
        "lines": b"".join(records).hex(",", _TENANT + _KEY + _WRAPPED),
        "first": rows[0].tenant_id,
        "last": rows[-1].tenant_id,
    }
    connection.execute(_UPDATE, given)
