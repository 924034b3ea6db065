"""Rows of one table of an archive: named and sealed anew, and written where they are not yet."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, Uuid, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from connector.exports.after import AFTER
from connector.exports.decisions import TAKEN
from connector.exports.gone import Erased, erased_tokens, suppressed_since
from connector.exports.idmaps import IdMap
from connector.exports.outcomes import Fate, Outcome
from connector.exports.remake import Remade, remake
from connector.exports.rows import RowRead
from connector.exports.tables import TENANT, key_columns, sealed_columns
from privacy.core.db.work import UnitOfWork
from privacy.identities.tokens import tokens_of
from privacy.vault.keyring import Keyring
from privacy.vault.meanings import Place

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What rows are compared with. `since`: when the archive was made."""

    vault: Keyring
    since: datetime
    erased: Erased
    ids: IdMap
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Coming:
    """A row on its way: as it was read, as it will be, and what its id was."""

    row: RowRead
    made: Remade
    values: dict[str, Any]
    old: uuid.UUID | None

    def key(self, table: Table) -> Key:
        """Its place in the table."""
        return tuple(self.values[column.name] for column in key_columns(table))


def bring_rows(work: UnitOfWork, batch: Batch, table: Table, rows: Sequence[RowRead]) -> None:
    """Write those of `rows` that are not here and may be."""
    coming = _renamed(work, batch, table, rows)
    coming = _left(batch, table, coming, _refused(work, batch, table, coming))
    known = _known(work, table, [one.key(table) for one in coming])
    batch.outcome.add(table.name, Fate.UNCHANGED, sum(one.key(table) in known for one in coming))
    new = [one for one in coming if one.key(table) not in known]
    new = _left(batch, table, new, _orphans(work, table, new))
    written = _insert(work, batch, table, new)
    came = [one for one in new if one.key(table) in written]
    batch.outcome.add(table.name, Fate.CREATED, len(came))
    _left(batch, table, new, {id(one): Fate.TAKEN for one in new if one not in came})
    if came and table.name in AFTER:
        AFTER[table.name](work, batch.vault, [(one.values, one.made) for one in came])


def _renamed(work: UnitOfWork, batch: Batch, table: Table, rows: Sequence[RowRead]) -> list[Coming]:
    """Ids that other keys made are replaced wherever they stand."""
    names = [one.name for one in table.c if isinstance(one.type, Uuid) and one.name != "id"]
    named = {row.values[name] for row in rows for name in names if row.values.get(name)}
    changed = batch.ids.look_up(named)
    coming = []
    for row in rows:
        old = row.values.get("id")
        refers = {name: row.values.get(name) for name in names}
        lost = [one for one in refers.values() if one in changed and changed[one] is None]
        if lost:
            _note(batch, old, None)
            batch.outcome.add(table.name, Fate.ORPHANED)
            continue
        row.values.update({n: changed[one] for n, one in refers.items() if one in changed})
        made = remake(work, batch.vault, table.name, row)
        values = {**row.values, **TAKEN[table.name].put, **made.values}
        coming.append(Coming(row, made, values, old))
        if values.get("id") != old:
            _note(batch, old, values["id"])
    return coming


def _note(batch: Batch, old: uuid.UUID | None, new: uuid.UUID | None) -> None:
    if old is not None:
        batch.ids.put(old, new)


def _left(
    batch: Batch, table: Table, coming: Sequence[Coming], fates: Mapping[int, Fate]
) -> list[Coming]:
    """Those without a fate; of the others, what refers to them does not come either."""
    for one in coming:
        if fate := fates.get(id(one)):
            batch.outcome.add(table.name, fate)
            _note(batch, one.old, None)
    return [one for one in coming if id(one) not in fates]


def _refused(
    work: UnitOfWork, batch: Batch, table: Table, coming: Sequence[Coming]
) -> dict[int, Fate]:
    """What was erased here, is about somebody who was, or whose person said otherwise since."""
    tokens_about = [one.made.values.get("about_token") for one in coming]
    about = {token for token in tokens_about if token is not None}
    gone = erased_tokens(work, about)
    tokens = {id(one): tokens_of(work, batch.vault, one.made.identities) for one in coming}
    every = {token for some in tokens.values() for token in some}
    later = suppressed_since(work, every, batch.since)
    fates = {id(one): Fate.SUPPRESSED for one in coming if later & set(tokens[id(one)])}
    for one in coming:
        erased = batch.erased.has(table.name, (one.old, one.values.get("id")))
        if erased or one.made.values.get("about_token") in gone:
            fates[id(one)] = Fate.ERASED
    return fates


def _known(work: UnitOfWork, table: Table, keys: Sequence[Key]) -> set[Key]:
    """Of these places, those that are filled."""
    if not keys:
        return set()
    columns = key_columns(table)
    wanted = tuple_(*columns).in_(keys)
    found = select(*columns).where(table.c[TENANT] == work.tenant_id, wanted)
    return {tuple(row) for row in work.connection.execute(found)}


def _orphans(work: UnitOfWork, table: Table, coming: Sequence[Coming]) -> dict[int, Fate]:
    """What refers to a row that is not here."""
    fates: dict[int, Fate] = {}
    for constraint in table.foreign_key_constraints:
        pairs = {
            element.parent.name: element.column
            for element in constraint.elements
            if element.parent.name != TENANT
        }
        wanted = {id(one): tuple(one.values.get(name) for name in pairs) for one in coming}
        wanted = {one: key for one, key in wanted.items() if None not in key}
        if not wanted:
            continue
        columns = list(pairs.values())
        parents = columns[0].table
        among = tuple_(*columns).in_(list(set(wanted.values())))
        found = select(*columns).where(parents.c[TENANT] == work.tenant_id, among)
        here = {tuple(row) for row in work.connection.execute(found)}
        fates |= {one: Fate.ORPHANED for one, key in wanted.items() if key not in here}
    return fates


def _insert(work: UnitOfWork, batch: Batch, table: Table, coming: Sequence[Coming]) -> set[Key]:
    """Write them. Returns the places of those that were written."""
    if not coming:
        return set()
    columns = key_columns(table)
    rows = [_sealed(work, batch, table, one) for one in coming]
    statement = insert(table).on_conflict_do_nothing().returning(*columns)
    return {tuple(row) for row in work.connection.execute(statement, rows)}


def _sealed(work: UnitOfWork, batch: Batch, table: Table, one: Coming) -> dict[str, Any]:
    values, seals = {TENANT: work.tenant_id, **one.values}, sealed_columns(table.name)
    for name, plain in {**one.row.sealed, **one.made.sealed}.items():
        seal = seals[name]
        place = Place(seal.type, work.tenant_id, table.name, name)
        version = values[seal.version_column] if seal.version_column else 0
        meaning = place.row(values[seal.id_column], version)
        values[name] = batch.vault.seal(work, seal.scope, meaning, plain)
    return values
