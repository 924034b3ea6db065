"""promises.examine and promises.examine_own: hold the promises against the installation."""

import uuid

from connector.promises.registry import PROBES
from connector.promises.tell import tell_operators, tell_tenant
from jobs.contexts import TaskContext
from jobs.premises import LivePremises
from privacy.checks.runs import Check, record_check
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.promises.examine import Report, examine
from privacy.promises.figures import FigureName, put_figures
from privacy.promises.keep import keep_report, news_of
from privacy.promises.outcomes import Outcome


def examine_all(context: TaskContext) -> None:
    """Examine everything, tell of what is newly broken, and keep it; no payload."""
    found = examine(LivePremises(context.house), PROBES)
    for tenant_id, report in found.tenants.items():
        if tenant_id != INSTALLATION_ID:
            _settle(context, tenant_id, report)
    _settle(context, INSTALLATION_ID, found.installation)


def examine_own(context: TaskContext) -> None:
    """Examine the job's tenant, because somebody asked; no payload. The operator's: everything."""
    own = context.tenant_id
    if own == INSTALLATION_ID:
        return examine_all(context)
    found = examine(LivePremises(context.house), PROBES, only=[own])
    return _settle(context, own, found.tenants[own])


def _settle(context: TaskContext, tenant_id: uuid.UUID, report: Report) -> None:
    """Mails first: killed in between, the next run tells again rather than never."""
    desk, actor, installation = context.house.desk, context.actor, tenant_id == INSTALLATION_ID
    with context.work_of(tenant_id) as work:
        news = news_of(work, report)
    if installation:
        tell_operators(desk, actor=actor, news=news)
    else:
        tell_tenant(desk, actor=actor, tenant_id=tenant_id, news=news)
    with context.work_of(tenant_id) as work:
        keep_report(work, report, told=news)
        if installation:
            counts = {"kept": report.count(Outcome.KEPT), "broken": len(report.broken)}
            record_check(work, Check.PROMISES, passed=not report.broken, facts=counts)
            standing = {outcome.value: float(report.count(outcome)) for outcome in Outcome}
            put_figures(work, FigureName.PROMISES, standing)
            put_figures(work, FigureName.PROMISE_BROKEN, dict.fromkeys(report.broken, 1.0))
