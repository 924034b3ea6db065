"""Probe of what organisations publish: looked at as a stranger does."""

import base64
import json
from typing import Any

from connector.statistics.published import FEWEST, ROUNDED, is_published
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from privacy.promises.outcomes import Finding, judge, untestable
from privacy.promises.probes import Premises, Probe, TenantProbe

_COLUMNS = {"month", "direction", "calls", "minutes"}


def small_counts_are_suppressed(work: UnitOfWork, premises: Premises) -> Finding:
    """No published count is small, exact, or more than a count; nothing is, where nothing was
    chosen to be."""
    if work.tenant_id == INSTALLATION_ID:
        return untestable("publishes nothing")
    key = base64.urlsafe_b64encode(work.tenant_id.bytes).rstrip(b"=").decode()
    page = premises.visit(f"/privacy/{key}/statistics.json")
    if not is_published(work):
        return judge(seen=1, wrong=page.status != 404, published=0)
    try:
        cells: list[dict[str, Any]] = json.loads(page.body)["cells"]
    except (ValueError, KeyError, TypeError):
        return judge(seen=1, wrong=1, published=1)
    wrong = sum(map(_tells, cells))
    return judge(seen=len(cells) + 1, wrong=wrong, published=1)


def _tells(cell: dict[str, Any]) -> bool:
    """Whether a cell says more than it may."""
    if set(cell) - _COLUMNS:
        return True
    calls, minutes = cell.get("calls"), cell.get("minutes")
    if calls is None:
        return minutes is not None
    return calls < FEWEST or calls % ROUNDED != 0 or (minutes or 0) % ROUNDED != 0


PROBES: tuple[Probe, ...] = (
    TenantProbe("B5", "small_counts_are_suppressed", small_counts_are_suppressed),
)
