"""The contact that an invoice or a subscription is about."""

import uuid
from dataclasses import dataclass
from typing import Any

from connector.contacts.shelf import CONTACTS
from connector.synced.read import records_about
from connector.synced.shapes import RecordKind
from connector.synced.views import RecordView
from privacy.core.db.work import UnitOfWork
from tenants.http.callers import caller
from tenants.http.services import services
from tenants.permissions import Permission, allows


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose it is."""

    id: uuid.UUID
    name: str


def owner_of(work: UnitOfWork, view: RecordView[Any], customer: str) -> Owner | None:
    """The contact with this external id, where there is one and the one who looks may see it."""
    if not allows(caller(), Permission.CONTACTS_READ):
        return None
    found = records_about(
        work,
        vault=services().vault,
        shelf=CONTACTS,
        kind=RecordKind.CONTACTS,
        account_id=view.account_id,
        external_ids=(customer,),
        limit=1,
    )
    return Owner(found[0].id, found[0].record.name) if found else None
