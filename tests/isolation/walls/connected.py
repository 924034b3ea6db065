"""Connected books: a credential in use, another being tried, a document on its way."""

import uuid

from connector.accounts.find import find_account
from connector.accounts.kinds import AccountKind
from connector.accounts.move import move_account
from connector.accounts.states import AccountState
from connector.outgoing.request import send_customer
from connector.outgoing.shapes import OutgoingCustomer
from connector.providers.pulled import PROVIDERS
from connector.syncs.draft_account import draft_account
from connector.syncs.enter_credential import enter_credential
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring

_CREDENTIAL = {
    "organisation_id": "1234567-8",
    "customer_id": "customer",
    "customer_key": "a-customer-key",
    "partner_id": "partner",
    "partner_key": "a-partner-key",
}


def connect_books(work: UnitOfWork, vault: Keyring) -> uuid.UUID:
    """Connect Netvisor without asking it, then enter another key and send a customer."""
    provider = PROVIDERS[AccountKind.NETVISOR]
    account_id = draft_account(
        work, vault=vault, provider=provider, name="Books", credential=_CREDENTIAL
    )
    account = find_account(work, account_id, lock=True)
    account.external_key = "1234567-8"
    for state in (AccountState.TESTING, AccountState.CONNECTED):
        move_account(work, account, to=state)
    another = {"customer_key": "another-key"}
    enter_credential(
        work, vault=vault, provider=provider, account_id=account_id, credential=another
    )
    customer = OutgoingCustomer(code="17", name="Example Ltd")
    send_customer(work, vault=vault, account_id=account_id, reference="first", customer=customer)
    return account_id
