"""What a tenant has, as lines: opened as it is read, a few hundred rows in memory at a time."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import Row, Table, func, select

from connector.exports import cells
from connector.exports.layouts import ATTACHMENTS, line
from connector.exports.tables import TENANT, key_columns, sealed_columns, table_of, written_columns
from connector.exports.values import told
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.vault.keyring import Keyring
from privacy.vault.meanings import Place
from privacy.vault.reseals import SealedColumn

AT_ONCE: Final = 200
ATTACHED: Final = {"identity_documents": "content_sealed"}
"""Values that are files of their own in the archive, by table: scans and the like."""

Attach = Callable[[str], None]


def count_rows(work: UnitOfWork, table: Table) -> int:
    """Rows of the bound tenant."""
    counted = select(func.count()).select_from(table).where(table.c[TENANT] == work.tenant_id)
    return int(work.connection.execute(counted).scalar_one())


def lines_of(work: UnitOfWork, vault: Keyring, table: Table, attach: Attach) -> Iterator[bytes]:
    """A line for each row of the bound tenant, in the order of keys.

    Args:
        attach: is told of what is a file of its own; `attachment` has its content.

    Raises:
        OpenError: a row was changed outside the service.
    """
    found = (
        select(table)
        .where(table.c[TENANT] == work.tenant_id)
        .order_by(*key_columns(table))
        .execution_options(yield_per=AT_ONCE)
    )
    columns, sealed = written_columns(table), sealed_columns(table.name)
    for row in work.connection.execute(found):
        document: dict[str, Any] = {}
        for column in columns:
            value = row._mapping[column]  # noqa: SLF001 - the documented way to a row's columns
            seal = sealed.get(column.name)
            if value is None or seal is None:
                document[column.name] = cells.shown(value)
                continue
            if ATTACHED.get(table.name) == column.name:
                path = f"{ATTACHMENTS}{table.name}/{row.id}"
                attach(path)
                document[column.name] = {"attachment": path}
            else:
                document[column.name] = told(_opened(work, vault, table, seal, row))
        yield line(document)


def attachment(work: UnitOfWork, vault: Keyring, path: str) -> bytes:
    """The content of the file at `path`. Raises NotFound, OpenError."""
    name, _, row_id = path.removeprefix(ATTACHMENTS).partition("/")
    table = table_of(name)
    mine = table.c[TENANT] == work.tenant_id
    found = select(table).where(mine, table.c.id == uuid.UUID(row_id))
    row = work.connection.execute(found).one_or_none()
    if row is None:
        raise NotFound
    return _opened(work, vault, table, sealed_columns(name)[ATTACHED[name]], row)


def _opened(
    work: UnitOfWork, vault: Keyring, table: Table, seal: SealedColumn, row: Row[Any]
) -> bytes:
    """One sealed value. Raises OpenError."""
    values = row._mapping  # noqa: SLF001
    place = Place(seal.type, work.tenant_id, table.name, seal.column)
    version = values[table.c[seal.version_column]] if seal.version_column else 0
    row_id: uuid.UUID = values[table.c[seal.id_column]]
    return vault.open(work, seal.scope, place.row(row_id, version), values[table.c[seal.column]])
