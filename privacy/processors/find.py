"""Every processor of a tenant's services: of the profiles, and of the register."""

import uuid
from collections.abc import Collection

from sqlalchemy import select

from privacy.core.db.work import UnitOfWork
from privacy.core.errors import NotFound
from privacy.processors.models import TenantProcessor
from privacy.processors.shapes import ProcessorView
from privacy.profiles import load_profiles
from privacy.profiles.sharing import Transfer


def list_processors(work: UnitOfWork, *, services: Collection[str]) -> list[ProcessorView]:
    """By service and name; ended ones last."""
    profiles = load_profiles()
    built_in = [
        ProcessorView(
            id=None,
            service=key,
            name=one.name,
            role=one.role,
            country=one.country,
            runs=one.runs,
            transfer=one.transfers[0],
            transfer_valid_until=None,
            assessed_on=None,
            assessment_url="",
            statement_url=one.statement_url,
            agreement_url=one.agreement_url,
            fields=one.fields,
            state="active",
            announced_at=None,
            effective_on=None,
            objected_at=None,
            ended_at=None,
        )
        for key in sorted(set(services) & set(profiles))
        for one in profiles[key].processors
    ]
    own = [_view(row) for row in work.session.scalars(select(TenantProcessor))]
    return sorted([*built_in, *own], key=lambda v: (v.state == "ended", v.service, v.name.lower()))


def view_processor(work: UnitOfWork, *, processor_id: uuid.UUID) -> ProcessorView:
    """One of the register. Raises NotFound."""
    row = work.session.scalar(select(TenantProcessor).where(TenantProcessor.id == processor_id))
    if row is None:
        raise NotFound
    return _view(row)


def _view(row: TenantProcessor) -> ProcessorView:
    return ProcessorView(
        id=row.id,
        service=row.service,
        name=row.name,
        role=row.role,
        country=row.country,
        runs=row.runs,
        transfer=Transfer(row.transfer),
        transfer_valid_until=row.transfer_valid_until,
        assessed_on=row.assessed_on,
        assessment_url=row.assessment_url or "",
        statement_url=row.statement_url,
        agreement_url=row.agreement_url,
        fields=row.fields,
        state=row.state,
        announced_at=row.announced_at,
        effective_on=row.effective_on,
        objected_at=row.objected_at,
        ended_at=row.ended_at,
    )
