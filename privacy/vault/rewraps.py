"""Rewrap the ring, batch by batch, each in a transaction of its own."""

from collections.abc import Callable, Sequence
from itertools import groupby
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from privacy.vault.custody import Custody
from privacy.vault.ring_rows import read_after
from privacy.vault.wrapping import KeyRow

_UPDATE = text(
    "UPDATE key_ring SET wrapped = n.wrapped, epoch = :epoch FROM "
    "unnest(CAST(:tenants AS uuid[]), CAST(:keys AS bytea[]), CAST(:wrappeds AS bytea[])) "
    "AS n (tenant_id, key_id, wrapped) "
    "WHERE key_ring.tenant_id = n.tenant_id AND key_ring.key_id = n.key_id"
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
    columns = {
        "epoch": epoch,
        "tenants": [row.tenant_id for row in rows],
        "keys": [row.key_id for row in rows],
        "wrappeds": wrapped,
    }
    connection.execute(_UPDATE, columns)
