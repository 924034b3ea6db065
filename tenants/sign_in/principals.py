"""From a cookie to a principal."""

import uuid

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import Actor, ActorKind
from privacy.core.errors import NotFound
from tenants.desks import Desk
from tenants.memberships.standing import Standing, standing_of
from tenants.principals import Principal, PrincipalKind
from tenants.sessions.find import find_session, require_session
from tenants.sessions.rotate import move_to_tenant
from tenants.sessions.start import Started
from tenants.sessions.views import SessionView


def principal_of(desk: Desk, *, token: str) -> tuple[Principal, SessionView] | None:
    """Who has this session cookie; None for a session that is over or never was.

    Role and requirement are read from the tenant each time, so a change holds at the next click.
    A person without standing in the session's tenant has no role, and is in the installation.
    """
    with desk.installation() as work:
        session = find_session(work, token=token)
    if session is None:
        return None
    standing = _standing(desk, session, session.active_tenant_id)
    return _principal(session, standing), session


def switch_tenant(desk: Desk, *, token: str, tenant_id: uuid.UUID) -> Started:
    """Work in another of one's tenants from now on, under a new token.

    Raises:
        Unauthenticated: the session is over or half-finished.
        NotFound: no such tenant, no membership, or suspended; not told apart.
    """
    with desk.installation() as work:
        session = require_session(work, token=token)
    if _standing(desk, session, tenant_id) is None:
        raise NotFound
    with desk.installation(Actor(ActorKind.USER, session.user_id)) as work:
        return move_to_tenant(work, token=token, tenant_id=tenant_id)


def _standing(desk: Desk, session: SessionView, tenant_id: uuid.UUID | None) -> Standing | None:
    if tenant_id is None:
        return None
    with desk.tenant(tenant_id, Actor(ActorKind.USER, session.user_id)) as work:
        return standing_of(work, user_id=session.user_id)


def _principal(session: SessionView, standing: Standing | None) -> Principal:
    tenant_id = session.active_tenant_id if standing else None
    return Principal(
        kind=PrincipalKind.USER,
        tenant_id=tenant_id or INSTALLATION_ID,
        id=session.user_id,
        role=standing.role.value if standing else None,
        session_id=session.id,
        stage=session.stage(mfa_required=standing.mfa_required if standing else False),
        second_factor=session.second_factor,
        reauthenticated_at=session.reauthenticated_at,
        language=session.language,
    )
