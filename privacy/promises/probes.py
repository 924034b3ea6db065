"""Probes: looks at the running installation that can find a promise broken.

Each room of the house has its own; `connector.promises.registry` lists them. A probe changes
nothing and tells counts and dates only.
"""

import uuid
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

from sqlalchemy import MetaData, TextClause

from privacy.core.db.work import UnitOfWork
from privacy.promises.outcomes import Finding, judge
from privacy.vault.holdings import Holding

SAMPLE: Final = 200
"""Rows that a probe opens of one table; the latest. The rest is counted without opening."""


@dataclass(frozen=True, slots=True)
class Visited:
    """What a page answered to a visitor without a session."""

    status: int
    cookies: tuple[str, ...]
    """Names of the cookies that it set."""
    policy: str
    """Its Content-Security-Policy."""
    body: str = field(repr=False)


class Premises(Holding, Protocol):
    """What probes may look at."""

    @property
    def metadata(self) -> MetaData:
        """Every mapped table, with its declarations."""

    @property
    def tenants(self) -> list[uuid.UUID]:
        """Every tenant, the installation's own first."""

    def work_of(self, tenant_id: uuid.UUID) -> AbstractContextManager[UnitOfWork]:
        """A unit of work of a tenant."""

    def visit(self, path: str) -> Visited:
        """Get a page as a stranger would."""

    def services_of(self, work: UnitOfWork) -> tuple[str, ...]:
        """Keys of the services that the unit of work's tenant uses."""


@dataclass(frozen=True, slots=True)
class InstallationProbe:
    """One look at the installation as a whole."""

    promise: str
    name: str
    look: Callable[[Premises], Finding]


@dataclass(frozen=True, slots=True)
class TenantProbe:
    """One look at each tenant, within its wall."""

    promise: str
    name: str
    look: Callable[[UnitOfWork, Premises], Finding]


Probe = InstallationProbe | TenantProbe
Given = Callable[[UnitOfWork, Premises], Mapping[str, Any]]


def counting(
    promise: str, name: str, statement: TextClause, *, given: Given | None = None
) -> TenantProbe:
    """A probe that counts: `statement` gives one row with `seen` and `wrong`, and may give dates.

    It may use :tenant, :today and :now, and what `given` makes of the unit of work. Columns beside
    the counts become evidence under their names.
    """

    def look(work: UnitOfWork, premises: Premises) -> Finding:
        values = {"tenant": work.tenant_id, "today": work.today, "now": work.now}
        more = given(work, premises) if given else {}
        bound = {key: value for key, value in (values | dict(more)).items() if key in _names}
        row = work.connection.execute(statement, bound).one()._asdict()
        seen, wrong = int(row.pop("seen") or 0), int(row.pop("wrong") or 0)
        dates = {key: value for key, value in row.items() if isinstance(value, date)}
        return judge(seen=seen, wrong=wrong, **dates)

    _names = set(statement._bindparams)  # noqa: SLF001
    return TenantProbe(promise, name, look)
