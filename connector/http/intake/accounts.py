"""Which account posts: by the secret in its address, or by Basic credentials (RFC 7617)."""

import re
from typing import Final

from flask import request

from connector.accounts.find import account_by_secret
from connector.accounts.refs import AccountRef
from connector.http.intake.strangers import turn_away
from privacy.core.errors import NotFound, Unauthenticated
from tenants.http.services import services

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{16,128}")


class WantsBasic(Unauthenticated):
    """Nothing that names an account came along."""

    code = "basic_wanted"
    message = "Send the account's secret as the password of Basic authentication."


def posting_account(secret: str | None) -> AccountRef:
    """The account of `secret`, or of the Basic password where the address has none.

    Raises:
        NotFound: no account has this secret, whatever the reason; TooManyRequests after a while.
        WantsBasic: neither was sent.
    """
    known = secret if secret is not None else _password()
    if _SECRET.fullmatch(known) is None:
        turn_away()
    try:
        return account_by_secret(services().engines.app, known)
    except NotFound:
        turn_away()


def _password() -> str:
    given = request.authorization
    if given is None or given.type != "basic" or not given.password:
        raise WantsBasic
    return given.password
