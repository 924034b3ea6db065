"""Many records in few statements: arrays through `unnest`, built once for each table."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Executable,
    Table,
    Uuid,
    and_,
    bindparam,
    column,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import BYTEA, insert
from sqlalchemy.types import BigInteger, Date, Integer, NullType, SmallInteger, TypeEngine

from connector.synced.columns import RecordState

_VARYING: Final[dict[str, TypeEngine[Any]]] = {
    "id": Uuid(),
    "version": Integer(),
    "source_version": BigInteger(),
    "content_digest": BYTEA(),
    "about_token": BigInteger(),
    "doubts": SmallInteger(),
    "hold_until": Date(),
    "sealed": BYTEA(),
    "document_sealed": BYTEA(),
}
"""Columns that each record has its own value of; they are given as arrays under these names."""

_FIXED: Final = ("account_id", "stream", "subject_group", "source", "source_name", "seen_sweep")
"""Columns that a batch has one value of."""

_PREFIX: Final = "new_"
"""A parameter that is called as a column is reserved for what SQLAlchemy makes of it."""


def named(values: Mapping[str, object]) -> dict[str, object]:
    """Values by their columns, as the statements' parameters are called."""
    return {_PREFIX + name: value for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Statements:
    """For one table. All take `tenant`; the rest is said beside each."""

    find: Executable
    """Records of `ids`, locked, in one order so that no two writers wait in a ring."""
    insert: Executable
    """`named` arrays of `_VARYING` and values of `_FIXED`, `now`; returns ids, without those that
    are there."""
    update: Executable
    """`named` arrays of `_VARYING` and `seen_sweep`, `now`."""
    touch: Executable
    """`ids`, `sweep`."""


@cache
def statements_of(table: Table) -> Statements:
    """The statements of `table`."""
    return Statements(_find(table), _insert(table), _update(table), _touch(table))


def array(name: str) -> BindParameter[Any]:
    """A parameter that carries its own type: see privacy.core.db.arrays."""
    return bindparam(name, type_=NullType())


def _rows() -> Any:
    arrays = [array(_PREFIX + name) for name in _VARYING]
    columns: list[Any] = [column(name, kind) for name, kind in _VARYING.items()]
    return func.unnest(*arrays).table_valued(*columns).render_derived(name="u")


def _find(table: Table) -> Executable:
    c = table.c
    return (
        select(c.id, c.version, c.source_version, c.content_digest, c.state)
        .where(c.tenant_id == bindparam("tenant"), c.id == func.any(array("ids")))
        .order_by(c.id)
        .with_for_update()
    )


def _insert(table: Table) -> Executable:
    rows, c = _rows(), table.c
    given = {"tenant_id": bindparam("tenant", type_=c.tenant_id.type)}
    given |= {name: bindparam(_PREFIX + name, type_=c[name].type) for name in _FIXED}
    given |= {name: rows.c[name] for name in _VARYING}
    now = bindparam("now", type_=c.changed_at.type)
    given |= {"first_seen_at": now, "changed_at": now}
    state = bindparam("living", RecordState.LIVING.value, type_=c.state.type)
    return (
        insert(table)
        .from_select([*given, "state"], select(*given.values(), state))
        .on_conflict_do_nothing()
        .returning(c.id)
    )


def _update(table: Table) -> Executable:
    rows, c = _rows(), table.c
    new = {name: rows.c[name] for name in _VARYING if name != "id"}
    sweep = bindparam(_PREFIX + "seen_sweep", type_=c.seen_sweep.type)
    return (
        update(table)
        .where(c.tenant_id == bindparam("tenant"), c.id == rows.c.id)
        .values(
            **new,
            state=RecordState.LIVING.value,
            gone_at=None,
            seen_sweep=func.coalesce(sweep, c.seen_sweep),
            changed_at=bindparam("now", type_=c.changed_at.type),
        )
    )


def _touch(table: Table) -> Executable:
    c = table.c
    sweep = bindparam("sweep", type_=c.seen_sweep.type)
    return (
        update(table)
        .where(
            and_(c.tenant_id == bindparam("tenant"), c.id == func.any(array("ids"))),
            or_(c.seen_sweep.is_(None), c.seen_sweep != sweep),
        )
        .values(seen_sweep=sweep)
    )
