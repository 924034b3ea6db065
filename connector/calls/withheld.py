"""Calls of a restricted person as lists and exports get them: that there was one, and when.

GDPR Art. 18(2). Whoever reads calls to use them passes them through here; see
connector.synced.withheld of records.
"""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from connector.calls.numbers import identity_of
from connector.calls.shapes import CallRecord
from connector.calls.views import CallView
from privacy.core.db.work import UnitOfWork
from privacy.restrictions.standing import Restricted, restricted
from privacy.vault.keyring import Keyring

_NOTHING = {
    "source_id": None,
    "caller": None,
    "called": None,
    "user_id": None,
    "contact_person": None,
    "company": None,
}


def withhold_calls(work: UnitOfWork, vault: Keyring, calls: Sequence[CallView]) -> list[CallView]:
    """The same, those with a restricted person on either side without who and whom."""
    standing = restricted(work, vault)
    if not standing.phones:
        return list(calls)
    return [
        replace(one, record=without_people(one.record), restricted=True)
        if is_restricted(one.record, standing)
        else one
        for one in calls
    ]


def is_restricted(call: CallRecord, standing: Restricted) -> bool:
    """Whether either side is a restricted person's number."""
    return standing.has_phone(identity_of(call.caller), identity_of(call.called))


def without_people(call: CallRecord) -> CallRecord:
    """A call between nobody and nobody."""
    return msgspec.structs.replace(call, **_NOTHING)
