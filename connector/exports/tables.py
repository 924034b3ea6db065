"""Tables as archives have them: which columns are written, and which of them are opened."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy import Column, Table

from connector.exports.decisions import TAKEN, Taken
from privacy.core.db.base import Base
from privacy.vault.reseals import SealedColumn, registered

TENANT: Final = "tenant_id"
FIRST: Final = {
    name: place
    for place, name in enumerate(
        (
            *("connector_accounts", "contacts", "products", "invoices", "payments"),
            *("subscriptions", "web_forms", "inquiries", "registrants"),
        )
    )
}
"""What others name by its id without a foreign key: records, threads, registrations."""


@cache
def sealed_columns(name: str) -> Mapping[str, SealedColumn]:
    """The columns of a table that are sealed under the tenant's key."""
    found = [one for one in registered() if isinstance(one, SealedColumn) and one.table == name]
    return {one.column: one for one in found}


def table_of(name: str) -> Table:
    """The table called `name`."""
    return Base.metadata.tables[name]


def taken_tables() -> Iterator[tuple[Table, Taken]]:
    """Every table whose rows are lines, those that others refer to first."""
    tables = [one for one in Base.metadata.sorted_tables if one.name in TAKEN]
    for table in sorted(tables, key=lambda one: FIRST.get(one.name, len(FIRST))):
        yield table, TAKEN[table.name]


def written_columns(table: Table) -> list[Column[Any]]:
    """The columns that a line has, in the table's order."""
    taken = TAKEN[table.name]
    left = taken.never | taken.anew | {TENANT}
    return [column for column in table.c if column.name not in left]


def key_columns(table: Table) -> list[Column[Any]]:
    """What tells a tenant's rows apart."""
    return [column for column in table.primary_key.columns if column.name != TENANT]
