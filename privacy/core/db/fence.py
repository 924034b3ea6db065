"""The fence in the ORM. Row-level security is the wall; this makes a mistake loud and early.

It misses Core selects, `text()` and identity-map hits, which is why it is only the fence.
"""

import uuid

from sqlalchemy import event
from sqlalchemy.orm import (
    ORMExecuteState,
    Session,
    UOWTransaction,
    with_loader_criteria,
)

from privacy.core.db.base import TenantOwned


class CrossesTenants(Exception):
    """A row of one tenant met a unit of work of another: a programming error, never shown."""


def fence(session: Session, tenant_id: uuid.UUID) -> None:
    """Confine `session` to `tenant_id` for the rest of its life."""
    session.info["tenant_id"] = tenant_id


@event.listens_for(Session, "do_orm_execute")
def _confine_reads(state: ORMExecuteState) -> None:
    tenant_id = state.session.info.get("tenant_id")
    if tenant_id is None or not (state.is_select or state.is_update or state.is_delete):
        return
    if state.is_column_load or state.is_relationship_load:
        return
    state.statement = state.statement.options(
        with_loader_criteria(
            TenantOwned,
            lambda entity: entity.tenant_id == tenant_id,
            include_aliases=True,
        )
    )


@event.listens_for(Session, "before_flush")
def _confine_writes(session: Session, _: UOWTransaction, __: object) -> None:
    tenant_id = session.info.get("tenant_id")
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, TenantOwned) and row.tenant_id != tenant_id:
            raise CrossesTenants(type(row).__name__)
