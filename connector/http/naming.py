"""Names for calls without, for whoever may see contacts."""

from collections.abc import Sequence

from connector.calls.views import CallView
from connector.contacts.naming import name_calls
from privacy.core.db.work import UnitOfWork
from tenants.http.callers import caller
from tenants.http.services import services
from tenants.permissions import Permission, allows


def may_name() -> bool:
    """Whether the caller may see contacts, and so their names beside calls."""
    return allows(caller(), Permission.CONTACTS_READ)


def with_names(work: UnitOfWork, calls: Sequence[CallView]) -> list[CallView]:
    """The calls, with names from contacts where the exchange sent none and the caller may."""
    if not calls or not may_name():
        return list(calls)
    return name_calls(work, vault=services().vault, calls=calls)
