"""Calls as lists and exports get them, for the use that they name (promise A13).

Of a restricted person: that there was one, and when. Of one who objected to the use: none.
GDPR Art. 18(2). Whoever reads calls to use them passes them through here; see
connector.synced.withheld of records.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import msgspec

from connector.calls.numbers import identity_of
from connector.calls.shapes import CallRecord
from connector.calls.views import CallView
from privacy.core.db.work import UnitOfWork
from privacy.restrictions.standing import Restricted, restricted
from privacy.suppressions.uses import OBJECTABLE, Use, known_ways, willing
from privacy.vault.keyring import Keyring
from tenants.tenants.subscribed import subscribed_services

T = TypeVar("T")
_NOTHING = {
    "source_id": None,
    "caller": None,
    "called": None,
    "user_id": None,
    "contact_person": None,
    "company": None,
}


def withhold_calls(
    work: UnitOfWork, vault: Keyring, calls: Sequence[CallView], *, use: Use
) -> list[CallView]:
    """The same, those with a restricted person on either side without who and whom, and none
    whose outside end objected to the use."""
    if use in OBJECTABLE:
        calls = willing_calls(work, vault, calls, [one.record for one in calls], use=use)
    standing = restricted(work, vault)
    if not standing.phones:
        return list(calls)
    return [
        replace(one, record=without_people(one.record), restricted=True)
        if is_restricted(one.record, standing)
        else one
        for one in calls
    ]


def willing_calls(
    work: UnitOfWork,
    vault: Keyring,
    things: Sequence[T],
    records: Sequence[CallRecord],
    *,
    use: Use,
) -> list[T]:
    """Those whose call has an outside end that may be reached for `use`."""
    people = [known_ways(phones=[_outside(one) or ""]) for one in records]
    services = subscribed_services(work)
    return willing(work, vault, use=use, things=things, people=people, services=services)


def _outside(call: CallRecord) -> str | None:
    """The end that is not the tenant's; of an internal call there is none."""
    return identity_of({"inbound": call.caller, "outbound": call.called}.get(call.direction))


def is_restricted(call: CallRecord, standing: Restricted) -> bool:
    """Whether either side is a restricted person's number."""
    return standing.has_phone(identity_of(call.caller), identity_of(call.called))


def without_people(call: CallRecord) -> CallRecord:
    """A call between nobody and nobody."""
    return msgspec.structs.replace(call, **_NOTHING)
