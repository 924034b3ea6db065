"""Deliveries that must be signed: Twilio's, with the account's auth token."""

from connector.accounts.credentials import open_credential
from connector.accounts.find import find_account
from connector.accounts.kinds import AccountKind
from connector.accounts.refs import AccountRef
from connector.providers.base import Delivery
from connector.providers.twilio.signatures import verify_signature
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Forbidden
from privacy.vault.keyring import Keyring


class WrongSignature(Forbidden):
    """Not signed, or not with this account's token, or not for this address and body."""

    code = "bad_signature"
    message = "The signature is wrong. Check the auth token of the account, and its address."


def check_signature(
    work: UnitOfWork, *, vault: Keyring, account: AccountRef, delivery: Delivery
) -> None:
    """Raise WrongSignature unless the delivery is signed where its kind wants that.

    Twilio signs no time, so an old delivery can be sent again; it says nothing new then, and
    what says nothing new changes nothing (ATTACK 56).
    """
    if account.kind is not AccountKind.TWILIO:
        return
    row = find_account(work, account.id)
    token = open_credential(work, vault, row)
    if token is None or not verify_signature(delivery, token):
        raise WrongSignature
