"""The end of registrations: what nobody confirmed, what was deleted and is kept no longer."""

from sqlalchemy import delete

from connector.registrations.models import Registrant, RegistrantSession
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record


def sweep_registrations(work: UnitOfWork) -> int:
    """Delete the bound tenant's rows whose last day is over, and sessions that have ended."""
    work.connection.execute(
        delete(RegistrantSession).where(
            RegistrantSession.tenant_id == work.tenant_id,
            RegistrantSession.expires_at <= work.now,
        )
    )
    gone = work.connection.execute(
        delete(Registrant).where(
            Registrant.tenant_id == work.tenant_id, Registrant.ends_on <= work.today
        )
    ).rowcount
    if gone > 0:
        record(work, Event.REGISTRATIONS_DESTROYED, facts={"count": gone})
    return gone
