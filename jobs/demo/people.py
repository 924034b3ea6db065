"""The demo's people: the tenant's owner and an operator, both with a second factor."""

import uuid

import pyotp
from sqlalchemy import select

from jobs.demo.memory import DemoMemory
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM
from privacy.core.errors import Conflict, Misconfigured
from tenants.desks import Desk
from tenants.memberships.grant import grant_membership, note_membership
from tenants.permissions import Role
from tenants.totp.codes import authenticator_time
from tenants.totp.enrol import begin_enrolment, confirm_enrolment
from tenants.users.create import create_user
from tenants.users.find import find_by_email
from tenants.users.models import User


def add_person(
    desk: Desk, *, tenant_id: uuid.UUID, email: str, password: str, name: str, role: Role
) -> uuid.UUID:
    """A user with a password, as if an invitation had been accepted. Harmless when repeated.

    Raises:
        Misconfigured: the user is there, and this is not the password.
    """
    encoded = desk.hashing.hash(password)
    with desk.installation(SYSTEM) as work:
        user = find_by_email(desk.ring, work, email=email)
        user_id = user.id if user else None
    if user_id is None:
        with desk.installation(SYSTEM) as work:
            user_id = create_user(desk.ring, work, email=email, name=name, encoded_password=encoded)
    with desk.installation(SYSTEM) as work:
        note_membership(work, user_id=user_id, tenant_id=tenant_id)
    with desk.tenant(tenant_id, SYSTEM) as work:
        grant_membership(work, user_id=user_id, role=role)
    return user_id


def add_operator(desk: Desk, memory: DemoMemory) -> None:
    """The operator, with an authenticator whose secret the demo prints."""
    user_id = add_person(
        desk,
        tenant_id=INSTALLATION_ID,
        email=memory.operator_email,
        password=memory.operator_password,
        name="Demo operator",
        role=Role.OPERATOR,
    )
    made = add_second_factor(desk, user_id, known=memory.operator_secret)
    if made is not None:
        memory.operator_secret, memory.recovery_codes = made


def add_second_factor(
    desk: Desk, user_id: uuid.UUID, *, known: str = ""
) -> tuple[str, list[str]] | None:
    """An authenticator's secret, and recovery codes; None where there is one already.

    Args:
        known: what was made before, if anything: one that nobody knows is made anew.
    """
    if _confirmed(desk, user_id) and known:
        return None
    with desk.installation(SYSTEM) as work:
        secret = begin_enrolment(desk.ring, work, user_id=user_id).secret
        # The step before: a code works once, and the present one is for whoever signs in now.
        code = pyotp.TOTP(secret).at(authenticator_time(), counter_offset=-1)
        return secret, confirm_enrolment(desk.ring, work, user_id=user_id, code=code)


def _confirmed(desk: Desk, user_id: uuid.UUID) -> bool:
    with desk.installation(SYSTEM) as work:
        confirmed = work.session.scalar(select(User.totp_confirmed_at).where(User.id == user_id))
    return confirmed is not None


def explain(error: Conflict) -> Misconfigured:
    """A conflict with what an older demo left."""
    return Misconfigured(f"An older demo is in the way ({error.code}): `make reset` starts anew.")
