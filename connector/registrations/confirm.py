"""Confirm the address: by a posted link, so that no mail scanner does it, and with the password, so
that nobody opens an account that somebody else began with their address (ATTACK 28)."""

import uuid
from typing import Final

from sqlalchemy import select

from connector.registrations.desks import Office
from connector.registrations.links import consume_link, peek_link
from connector.registrations.models import Registrant
from connector.registrations.seals import open_details, open_password
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Gone, Invalid
from privacy.ledger.events import Event
from privacy.ledger.record import record

_WRONG: Final = "This is not the password that was chosen when this registration began."


def peek_registration(office: Office, *, token: str) -> str:
    """The address that would be confirmed, changing nothing. Raises Gone."""
    with office.work() as work:
        row = _unconfirmed(work, peek_link(work, purpose="confirm", token=token))
        return open_details(work, office.vault, row).email


def confirm_registration(office: Office, *, token: str, password: str) -> None:
    """Open the account. Nobody is signed in by it.

    Whoever registers last with an address decides the password; only who typed that password and
    reads that mailbox is one person.

    Raises:
        Gone. Invalid: it is not the password that was chosen; the link still works.
    """
    with office.work() as work:
        row = _unconfirmed(work, peek_link(work, purpose="confirm", token=token))
        encoded = open_password(work, office.vault, row, state="unconfirmed")
    if not office.desk.hashing.verify(encoded, password).right:
        raise Invalid(_WRONG, code="wrong_password", fields={"password": _WRONG})
    with office.work() as work:
        row = _unconfirmed(work, consume_link(work, purpose="confirm", token=token))
        row.state, row.confirmed_at, row.ends_on = "active", work.now, None
        work.session.flush()
        record(work, Event.REGISTRATION_CONFIRMED, subject=row.id)


def _unconfirmed(work: UnitOfWork, registrant_id: uuid.UUID) -> Registrant:
    row = work.session.scalar(
        select(Registrant)
        .where(Registrant.id == registrant_id, Registrant.state == "unconfirmed")
        .with_for_update()
    )
    if row is None:
        raise Gone
    return row
