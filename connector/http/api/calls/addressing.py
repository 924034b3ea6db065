"""Which connector account each call of a batch belongs to."""

import uuid
from collections.abc import Collection, Iterable
from typing import Final

from connector.accounts.find import Wanted, accounts_named, page_accounts
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

    def __init__(self, named: Iterable[AccountRef], default: AccountRef | None) -> None:
        known = list(named)
        self._by_key = {account.external_key: account for account in known}
        self._by_id = {str(account.id): account for account in known}
        self._default = default

    def find(self, name: str | None) -> AccountRef | None:
        """The account that `name` stands for; an id counts before an external key."""
        if not name:
            return self._default
        return self._by_id.get(name) or self._by_key.get(name)


def address_book(work: UnitOfWork, names: Collection[str | None]) -> AddressBook:
    """The bound tenant's accounts that a batch names, and no others: a tenant has thousands."""
    wanted = {name for name in names if name}
    named = map(ref_of, accounts_named(work, wanted)) if wanted else ()
    nameless = len(wanted) < len(names)
    return AddressBook(named, _default(work) if nameless else None)


def _default(work: UnitOfWork) -> AccountRef | None:
    """Two of them say that there is not exactly one."""
    own = page_accounts(work, wanted=Wanted(kind=AccountKind.API), limit=2)
    alone = own if len(own) == 1 else page_accounts(work, wanted=Wanted(), limit=2)
    return ref_of(alone[0]) if len(alone) == 1 else None


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
