"""Have Partner Center tell an account's changes to an address of its own.

A registration does not end. It is made anew now and then with a new address, so that one that
was lost at Microsoft, or seen by somebody, does not last.
"""

import secrets
import uuid
from datetime import timedelta
from typing import Final

from sqlalchemy import delete

from connector.accounts.secrets import digest_of
from connector.providers.microsoft.connections import PartnerConnection
from connector.providers.microsoft.failures import AccessDenied, NotThere
from connector.syncs.stations import Station
from connector.watches.models import ChangeWatch
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record

PATH: Final = "/in/microsoft/partner-center"
LASTS: Final = timedelta(days=30)
DENIED: Final = timedelta(days=7)
"""After so long it is tried again where the application may not register."""
_BYTES: Final = 32
REGISTERED, _REFUSED = "partner-center", "partner-center, refused"


def register_events(
    station: Station, account_id: uuid.UUID, connection: PartnerConnection, public_url: str
) -> None:
    """Register a new address; the one before leads nowhere from then on. Raises Failure."""
    word = secrets.token_urlsafe(_BYTES)
    try:
        connection.tell(f"{public_url}{PATH}/{word}")
        name, lasts = REGISTERED, LASTS
    except (AccessDenied, NotThere):
        name, lasts = _REFUSED, DENIED
    with station.work() as work:
        work.session.execute(delete(ChangeWatch).where(ChangeWatch.account_id == account_id))
        work.session.add(_row(work, account_id, word, name, lasts))
        if name == REGISTERED:
            record(work, Event.ACCOUNT_WATCHED, subject=account_id)


def unregister_events(connection: PartnerConnection, outside_id: str) -> None:
    """Have nothing told any more, where something is. Raises Failure."""
    if outside_id == REGISTERED:
        connection.tell_no_more()


def _row(
    work: UnitOfWork, account_id: uuid.UUID, word: str, name: str, lasts: timedelta
) -> ChangeWatch:
    return ChangeWatch(
        tenant_id=work.tenant_id,
        digest=digest_of(word),
        account_id=account_id,
        outside_id=name,
        state_digest=digest_of(secrets.token_urlsafe(_BYTES)),
        ends_at=work.now + lasts,
        created_at=work.now,
    )
