"""Probes of published notices, and of what organisations decided about them."""

from typing import Final

from sqlalchemy import select, text

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from privacy.notices.models import Notice
from privacy.profiles import load_profiles
from privacy.promises.outcomes import Finding, judge, untestable
from privacy.promises.probes import Premises, Probe, TenantProbe, counting

_DECIDED: Final = """
SELECT count(*) AS seen, count(*) FILTER (WHERE n.digest IS NULL OR n.digest <> d.digest
    OR d.decided_at < n.published_at) AS wrong, max(d.decided_at)::date AS newest_decision
FROM policy_decisions d LEFT JOIN notices n
    ON n.tenant_id = d.tenant_id AND n.service = d.service AND n.number = d.number
WHERE d.tenant_id = :tenant
"""


def notices_are_published(work: UnitOfWork, premises: Premises) -> Finding:
    """Each service's notice, once the first was published: with a date that has come."""
    rows = work.session.execute(select(Notice.service, Notice.dated, Notice.published_at)).all()
    if not rows:
        return untestable("nothing was published yet")
    house = work.tenant_id == INSTALLATION_ID
    services = set(load_profiles()) if house else set(premises.services_of(work))
    missing = services - {row.service for row in rows}
    ahead = [row for row in rows if row.dated > work.today]
    newest = max(row.published_at.date() for row in rows)
    return judge(seen=len(rows), wrong=len(missing) + len(ahead), newest_publication=newest)


PROBES: Final[tuple[Probe, ...]] = (
    counting("D2", "decisions_are_of_published_versions", text(_DECIDED)),
    TenantProbe("D3", "notices_are_published", notices_are_published),
)
