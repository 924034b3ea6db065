"""mailboxes.read: mails that came, handed to whoever they are for."""

from collections.abc import Callable
from functools import partial
from types import MappingProxyType
from typing import Final

from connector.inquiries.replies import ReplyReceiver
from connector.outbound.trust import outbound_trust
from connector.providers.microsoft.mailbox_tokens import mailbox_token
from connector.subjects.mails import RequestReceiver
from jobs.contexts import TaskContext
from privacy.core.logs import get_log
from privacy.core.settings import Settings
from privacy.mailboxes.purposes import MailPurpose
from privacy.mailboxes.read import read_mailbox
from privacy.mailboxes.receivers import Receiver, Receivers
from privacy.mailboxes.sessions import MailboxServer

_log = get_log("worker")

_BY_PURPOSE: dict[MailPurpose, Receiver] = {MailPurpose.INQUIRY: ReplyReceiver()}
RECEIVERS: Final[Receivers] = MappingProxyType(_BY_PURPOSE)
"""Whoever takes mails of each purpose, and needs no settings; see `read` for the others."""


def _token_of(settings: Settings) -> Callable[[], str] | None:
    """What opens the mailbox instead of a password, where the operator says so."""
    if settings.imap_oauth_url is None:
        return None
    return partial(
        mailbox_token,
        settings.imap_oauth_url,
        loopback=settings.outbound_loopback,
        **outbound_trust(settings),
    )


def read(context: TaskContext) -> None:
    """Read the installation's mailbox, where it has one; no payload."""
    house = context.house
    url = house.settings.imap_url
    if url is None:
        return
    server = MailboxServer(url, house.settings.imap_moved_to, token=_token_of(house.settings))
    asked = RequestReceiver(sending=house.settings.smtp_url is not None)
    receivers = {**RECEIVERS, MailPurpose.SUBJECT_REQUEST: asked}
    ends = read_mailbox(house.engines.app, house.vault, server, receivers, actor=context.actor)
    if ends:
        _log.info("mails taken", job_id=context.job_id, count=ends.total())
