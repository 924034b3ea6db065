"""Which connector account each call of a batch belongs to."""

import uuid
from collections.abc import Iterable
from typing import Final

from connector.accounts.find import list_accounts
from connector.accounts.kinds import AccountKind
from connector.accounts.refs import AccountRef, ref_of
from connector.calls.records import IncomingCall, Rejection, RejectionCode, reject
from privacy.core.db.work import UnitOfWork

_NONE_NAMED: Final = "Name one in account: there is not exactly one to take by default."


class AddressBook:
    """A tenant's accounts as a sender may name them: by id, by external key, or not at all.

    A call without an account goes to the only account of the kind "api", or to the only account
    that there is.
    """

    def __init__(self, accounts: Iterable[AccountRef]) -> None:
        known = list(accounts)
        self._by_key = {account.external_key: account for account in known}
        self._by_id = {str(account.id): account for account in known}
        own = [account for account in known if account.kind is AccountKind.API]
        alone = own if len(own) == 1 else known
        self._default = alone[0] if len(alone) == 1 else None

    def find(self, name: str | None) -> AccountRef | None:
        """The account that `name` stands for; an id counts before an external key."""
        if not name:
            return self._default
        return self._by_id.get(name) or self._by_key.get(name)


def address_book(work: UnitOfWork) -> AddressBook:
    """The bound tenant's accounts."""
    return AddressBook(ref_of(row) for row in list_accounts(work))


Addressed = tuple[AccountRef, list[tuple[int, IncomingCall]]]


def by_account(
    book: AddressBook, calls: list[tuple[int, IncomingCall]]
) -> tuple[list[Addressed], list[Rejection]]:
    """Calls with their indexes, one list for each account, and those that go nowhere."""
    named: dict[str | None, list[tuple[int, IncomingCall]]] = {}
    for item in calls:
        named.setdefault(item[1].account, []).append(item)
    found: dict[uuid.UUID, Addressed] = {}
    rejections: list[Rejection] = []
    for name, items in named.items():
        account = book.find(name)
        if account is None or not account.receiving:
            rejections += [_refuse(account, name, index) for index, _ in items]
        else:
            found.setdefault(account.id, (account, []))[1].extend(items)
    return list(found.values()), rejections


def _refuse(account: AccountRef | None, name: str | None, index: int) -> Rejection:
    if account is not None:
        return reject(RejectionCode.ACCOUNT_PAUSED, index=index)
    return reject(RejectionCode.UNKNOWN_ACCOUNT, index=index, hint="" if name else _NONE_NAMED)
