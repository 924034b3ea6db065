"""Rounds: the same for each tenant, one after the other; one that fails spares the others."""

import uuid
from collections.abc import Callable

from jobs.contexts import House, TaskContext
from jobs.policy import code_of
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.core.errors import Unavailable
from privacy.core.logs import get_log
from tenants.tenants.list import tenant_ids

_log = get_log("worker")


class RoundIncomplete(Unavailable):
    """Some tenants failed; the next attempt does them again, and the others once more."""

    code = "round_incomplete"


def all_tenants(house: House) -> list[uuid.UUID]:
    """The installation first, then every tenant of its directory."""
    with unit_of_work(house.engines.app, tenant_id=INSTALLATION_ID, actor=SYSTEM) as work:
        return [INSTALLATION_ID, *tenant_ids(work)]


def go_round(context: TaskContext, *uses: Callable[[UnitOfWork], object]) -> None:
    """Call each of `uses` once for each tenant, in a unit of work of its own.

    Raises:
        RoundIncomplete: some failed for some; all were called for all of them.
    """
    tenants = all_tenants(context.house)
    failed = sum(_fails(context, tenant, use) for use in uses for tenant in tenants)
    if failed:
        raise RoundIncomplete


def _fails(context: TaskContext, tenant: uuid.UUID, use: Callable[[UnitOfWork], object]) -> bool:
    try:
        with context.work_of(tenant) as work:
            use(work)
    except Exception as error:  # noqa: BLE001
        code = code_of(error)
        _log.error("round failed", job=context.name, tenant_id=tenant, code=code, exc_info=True)
        return True
    return False
