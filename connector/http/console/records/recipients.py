"""Whom an invoice is to, where it does not say it by name itself."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Final

from connector.accounts.find import list_accounts
from connector.accounts.kinds import AccountKind
from connector.contacts.named import contact_names
from connector.synced.columns import RecordState
from connector.synced.shapes import Invoice
from connector.synced.views import RecordView
from privacy.core.db.work import UnitOfWork
from tenants.http.callers import caller
from tenants.http.services import services
from tenants.permissions import Permission, allows
from tenants.tenants.views import view_tenant

CLOUDS: Final = frozenset({AccountKind.MICROSOFT, AccountKind.MICROSOFT_CALLS})
"""Systems whose invoices are their own bills to the organisation that connected them. Partner
Center tells its payer to a signed-in partner only, never to an application alone."""


def recipients(work: UnitOfWork, views: Sequence[RecordView[Invoice]]) -> dict[uuid.UUID, str]:
    """By the invoices' ids: the contact that one is about, else the organisation itself. Those
    that are held, or may not be shown, have none."""
    unnamed = [
        view
        for view in views
        if view.state is RecordState.LIVING and not (view.record.customer_name or view.restricted)
    ]
    return _customers(work, unnamed) | _own_bills(work, unnamed)


def _customers(work: UnitOfWork, views: Iterable[RecordView[Invoice]]) -> dict[uuid.UUID, str]:
    if not allows(caller(), Permission.CONTACTS_READ):
        return {}
    about = {
        view.id: (view.account_id, view.record.customer)
        for view in views
        if view.account_id and view.record.customer
    }
    names = contact_names(work, vault=services().vault, wanted=set(about.values()))
    return {view_id: names[one] for view_id, one in about.items() if one in names}


def _own_bills(work: UnitOfWork, views: Iterable[RecordView[Invoice]]) -> dict[uuid.UUID, str]:
    bills = [view for view in views if not view.record.customer]
    if not bills:
        return {}
    clouds = {row.id for row in list_accounts(work) if AccountKind(row.kind) in CLOUDS}
    own = [view.id for view in bills if view.account_id in clouds]
    return dict.fromkeys(own, view_tenant(services().vault, work).name) if own else {}
