"""The calls of an event, for a receiver whose tenant wants more than ids."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from sqlalchemy import text

from connector.calls.exported import exported
from connector.calls.ids import day_of
from connector.calls.keeping import KIND, SERVICE, call_keys, kept_days
from connector.calls.objected import mark_calls
from connector.calls.views import CallView, open_rows
from connector.calls.withheld import withhold_calls
from privacy.core.db.work import UnitOfWork
from privacy.profiles import profile
from privacy.suppressions.uses import OBJECTABLE, Use
from privacy.vault.keyring import Keyring

_ROWS = text(
    "SELECT id, day, slot, account_id, version, sealed FROM calls "
    "WHERE tenant_id = :tenant AND day = ANY (:days) AND id = ANY (:ids) ORDER BY id"
)
_OF_THE_ROW: Final = frozenset({"id", "account", "day", "destroyed_at", "do_not_call"})


def calls_for(
    work: UnitOfWork, vault: Keyring, facts: Mapping[str, Any], use: Use
) -> Mapping[str, Any] | None:
    """An event's facts without calls of people who objected to `use`; None where none is left."""
    if use not in OBJECTABLE:
        return facts
    left = [str(view.id) for view in _views(work, vault, facts, use)]
    return dict(facts) | {"call_ids": left, "count": len(left)} if left else None


def calls_of_event(
    work: UnitOfWork, vault: Keyring, facts: Mapping[str, Any], use: Use
) -> Mapping[str, Any]:
    """The declared fields (promise A12) of an event's calls, as far as they are still kept."""
    views = _views(work, vault, facts, use)
    return {"calls": [_declared(view) for view in mark_calls(work, vault=vault, calls=views)]}


def _views(
    work: UnitOfWork, vault: Keyring, facts: Mapping[str, Any], use: Use
) -> Sequence[CallView]:
    ids = [uuid.UUID(one) for one in facts["call_ids"]]
    days = sorted({day_of(one) for one in ids})
    kept = kept_days(work)
    keys = call_keys(work, vault, kept, first=days[0], last=days[-1])
    values = {"tenant": work.tenant_id, "days": days, "ids": ids}
    rows = work.connection.execute(_ROWS, values).all()
    opened = open_rows(work, keys, kept, rows)
    return withhold_calls(work, vault, opened, use=use)


def _declared(view: CallView) -> dict[str, Any]:
    place = (str(view.id), str(view.account_id))
    said = bool(view.objections)
    call = exported(place, view.record, view.day, view.destroyed_at, do_not_call=said)
    known = profile(SERVICE).declared_fields(KIND) | _OF_THE_ROW
    fields: dict[str, Any] = msgspec.to_builtins(call)
    return {name: value for name, value in fields.items() if name in known}
