"""A session as its readers see it, detached from its row."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from tenants.principals import Stage
from tenants.sessions.models import SignInSession
from tenants.users.models import User


@dataclass(frozen=True, slots=True)
class SessionView:
    """A living session together with what its user's account says today."""

    id: uuid.UUID
    user_id: uuid.UUID
    active_tenant_id: uuid.UUID | None
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    reauthenticated_at: datetime | None
    second_factor: bool
    owes_second_factor: bool
    has_second_factor: bool
    must_change_password: bool
    language: str

    def stage(self, *, mfa_required: bool) -> Stage:
        """How far this sign-in has come in a tenant that does or does not require MFA."""
        if self.owes_second_factor:
            return Stage.PASSWORD
        if self.must_change_password:
            return Stage.RENEW
        if mfa_required and not self.has_second_factor:
            return Stage.ENROL
        return Stage.FULL


def view_of(row: SignInSession, user: User) -> SessionView:
    """The view of one session. Whoever has a second factor owes it until it was shown."""
    enrolled = user.totp_confirmed_at is not None
    return SessionView(
        id=row.id,
        user_id=row.user_id,
        active_tenant_id=row.active_tenant_id,
        device=row.device,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        reauthenticated_at=row.reauthenticated_at,
        second_factor=row.second_factor,
        owes_second_factor=row.stage != "full" or (enrolled and not row.second_factor),
        has_second_factor=enrolled,
        must_change_password=user.must_change_password,
        language=user.language,
    )
