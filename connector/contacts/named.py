"""Names of the contacts that other records are about: of a whole page by one question."""

import uuid
from collections.abc import Collection

from sqlalchemy import select

from connector.contacts.shelf import CONTACTS
from connector.synced.columns import RecordState
from connector.synced.shapes import RecordKind
from connector.synced.shelves import about_token, source_index
from connector.synced.views import open_records
from connector.synced.withheld import withhold
from privacy.core.db.work import UnitOfWork
from privacy.suppressions.uses import Use
from privacy.vault.keyring import Keyring

Reference = tuple[uuid.UUID, str]
"""Account, and the contact's external id there."""


def contact_names(
    work: UnitOfWork, *, vault: Keyring, wanted: Collection[Reference]
) -> dict[Reference, str]:
    """Names of those that are in use and may be shown.

    Raises:
        OpenError: a stored record was changed outside the service.
    """
    if not wanted:
        return {}
    index = source_index(work, vault)
    tokens = {
        about_token(index, account_id, RecordKind.CONTACTS, external_id): (account_id, external_id)
        for account_id, external_id in wanted
    }
    c = CONTACTS.table.c
    found = select(*c).where(
        c.tenant_id == work.tenant_id,
        c.about_token.in_(sorted(tokens)),
        c.state == RecordState.LIVING.value,
    )
    rows = work.connection.execute(found).all()
    meant = {row.id: tokens[row.about_token] for row in rows}
    opened = open_records(work, vault, CONTACTS, rows)
    views = withhold(work, vault, CONTACTS, opened, use=Use.DELIVERY)
    return {meant[view.id]: view.record.name for view in views if view.record.name}
