"""Which customer of the books pays for a system's calls: a company, by its record there."""

import uuid
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from connector.accounts.find import find_account, list_accounts
from connector.accounts.kinds import KINDS, AccountKind
from connector.accounts.models import ConnectorAccount
from connector.charging.models import CallPayer
from connector.contacts.kinds import TokenKind
from connector.contacts.registers import compact
from connector.contacts.search import contacts_matching
from connector.outgoing.bill_invoice import TAKES_INVOICES
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring

CALLS: Final = "T"
"""The service whose systems bring calls."""


def systems_with_calls(work: UnitOfWork) -> list[ConnectorAccount]:
    """The tenant's telephone systems, by name."""
    return [row for row in list_accounts(work) if KINDS[AccountKind(row.kind)].service == CALLS]


def set_payer(
    work: UnitOfWork, *, vault: Keyring, account_id: uuid.UUID, customer_number: str
) -> None:
    """Have a customer pay for a system's calls; with an empty number nobody does.

    Raises:
        NotFound: no such account.
        Invalid: the books know no company of this number, or several.
    """
    account = find_account(work, account_id)
    if KINDS[AccountKind(account.kind)].service != CALLS:
        raise Invalid(fields={"account_id": "This system brings no calls."})
    if not customer_number.strip():
        work.session.execute(delete(CallPayer).where(CallPayer.account_id == account_id))
        record(work, Event.CALL_PAYER_SET, subject=account_id, facts={"payer": "none"})
        return
    contact_id = _company(work, vault, customer_number)
    row = insert(CallPayer).values(
        tenant_id=work.tenant_id, account_id=account_id, contact_id=contact_id, set_at=work.now
    )
    changed = {"contact_id": contact_id, "set_at": work.now}
    keys = ["tenant_id", "account_id"]
    work.connection.execute(row.on_conflict_do_update(index_elements=keys, set_=changed))
    record(work, Event.CALL_PAYER_SET, subject=account_id, facts={"payer": str(contact_id)})


def payers(work: UnitOfWork) -> dict[uuid.UUID, uuid.UUID]:
    """Contact by system."""
    rows = work.session.execute(select(CallPayer.account_id, CallPayer.contact_id))
    return {row.account_id: row.contact_id for row in rows}


def _company(work: UnitOfWork, vault: Keyring, number: str) -> uuid.UUID:
    books = {row.id for row in list_accounts(work) if AccountKind(row.kind) in TAKES_INVOICES}
    word = compact(number)
    found = contacts_matching(work, vault=vault, kind=TokenKind.CODE, word=word) if word else []
    meant = [one for one in found if one.account_id in books]
    if len(meant) != 1:
        said = "The books have no customer of this number. Read them, or look it up there."
        raise Invalid(fields={"customer_number": said})
    if meant[0].record.is_person:
        said = "This customer is a person. Calls are charged to companies only."
        raise Invalid(fields={"customer_number": said})
    return meant[0].id
