"""Calls as every face shows them: with names for whoever may see contacts, and marked where
somebody is not to be called."""

from collections.abc import Sequence

from connector.calls.objected import mark_calls
from connector.calls.views import CallView
from connector.http.naming import with_names
from privacy.core.db.work import UnitOfWork
from tenants.http.services import services


def as_shown(work: UnitOfWork, calls: Sequence[CallView]) -> list[CallView]:
    """The calls, in their order. Whoever may see a call may see that its people object."""
    return mark_calls(work, vault=services().vault, calls=with_names(work, calls))
