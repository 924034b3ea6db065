"""Say in the ledger that somebody tried a door that is not theirs (promise F9)."""

from privacy.core.db.work import unit_of_work
from privacy.ledger.events import Event
from privacy.ledger.record import record
from tenants.http.services import services
from tenants.principals import Principal, PrincipalKind


def record_denial(who: Principal, endpoint: str) -> None:
    """One event in the caller's tenant, which names the page by its endpoint."""
    if who.kind is not PrincipalKind.USER:
        return
    engine = services().engines.app
    with unit_of_work(engine, tenant_id=who.tenant_id, actor=who.actor) as work:
        record(work, Event.ACCESS_DENIED, facts={"page": endpoint})
