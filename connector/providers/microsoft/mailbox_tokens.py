"""A token for the installation's own mailbox at Microsoft 365 (XOAUTH2), as an application alone.

    https://client:secret@login.microsoftonline.com/tenant

The operator's setting names the directory, the application and its secret: to that host alone the
question goes (promise E2).
"""

from typing import Any, Final
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from connector.outbound.client import Outbound
from connector.outbound.failures import Failure, FailureKind
from connector.outbound.recipients import Recipient, Recipients
from connector.providers.microsoft.credentials import MicrosoftCredentials
from connector.providers.microsoft.grants import ask_token
from privacy.mailboxes.errors import MailboxAway, MailboxRefusedUs

MAILS: Final = "https://outlook.office365.com"
"""The resource that IMAP of Exchange Online is part of."""


def mailbox_token(url: SecretStr, *, loopback: bool = False, **trust: Any) -> str:
    """A token, fetched anew: the job comes every few minutes, and a token lasts an hour.

    Args:
        trust: see connector.outbound.trust.

    Raises:
        MailboxAway: the sign-in does not answer. MailboxRefusedUs: it does, and refuses us.
    """
    parts = urlsplit(url.get_secret_value())
    login = f"https://{parts.netloc.rpartition('@')[2]}"
    credentials = MicrosoftCredentials(
        tenant_id=parts.path.strip("/").lower(),
        client_id=unquote(parts.username or "").lower(),
        client_secret=unquote(parts.password or ""),
    )
    outbound = Outbound(Recipients([Recipient.of(login)]), loopback=loopback, **trust)
    try:
        return ask_token(outbound, login, credentials, resource=MAILS).access_token
    except Failure as failure:
        away = failure.kind is FailureKind.TRANSIENT
        raise (MailboxAway if away else MailboxRefusedUs) from None
