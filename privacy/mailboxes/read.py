"""Read the mailbox: whose mail it is, hand it over in one transaction, then remove it.

The order makes it safe to die anywhere: what was committed and not removed is recognised by its
fingerprint the next time, and only removed then.
"""

from collections import Counter
from datetime import timedelta
from http import HTTPStatus

from sqlalchemy import Engine, delete, update
from sqlalchemy.dialects.postgresql import insert

from privacy.core import clock
from privacy.core.db.work import Actor, UnitOfWork, unit_of_work
from privacy.core.errors import SiltaError
from privacy.core.logs import get_log
from privacy.mailboxes.addresses import Matter, find_matter
from privacy.mailboxes.errors import MailboxIncomplete
from privacy.mailboxes.models import TakenMail
from privacy.mailboxes.parse import parse
from privacy.mailboxes.receivers import Outcome, Receiver, Receivers
from privacy.mailboxes.sessions import LEFT_FOR, Fetched, Mailbox, MailboxServer
from privacy.mailboxes.shapes import Incoming
from privacy.vault.keyring import Keyring
from privacy.vault.labels import Index

AT_ONCE = 200
"""Mails of one run; the rest waits for the next one."""
TRIED_FOR = timedelta(days=1)
NOBODYS = "nobodys"
KNOWN = "known"
FAILED = "failed"

_log = get_log("worker")


def read_mailbox(
    engine: Engine, vault: Keyring, server: MailboxServer, receivers: Receivers, *, actor: Actor
) -> Counter[str]:
    """Take every mail that waits.

    Returns:
        How many came to which end: an Outcome, `nobodys`, or `known` from before.

    Raises:
        MailboxAway, MailboxRefusedUs: the server. MailboxIncomplete: all were looked at, and some
            were left unread because something of ours failed.
    """
    ends: Counter[str] = Counter()
    with server.opened() as mailbox:
        for uid in mailbox.unread()[:AT_ONCE]:
            fetched = mailbox.fetch(uid)
            if fetched is not None:
                end = _take(engine, vault, receivers, actor, fetched)
                ends[end] += 1
                _settle(mailbox, uid, end)
        mailbox.forget_old(clock.now())
    if ends[FAILED]:
        raise MailboxIncomplete
    return ends


def sweep_taken(work: UnitOfWork) -> None:
    """Forget which mails were taken so long ago that no server holds them any more."""
    old = TakenMail.taken_at < work.now - LEFT_FOR
    work.connection.execute(delete(TakenMail).where(TakenMail.tenant_id == work.tenant_id, old))


def _take(
    engine: Engine, vault: Keyring, receivers: Receivers, actor: Actor, fetched: Fetched
) -> str:
    mail = _parsed(fetched)
    matter = find_matter(engine, mail) if mail else None
    receiver = receivers.get(matter.purpose) if matter else None
    if mail is None or matter is None or receiver is None:
        return NOBODYS
    try:
        with unit_of_work(engine, tenant_id=matter.tenant_id, actor=actor) as work:
            return _hand_over(work, vault, receiver, matter, mail)
    except SiltaError as error:
        _log.warning("mail not taken", tenant_id=matter.tenant_id, code=error.code)
        final = error.status < HTTPStatus.INTERNAL_SERVER_ERROR
        return NOBODYS if final else _failed(fetched)
    except Exception as error:  # noqa: BLE001 - one mail keeps no other from being read
        _log.error("mail failed", tenant_id=matter.tenant_id, code=type(error).__name__)
        return _failed(fetched)


def _parsed(fetched: Fetched) -> Incoming | None:
    """None for what cannot be read at all: one mail keeps no other from being read."""
    try:
        return parse(fetched.data, size=fetched.size)
    except Exception as error:  # noqa: BLE001 - the library fails in ways that it does not name
        _log.error("mail failed", code=type(error).__name__)
        return None


def _failed(fetched: Fetched) -> str:
    """Read again, but not for ever: after a day it is left to whoever looks after the mailbox."""
    tried = fetched.came_at is not None and clock.now() - fetched.came_at > TRIED_FOR
    return NOBODYS if tried else FAILED


def _hand_over(
    work: UnitOfWork, vault: Keyring, receiver: Receiver, matter: Matter, mail: Incoming
) -> str:
    digest = vault.tenant_index(work, Index.MAILBOX).digest(mail.fingerprint)
    if not _note(work, digest, matter):
        return KNOWN
    outcome = receiver.receive(work, vault, about=matter.about, mail=mail)
    work.connection.execute(
        update(TakenMail)
        .where(TakenMail.tenant_id == work.tenant_id, TakenMail.digest == digest)
        .values(outcome=outcome.value)
    )
    return outcome.value


def _note(work: UnitOfWork, digest: bytes, matter: Matter) -> bool:
    """False where it was taken before."""
    row = {
        "tenant_id": work.tenant_id,
        "digest": digest,
        "purpose": matter.purpose.value,
        "outcome": Outcome.TAKEN.value,
        "taken_at": work.now,
    }
    statement = insert(TakenMail).values(row).on_conflict_do_nothing()
    done: bytes | None = work.connection.execute(statement.returning(TakenMail.digest)).scalar()
    return done is not None


def _settle(mailbox: Mailbox, uid: str, end: str) -> None:
    if end == NOBODYS:
        mailbox.put_aside(uid)
    elif end != FAILED:
        mailbox.remove(uid)
