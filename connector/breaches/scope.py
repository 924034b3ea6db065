"""Compute what a loss reached: from the ledger where somebody read, from the key ring else."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

import msgspec
from msgspec.structs import replace
from sqlalchemy import select

from connector.breaches.ledgers import fetched_archives, read_by, sign_ins_of
from connector.breaches.living_days import LivingDays, living_days
from connector.breaches.measures import BY_DAY, KNOWS_PEOPLE, measure, tables_with_people
from connector.exports.layouts import RECORDS, Member
from connector.exports.models import TenantExport
from privacy.breaches.scopes import NAMED, Exposed, Exposure, Reach, Scope
from privacy.consents.moments import is_plausible
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.vault.days_ahead import DayKind


def check_exposure(work: UnitOfWork, exposure: Exposure) -> None:
    """Raises Invalid: it is incomplete, ends before it begins, or lies ahead."""
    wrong = {}
    if not is_plausible(exposure.since):
        wrong["since"] = "A moment that has passed is wanted."
    if not exposure.since <= exposure.until <= work.now:
        wrong["until"] = "Between the beginning and now."
    if exposure.what in NAMED and exposure.which is None:
        wrong["which"] = "Give the id of what was exposed."
    first, last = exposure.first_day, exposure.last_day
    if exposure.what is Exposed.DAY_KEYS and (first is None or last is None or last < first):
        wrong["first_day"] = "Give the first and the last day."
    if wrong:
        raise Invalid(fields=wrong)


def compute_scope(work: UnitOfWork, exposure: Exposure) -> Scope:
    """What was readable of the bound tenant's data, counted now.

    Raises:
        Invalid: the exposure is incomplete; there is no such export.
    """
    check_exposure(work, exposure)
    if exposure.what is Exposed.EXPORT:
        return _scope(work, exposure, list(_of_archive(work, exposure.which)))
    if exposure.what in NAMED:
        return _by_ledger(work, exposure)
    return _by_keys(work, exposure)


def together(scopes: Sequence[Scope]) -> Scope:
    """Several tenants' as one. The same person with two of them counts twice, for their tokens
    have nothing in common."""
    tables = defaultdict[str, list[Reach]](list)
    for scope in scopes:
        for reach in scope.reaches:
            tables[reach.table].append(reach)
    first = scopes[0]
    if len(scopes) == 1:
        return first
    return replace(
        first,
        reaches=[_sum(tables[table]) for table in sorted(tables)],
        people_least=max(one.people_least for one in scopes),
        people_most=sum(one.people_most for one in scopes),
        days=max(one.days for one in scopes),
        days_gone=max(one.days_gone for one in scopes),
        days_since_gone=max(one.days_since_gone for one in scopes),
        reads=sum(one.reads for one in scopes),
        sign_ins=sum(one.sign_ins for one in scopes),
    )


def _sum(reaches: Sequence[Reach]) -> Reach:
    known = [one.people for one in reaches if one.people is not None]
    return Reach(
        table=reaches[0].table,
        records=sum(one.records for one in reaches),
        people=sum(known) if len(known) == len(reaches) else None,
        unreadable=sum(one.unreadable for one in reaches),
        at_most=any(one.at_most for one in reaches),
    )


def _by_ledger(work: UnitOfWork, exposure: Exposure) -> Scope:
    """What an account or a key read, and the archives that it fetched."""
    read, reads = read_by(work, exposure)
    found = {one.table: one for one in read if one.records}
    for archive in fetched_archives(work, exposure):
        for reach in _of_archive(work, archive):
            found[reach.table] = _more(found.get(reach.table), reach)
    made = _scope(work, exposure, found.values())
    return replace(made, reads=reads, sign_ins=sign_ins_of(work, exposure))


def _by_keys(work: UnitOfWork, exposure: Exposure) -> Scope:
    """What the database says to who has these keys: none, those of days, or all."""
    clear = tables_with_people(sealed=False)
    sealed = [table for table in tables_with_people(sealed=True) if table not in clear]
    every = exposure.what is Exposed.ALL_KEYS
    reaches = [_whole(work, table, readable=True) for table in clear]
    reaches += [_whole(work, table, readable=every) for table in sealed]
    days, later, gone = set[date](), set[date](), set[date]()
    for table, kind in BY_DAY.items():
        lived = _lived(work, exposure, kind)
        reaches.append(_of_days(work, table, lived.readable))
        days, later, gone = days | lived.readable, later | lived.since_gone, gone | lived.gone
    made = _scope(work, exposure, reaches)
    return replace(made, days=len(days), days_since_gone=len(later), days_gone=len(gone))


def _lived(work: UnitOfWork, exposure: Exposure, kind: DayKind) -> LivingDays:
    if exposure.what is Exposed.DATABASE:
        return LivingDays(frozenset(), frozenset(), frozenset())
    first, last = exposure.first_day, exposure.last_day
    if exposure.what is Exposed.ALL_KEYS:
        first = last = None
    return living_days(
        work, kind, since=exposure.since, until=exposure.until, first=first, last=last
    )


def _whole(work: UnitOfWork, table: str, *, readable: bool) -> Reach:
    records, people = measure(work, table)
    if readable:
        return Reach(table=table, records=records, people=people)
    return Reach(table=table, records=0, people=None if people is None else 0, unreadable=records)


def _of_days(work: UnitOfWork, table: str, days: Collection[date]) -> Reach:
    records, people = measure(work, table, days=sorted(days))
    every, _ = measure(work, table)
    return Reach(table=table, records=records, people=people, unreadable=every - records)


def _of_archive(work: UnitOfWork, export_id: uuid.UUID | None) -> Iterator[Reach]:
    """By the archive's own counts; days that ended before it was fetched are not in it."""
    row = work.session.scalar(select(TenantExport).where(TenantExport.id == export_id))
    if row is None:
        raise Invalid(fields={"which": "There is no such export."})
    lived = living_days(work, BY_DAY["calls"], since=row.fetched_at or work.now, until=work.now)
    calls, sealed, days = 0, 0, set[date]()
    for member in msgspec.convert(row.contents.get("members", []), list[Member]):
        if member.day is not None:
            ended = member.day in lived.gone
            calls, sealed = calls + member.rows * (not ended), sealed + member.rows * ended
            days |= set() if ended else {member.day}
        elif member.path.startswith(RECORDS) and member.rows:
            table = member.path.removeprefix(RECORDS).partition(".")[0]
            yield Reach(table=table, records=member.rows, people=_people(work, table, member.rows))
    if calls or sealed:
        _, people = measure(work, "calls", days=sorted(days))
        yield Reach(table="calls", records=calls, people=people, unreadable=sealed)


def _people(work: UnitOfWork, table: str, rows: int) -> int | None:
    """Of the table as it stands now: at most one for each line."""
    if table not in KNOWS_PEOPLE:
        return None
    _, people = measure(work, table)
    return None if people is None else min(people, rows)


def _more(one: Reach | None, other: Reach) -> Reach:
    if one is None or one.records <= other.records:
        return other
    return one


def _scope(work: UnitOfWork, exposure: Exposure, reaches: Iterable[Reach]) -> Scope:
    kept = sorted((r for r in reaches if r.records or r.unreadable), key=lambda r: r.table)
    known = [one.people for one in kept if one.people is not None]
    most = [r.records for r in kept if r.people is None and r.table in KNOWS_PEOPLE]
    return Scope(
        exposure=exposure,
        computed_at=work.now,
        reaches=kept,
        people_least=max(known, default=0),
        people_most=sum(known) + sum(most),
    )
