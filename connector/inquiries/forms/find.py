"""Find forms: by key before a tenant is known, by id within one."""

import uuid

from sqlalchemy import Engine, select

from connector.inquiries.forms.keys import KEY, digest_of
from connector.inquiries.forms.models import WebForm, WebFormListing
from connector.inquiries.forms.refs import FormRef, ref_of
from privacy.core.db.work import NOBODY, UnitOfWork, lookup, unit_of_work
from privacy.core.errors import NotFound
from tenants.tenants.views import get_tenant


def form_at(engine: Engine, *, key: str, closed_too: bool = False) -> FormRef:
    """The open form of a key, of a tenant that is active.

    Args:
        closed_too: for accounts that a registration made, which outlive its form.

    Raises:
        NotFound: whatever the reason.
    """
    if KEY.fullmatch(key) is None:
        raise NotFound
    digest = digest_of(key)
    with lookup(engine, digest=digest) as session:
        found = session.execute(
            select(WebFormListing.tenant_id, WebFormListing.form_id).where(
                WebFormListing.digest == digest
            )
        ).one_or_none()
    if found is None:
        raise NotFound
    tenant_id, form_id = found
    with unit_of_work(engine, tenant_id=tenant_id, actor=NOBODY) as work:
        row = work.session.get(WebForm, (tenant_id, form_id))
        if row is None or (row.closed_at is not None and not closed_too):
            raise NotFound
        if get_tenant(work).state != "active":
            raise NotFound
        return ref_of(work, row)


def find_form(work: UnitOfWork, form_id: uuid.UUID, *, lock: bool = False) -> WebForm:
    """One open form of the bound tenant. Raises NotFound."""
    statement = select(WebForm).where(WebForm.id == form_id, WebForm.closed_at.is_(None))
    row = work.session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFound
    return row


def list_forms(work: UnitOfWork) -> list[WebForm]:
    """The bound tenant's open forms, by name."""
    return list(
        work.session.scalars(
            select(WebForm).where(WebForm.closed_at.is_(None)).order_by(WebForm.name, WebForm.id)
        )
    )
