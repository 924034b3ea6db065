"""How records and people of a table are counted, under the bound tenant's wall."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from sqlalchemy import LargeBinary, Table, text

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

_ABOUT: Final = "coalesce('about:' || t.about_token, 'row:' || t.id)"
_OF_TOKENS: Final = (
    "coalesce((SELECT min(k.token) FROM {table} k "
    "WHERE k.tenant_id = t.tenant_id AND k.{id} = t.id), uuid_send(t.id))"
)
_PEOPLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "contacts": "coalesce('token:' || (SELECT min(k.token) FROM contact_tokens k "
        "WHERE k.tenant_id = t.tenant_id AND k.contact_id = t.id "
        "AND k.kind IN ('email', 'phone')), 'row:' || t.id)",
        "invoices": _ABOUT,
        "payments": _ABOUT,
        "subscriptions": _ABOUT,
        "inquiries": "coalesce(t.email_digest, t.telephone_digest, uuid_send(t.id))",
        "registrants": "t.email_digest",
        "memberships": "t.user_id",
        "subject_requests": "coalesce(t.email_token, t.phone_token, uuid_send(t.id))",
        "consents": _OF_TOKENS.format(table="consent_tokens", id="consent_id"),
        "objections": _OF_TOKENS.format(table="objection_tokens", id="objection_id"),
        "disclosures": _OF_TOKENS.format(table="disclosure_tokens", id="disclosure_id"),
    }
)
"""Who a row is about, as a blind index or a random id: equal for equal people."""
KNOWS_PEOPLE: Final = frozenset({"calls", *_PEOPLE})

# A call has two parties, and their tokens mean something on their own day only.
_OF_CALLS: Final = (
    "SELECT count(*), (SELECT count(DISTINCT (day, party)) FROM ({rows}) t, "
    "LATERAL (VALUES (t.caller_token), (t.called_token)) AS parties (party) "
    "WHERE party IS NOT NULL) FROM ({rows}) t"
)


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
    rows = f"SELECT * FROM {table} WHERE tenant_id = :tenant"
    rows += "" if days is None else " AND day = ANY (:days)"
    rows += "" if ids is None else " AND id = ANY (:ids)"
    given = {"tenant": work.tenant_id, "days": list(days or ()), "ids": list(ids or ())}
    who = _PEOPLE.get(table)
    if table == "calls":
        asked = _OF_CALLS.format(rows=rows)
    else:
        people = "NULL" if who is None else f"count(DISTINCT {who})"
        asked = f"SELECT count(*), {people} FROM ({rows}) t"
    used = {name: value for name, value in given.items() if f":{name}" in asked}
    count, people_found = work.connection.execute(text(asked), used).one()
    return int(count), None if people_found is None else int(people_found)


def _holds(table: Table, sealed: bool) -> bool:
    if "tenant_id" not in table.columns:
        return False
    told = [(one, one.info.get("holds")) for one in table.columns]
    return any(isinstance(said, Personal) and _is(one, said, sealed) for one, said in told)


def _is(column: object, said: Personal, sealed: bool) -> bool:
    name, kind = column.name, column.type  # type: ignore[attr-defined]
    if sealed:
        return isinstance(kind, LargeBinary) and "sealed" in name
    blind = isinstance(kind, LargeBinary) or name.endswith("token")
    return not blind and said.category != "user.unique_id"
