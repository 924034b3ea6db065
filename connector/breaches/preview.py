"""What a loss reached, for the page and the register: of one tenant, or of several together."""

import uuid
from collections.abc import Sequence

from msgspec.structs import replace
from sqlalchemy import Engine, select

from connector.breaches.ledgers import sign_ins_of
from connector.breaches.scope import compute_scope, together
from privacy.breaches.scopes import Exposed, Exposure, Scope
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import Actor, unit_of_work
from tenants.memberships.models import Membership


def scope_of(
    engine: Engine,
    *,
    actor: Actor,
    tenant_id: uuid.UUID,
    exposure: Exposure,
    tenants: Sequence[uuid.UUID] = (),
) -> Scope:
    """Computed now; nothing is kept.

    Args:
        engine: of the app role.
        tenants: whose data it is, where the installation asks for them.

    Raises:
        Invalid: the exposure is incomplete; there is no such export.
    """
    asked = tenants if tenant_id == INSTALLATION_ID and tenants else [tenant_id]
    made = together([_of_one(engine, actor, one, exposure) for one in asked])
    if exposure.what is not Exposed.ACCOUNT or not _known(engine, actor, tenant_id, exposure):
        return made
    with unit_of_work(engine, tenant_id=INSTALLATION_ID, actor=actor) as work:
        return replace(made, sign_ins=sign_ins_of(work, exposure))


def _of_one(engine: Engine, actor: Actor, tenant_id: uuid.UUID, exposure: Exposure) -> Scope:
    with unit_of_work(engine, tenant_id=tenant_id, actor=actor) as work:
        return compute_scope(work, exposure)


def _known(engine: Engine, actor: Actor, tenant_id: uuid.UUID, exposure: Exposure) -> bool:
    """Of strangers nobody is told how often they sign in: that is the installation's."""
    if tenant_id == INSTALLATION_ID:
        return True
    with unit_of_work(engine, tenant_id=tenant_id, actor=actor) as work:
        own = select(Membership.user_id).where(Membership.user_id == exposure.which)
        return work.session.scalar(own) is not None
