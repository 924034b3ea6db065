"""What is done to somebody else's membership and account; each asks for a recent proof."""

import uuid

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from connector.http.console.people.forms import RoleForm, roles_offered
from connector.http.console.people.reach import find_person, require_reach
from connector.http.console.people.views import people
from privacy.core.errors import Invalid
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services
from tenants.memberships.change_role import change_role as give_role
from tenants.memberships.remove import remove_member
from tenants.passwords.force import force_new_password
from tenants.permissions import Permission, Role
from tenants.sessions.end import end_sessions_of
from tenants.totp.reset import reset_second_factor
from tenants.users.disable import set_user_active


@people.post("/<uuid:user_id>/role")
@requires(Permission.PEOPLE_WRITE)
@recently_authenticated
def change_role(user_id: uuid.UUID) -> Response:
    """Another role; it holds at the next click."""
    find_person(user_id)
    form = RoleForm.posted()
    form.role.choices = roles_offered()
    if not form.accepts():
        raise Invalid("Choose one of the roles.")
    give_role(services().desk, principal=caller(), user_id=user_id, role=Role(form.role.data))
    flash("The role is changed, and the person signed out everywhere.", "good")
    return _to(user_id)


@people.post("/<uuid:user_id>/reset-second-factor")
@requires(Permission.PEOPLE_WRITE)
@recently_authenticated
def reset_factor(user_id: uuid.UUID) -> Response:
    """For somebody who has lost the telephone and the codes."""
    reset_second_factor(services().desk, principal=caller(), user_id=user_id)
    flash("The second factor is reset. The person is told by mail.", "good")
    return _to(user_id)


@people.post("/<uuid:user_id>/force-new-password")
@requires(Permission.PEOPLE_WRITE)
@recently_authenticated
def force_password(user_id: uuid.UUID) -> Response:
    """Close what may have leaked."""
    require_reach(find_person(user_id))
    closed = force_new_password(services().desk, principal=caller(), user_id=user_id)
    flash(f"Password, sessions and {closed} API keys are closed. A mail says how to go on.", "good")
    return _to(user_id)


@people.post("/<uuid:user_id>/close-sessions")
@requires(Permission.PEOPLE_WRITE)
@recently_authenticated
def close_sessions(user_id: uuid.UUID) -> Response:
    """Sign somebody out everywhere."""
    require_reach(find_person(user_id))
    with services().desk.installation(caller().actor) as work:
        end_sessions_of(work, user_id=user_id, because="closed_by_admin")
    flash("Signed out everywhere.", "good")
    return _to(user_id)


@people.post("/<uuid:user_id>/remove")
@requires(Permission.PEOPLE_WRITE)
@recently_authenticated
def remove(user_id: uuid.UUID) -> Response:
    """End a membership."""
    left = remove_member(services().desk, principal=caller(), user_id=user_id)
    flash("Removed.", "good")
    if left:
        flash(f"{left} API keys that this person made still work. Rotate them.", "warn")
    return redirect(url_for("people.index"))


@people.post("/<uuid:user_id>/disable")
@requires(Permission.USERS_MANAGE)
@recently_authenticated
def disable(user_id: uuid.UUID) -> Response:
    """Refuse an account everywhere, at once. For operators, of operators."""
    find_person(user_id)
    set_user_active(services().desk, principal=caller(), user_id=user_id, active=False)
    flash("The account is disabled, and signed out everywhere.", "good")
    return _to(user_id)


@people.post("/<uuid:user_id>/enable")
@requires(Permission.USERS_MANAGE)
@recently_authenticated
def enable(user_id: uuid.UUID) -> Response:
    """Let an account sign in again."""
    find_person(user_id)
    set_user_active(services().desk, principal=caller(), user_id=user_id, active=True)
    flash("The account is enabled. It can sign in again.", "good")
    return _to(user_id)


def _to(user_id: uuid.UUID) -> Response:
    return redirect(url_for("people.show", user_id=user_id))
