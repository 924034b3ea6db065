"""checks.run and inquiries.ask: what is looked at each night, and who is asked."""

from connector.checks.configuration import configuration_of
from connector.checks.tell import tell_of_drift
from connector.http.centre.keys import centre_key
from connector.inquiries.longer import ask_longer
from connector.stale.find import find_stale
from jobs.contexts import TaskContext
from jobs.tasks.rounds import go_round
from privacy.checks.baselines import check_drift
from privacy.checks.runs import Check, record_check
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from tenants.tenants.views import view_tenant


def run(context: TaskContext) -> None:
    """Configuration first, then every tenant's contacts; no payload."""
    house = context.house
    items = configuration_of(house.settings, house.engines.app)
    with context.work_of(INSTALLATION_ID) as work:
        standing = check_drift(work, items)
    tell_of_drift(house.desk, actor=context.actor, standing=standing)
    found = 0

    def look(work: UnitOfWork) -> None:
        nonlocal found
        found += find_stale(work, house.vault)

    go_round(context, look)
    with context.work_of(INSTALLATION_ID) as work:
        record_check(work, Check.STALE_DATA, passed=not found, facts={"found": found})


def ask(context: TaskContext) -> None:
    """Ask people whether contact data may be kept longer; no payload."""
    house = context.house
    sending = house.settings.smtp_url is not None

    def use(work: UnitOfWork) -> None:
        if work.tenant_id == INSTALLATION_ID:
            return
        page = f"{house.settings.public_url}/privacy/{centre_key(work.tenant_id)}/keep"
        name = view_tenant(house.vault, work).name
        ask_longer(work, house.vault, tenant=name, link=lambda t: f"{page}/{t}", sending=sending)

    go_round(context, use)
