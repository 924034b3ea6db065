"""Confirm the address: by a posted link, so that no mail scanner does it."""

import uuid

from sqlalchemy import select

from connector.registrations.desks import Office
from connector.registrations.links import consume_link, peek_link
from connector.registrations.models import Registrant
from connector.registrations.seals import open_details
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Gone
from privacy.ledger.events import Event
from privacy.ledger.record import record


def peek_registration(office: Office, *, token: str) -> str:
    """The address that would be confirmed, changing nothing. Raises Gone."""
    with office.work() as work:
        row = _unconfirmed(work, peek_link(work, purpose="confirm", token=token))
        return open_details(work, office.vault, row).email


def confirm_registration(office: Office, *, token: str) -> None:
    """Open the account. Nobody is signed in by it. Raises Gone."""
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
