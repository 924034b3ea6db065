"""Read one call by its id."""

import uuid

from connector.calls.ids import day_of
from connector.calls.keeping import call_keys, kept_days
from connector.calls.pages import row_of
from connector.calls.said import say_read
from connector.calls.views import CallView, open_rows
from connector.calls.withheld import withhold_calls
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.suppressions.uses import Use
from privacy.vault.keyring import Keyring


def view_call(work: UnitOfWork, *, vault: Keyring, call_id: uuid.UUID) -> CallView:
    """The call; said in the ledger.

    Raises:
        NotFound: there is none, it is another tenant's, or its time is over; all said alike.
        OpenError: it was changed outside the service.
    """
    day = day_of(call_id)
    kept = kept_days(work)
    keys = call_keys(work, vault, kept, first=day, last=day)
    views = open_rows(work, keys, kept, row_of(work, day, call_id))
    if not views:
        raise NotFound
    say_read(work, views[0])
    return withhold_calls(work, vault, views, use=Use.DELIVERY)[0]
