"""Figures for `/metrics`: what stands out of order, over all tenants, as last counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from privacy.core.db.work import UnitOfWork
from privacy.promises.models import Figure


class FigureName(StrEnum):
    """Every figure, as Prometheus knows it after `silta_`. Add names, never rename one."""

    PROMISE_BROKEN = "promise_broken"
    """1 for each broken promise, by its id."""
    PROMISES = "promises"
    """How many promises stand how."""
    BREACH_CLOCKS = "breach_clocks"
    """Notices of breaches that are `due` or `overdue`."""
    REQUESTS = "subject_requests"
    """Requests of data subjects that are `due` within a week or `overdue`; those that wait for
    proof of who asks, `unproven`; and those that ended without it, `unidentified`."""
    ADVISORIES = "security_advisories"
    """Advisories that are `open`, `unowned` or `overdue`."""
    DRIFTS = "configuration_drifts"
    """Settings that differ from the accepted baseline."""


HELP: Mapping[FigureName, str] = {
    FigureName.PROMISE_BROKEN: "Broken promises of the privacy policies.",
    FigureName.PROMISES: "Promises by how they stand.",
    FigureName.BREACH_CLOCKS: "Notices of breaches that are due.",
    FigureName.REQUESTS: "Requests of data subjects by what they wait for.",
    FigureName.ADVISORIES: "Security advisories that are not settled.",
    FigureName.DRIFTS: "Security settings that differ from the baseline.",
}


@dataclass(frozen=True, slots=True)
class FigureView:
    """One number, and when it was counted (seconds since 1970)."""

    name: FigureName
    about: str
    value: float
    at: float


def put_figures(work: UnitOfWork, name: FigureName, counted: Mapping[str, float]) -> None:
    """Put these numbers in the place of all others of `name`; `work` is the installation's."""
    work.connection.execute(
        delete(Figure).where(Figure.tenant_id == work.tenant_id, Figure.name == name.value)
    )
    rows = [
        {
            "tenant_id": work.tenant_id,
            "name": name.value,
            "about": about,
            "value": float(value),
            "at": work.now,
        }
        for about, value in counted.items()
    ]
    if rows:
        work.connection.execute(insert(Figure).on_conflict_do_nothing(), rows)


def read_figures(work: UnitOfWork) -> list[FigureView]:
    """All of them; names that only a newer version knows are left out."""
    known = {name.value for name in FigureName}
    rows = work.session.scalars(select(Figure).order_by(Figure.name, Figure.about))
    return [
        FigureView(FigureName(row.name), row.about, row.value, row.at.timestamp())
        for row in rows
        if row.name in known
    ]
