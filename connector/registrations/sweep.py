"""The end of registrations: what nobody confirmed, what was deleted and is kept no longer."""

from sqlalchemy import delete

from connector.registrations.models import Registrant, RegistrantLink, RegistrantSession
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record


def sweep_registrations(work: UnitOfWork) -> int:
    """Delete the bound tenant's rows whose last day is over, sessions and links that have ended."""
    for table in (RegistrantSession, RegistrantLink):
        work.connection.execute(
            delete(table).where(table.tenant_id == work.tenant_id, table.expires_at <= work.now)
        )
    gone = work.connection.execute(
        delete(Registrant).where(
            Registrant.tenant_id == work.tenant_id, Registrant.ends_on <= work.today
        )
    ).rowcount
    if gone > 0:
        record(work, Event.REGISTRATIONS_DESTROYED, facts={"count": gone})
    return gone
