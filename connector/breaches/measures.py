"""How records and people of a table are counted, under the bound tenant's wall."""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    FromClause,
    LargeBinary,
    Select,
    Table,
    Text,
    any_,
    cast,
    distinct,
    func,
    literal,
    null,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from privacy.core.db.base import Base
from privacy.core.db.declarations import Personal
from privacy.core.db.work import UnitOfWork
from privacy.vault.days_ahead import DayKind

_TECHNICAL: Final = DayKind("V", "technical_logs")
_CALLS: Final = DayKind("T", "calls")
BY_DAY: Final[Mapping[str, DayKind]] = MappingProxyType(
    {
        "calls": _CALLS,
        "call_sources": _CALLS,
        "subject_day_parts": _CALLS,
        "export_day_parts": _CALLS,
        "inquiry_logs": _TECHNICAL,
        "session_usages": DayKind("console", "sessions", installation=True),
    }
)
"""Tables whose rows are sealed under a day's key, and under which."""

Who = Callable[[FromClause], ColumnElement[Any]]


def _row(table: FromClause) -> ColumnElement[str]:
    return literal("row:") + cast(table.c.id, Text)


def _about(table: FromClause) -> ColumnElement[Any]:
    return func.coalesce(literal("about:") + cast(table.c.about_token, Text), _row(table))


def _contact(table: FromClause) -> ColumnElement[Any]:
    token = Base.metadata.tables["contact_tokens"].alias()
    ways = token.c.contact_id == table.c.id, token.c.kind.in_(("email", "phone"))
    first = select(func.min(token.c.token)).where(token.c.tenant_id == table.c.tenant_id, *ways)
    return func.coalesce(literal("token:") + cast(first.scalar_subquery(), Text), _row(table))


def _tokens_in(tokens: str, owner: str) -> Who:
    def who(table: FromClause) -> ColumnElement[Any]:
        token = Base.metadata.tables[tokens].alias()
        own = token.c.tenant_id == table.c.tenant_id, token.c[owner] == table.c.id
        first = select(func.min(func.encode(token.c.token, "hex"))).where(*own)
        return func.coalesce(first.scalar_subquery(), _row(table))

    return who


def _columns(*names: str) -> Who:
    def who(table: FromClause) -> ColumnElement[Any]:
        found = [func.encode(table.c[name], "hex") for name in names]
        return func.coalesce(*found, _row(table))

    return who


_PEOPLE: Final[Mapping[str, Who]] = MappingProxyType(
    {
        "contacts": _contact,
        "invoices": _about,
        "payments": _about,
        "subscriptions": _about,
        "inquiries": _columns("email_digest", "telephone_digest"),
        "registrants": _columns("email_digest"),
        "memberships": lambda table: table.c.user_id,
        "subject_requests": _columns("email_token", "phone_token"),
        "consents": _tokens_in("consent_tokens", "consent_id"),
        "objections": _tokens_in("objection_tokens", "objection_id"),
        "disclosures": _tokens_in("disclosure_tokens", "disclosure_id"),
    }
)
"""Who a row is about, by a blind index or else by itself: equal for equal people."""
KNOWS_PEOPLE: Final = frozenset({"calls", *_PEOPLE})


def tables_with_people(*, sealed: bool) -> list[str]:
    """Tables of tenants with personal data: sealed under a tenant's key, or lying in the clear.

    Ids of people and blind tokens name nobody to who has the database alone.
    """
    found = [str(table.name) for table in Base.metadata.sorted_tables if _holds(table, sealed)]
    return sorted(set(found) - set(BY_DAY))


def measure(
    work: UnitOfWork,
    table: str,
    *,
    days: Sequence[date] | None = None,
    ids: Collection[uuid.UUID] | None = None,
) -> tuple[int, int | None]:
    """How many rows there are, and different people in them; None where a table knows no people.

    Args:
        days: only rows of these days.
        ids: only these rows.
    """
    found = Base.metadata.tables[table]
    wanted = [found.c.tenant_id == work.tenant_id]
    if days is not None:
        wanted.append(found.c.day == any_(literal(list(days), ARRAY(Date))))
    if ids is not None:
        wanted.append(found.c.id == any_(literal(list(ids), ARRAY(UUID(as_uuid=True)))))
    who = _PEOPLE.get(table)
    people = null() if who is None else func.count(distinct(who(found)))
    count, different = work.connection.execute(
        select(func.count(), people).select_from(found).where(*wanted)
    ).one()
    if table == "calls":
        different = work.connection.execute(_parties(found, wanted)).scalar_one()
    return int(count), None if different is None else int(different)


def _parties(calls: Table, wanted: Sequence[ColumnElement[bool]]) -> Select[int]:
    """A call has two parties, and their tokens mean something on their own day only."""
    sides = [
        select(calls.c.day, side.label("party")).where(*wanted, side.is_not(None))
        for side in (calls.c.caller_token, calls.c.called_token)
    ]
    return select(func.count()).select_from(union(*sides).subquery())


def _holds(table: Table, sealed: bool) -> bool:
    if "tenant_id" not in table.columns:
        return False
    told = [(one, one.info.get("holds")) for one in table.columns]
    return any(isinstance(said, Personal) and _is(one, said, sealed) for one, said in told)


def _is(column: Column[Any], said: Personal, sealed: bool) -> bool:
    name, kind = column.name, column.type
    if sealed:
        return isinstance(kind, LargeBinary) and "sealed" in name
    blind = isinstance(kind, LargeBinary) or name.endswith("token")
    return not blind and said.category != "user.unique_id"
