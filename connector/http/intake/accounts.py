"""Which account posts: by the secret in its address, or by Basic credentials (RFC 7617)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from flask import Flask, current_app, request

from connector.accounts.addresses import Address, Addresses, account_at
from connector.accounts.kinds import KINDS
from connector.accounts.refs import AccountRef
from connector.calls.foreseen import ingest_questions
from connector.http.intake.strangers import turn_away
from privacy.core.db.work import UnitOfWork, unit_of_work
from privacy.core.errors import NotFound, Unauthenticated
from tenants.http.services import services

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{16,128}")
_NAME: Final = "silta.addresses"


class WantsBasic(Unauthenticated):
    """Nothing that names an account came along."""

    code = "basic_wanted"
    message = "Send the account's secret as the password of Basic authentication."


def install_addresses(app: Flask) -> None:
    """Give `app` its memory of addresses."""
    app.extensions[_NAME] = Addresses()


def posting_address(secret: str | None) -> Address:
    """Where `secret` leads, or the Basic password when the address has none.

    Raises:
        NotFound: no account has this secret, whatever the reason; TooManyRequests after a while.
        WantsBasic: neither was sent.
    """
    known = secret if secret is not None else _password()
    if _SECRET.fullmatch(known) is None:
        turn_away()
    addresses: Addresses = current_app.extensions[_NAME]
    try:
        return addresses.locate(services().engines.app, known)
    except NotFound:
        turn_away()


@contextmanager
def work_of_account(address: Address) -> Iterator[tuple[UnitOfWork, AccountRef]]:
    """A unit of work in the account's tenant and name, and the account as it is now.

    Raises NotFound, TooManyRequests: the secret or the account is gone, or it posts nothing.
    """
    tenant_id = address.tenant_id
    with unit_of_work(
        services().engines.app,
        tenant_id=tenant_id,
        actor=address.actor,
        foreseen=(address.standing, *ingest_questions(tenant_id)),
    ) as work:
        yield work, _living(work, address)


def _living(work: UnitOfWork, address: Address) -> AccountRef:
    try:
        account = account_at(work, address)
    except NotFound:
        turn_away()
    if not KINDS[account.kind].posts:
        turn_away()
    return account


def _password() -> str:
    given = request.authorization
    if given is None or given.type != "basic" or not given.password:
        raise WantsBasic
    return given.password
