"""End a restriction: the person is told first, and it ends when that was sent (Art. 18(3))."""

import uuid
from collections.abc import Callable

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.mails.kinds import MailState
from privacy.mails.models import Mail
from privacy.restrictions.models import NOTICE, Restriction
from privacy.restrictions.standing import ask_again
from privacy.vault.keyring import Keyring

Write = Callable[[], uuid.UUID | None]
"""Writes the notice; its mail, or None where there is no address."""


def announce_end(
    work: UnitOfWork, vault: Keyring, row: Restriction, *, text: str, write: Write
) -> None:
    """Write the notice of a locked row. Nothing is lifted by that."""
    row.notice_sealed = NOTICE.seal(work, vault, row.id, text.encode())
    row.mail_id = write()
    record(work, Event.RESTRICTION_ENDING, subject=row.id)


def note_told(work: UnitOfWork, row: Restriction) -> None:
    """An agent told the person by letter or telephone: now it ends."""
    _lift(work, row, by="agent")


def lift_announced(work: UnitOfWork) -> int:
    """Lift the bound tenant's whose notice a mail server took. Returns how many."""
    told = (
        select(Restriction)
        .join(Mail, (Mail.tenant_id == Restriction.tenant_id) & (Mail.id == Restriction.mail_id))
        .where(Restriction.lifted_at.is_(None), Mail.state == MailState.SENT.value)
        .with_for_update(of=Restriction, skip_locked=True)
    )
    rows = list(work.session.scalars(told))
    for row in rows:
        _lift(work, row, by="mail")
    return len(rows)


def _lift(work: UnitOfWork, row: Restriction, *, by: str) -> None:
    row.noticed_at = row.lifted_at = work.now
    row.lifted_by = work.actor.id
    work.session.flush()
    ask_again(work)
    record(work, Event.RESTRICTION_ENDED, subject=row.id, facts={"by": by})
