"""People of a tenant: invite, change, help, remove."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import EmailField, RadioField
from wtforms.validators import InputRequired, Length

from privacy.core.errors import Conflict, Forbidden, Invalid, NotFound
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.forms import Sheet
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.http.wording import ROLES, role_name
from tenants.invitations.invite import invite as invite_somebody
from tenants.invitations.list import pending_invitations, resend_invitation, revoke_invitation
from tenants.memberships.change_role import change_role as give_role
from tenants.memberships.people import Person, list_people
from tenants.memberships.remove import remove_member
from tenants.passwords.force import force_new_password
from tenants.permissions import ASSIGNABLE, Permission, Role, allows
from tenants.sessions.end import end_sessions_of
from tenants.totp.reset import reset_second_factor

people = Blueprint("people", __name__, url_prefix="/people")


class InviteForm(Sheet):
    """Whom, and as what."""

    email = EmailField(
        "E-mail address",
        [InputRequired("Enter an e-mail address."), Length(max=320)],
        render_kw={"autocomplete": "off"},
    )
    role = RadioField("Role", [InputRequired("Choose a role.")], default=Role.AGENT.value)


class RoleForm(Sheet):
    """As what."""

    role = RadioField("Role", [InputRequired("Choose a role.")])


@people.get("")
@requires(Permission.PEOPLE_READ)
def index() -> str:
    """Everybody, and open invitations."""
    found = list_people(services().desk, principal=caller())
    with work_of_caller() as work:
        invited = pending_invitations(services().vault, work)
    return render_template(
        "people/index.html",
        people=found,
        invitations=invited,
        role_name=role_name,
        may_write=_may_write(),
    )


@people.route("/invite", methods=["GET", "POST"])
@requires(Permission.PEOPLE_WRITE)
@recently_authenticated
def invite() -> str | Response:
    """Send an invitation."""
    form = InviteForm.posted()
    form.role.choices = _roles()
    if form.accepts():
        try:
            invite_somebody(
                services().desk,
                principal=caller(),
                email=form.email.data,
                role=Role(form.role.data),
            )
        except (Invalid, Conflict) as refusal:
            form.blame(refusal)
        else:
            flash("The invitation is on its way. It is valid for seven days.", "good")
            return redirect(url_for("people.index"))
    return render_template("people/invite.html", form=form)


@people.post("/invitations/<uuid:invitation_id>/withdraw")
@requires(Permission.PEOPLE_WRITE)
def withdraw(invitation_id: uuid.UUID) -> Response:
    """Its link leads nowhere any more."""
    with work_of_caller() as work:
        revoke_invitation(work, invitation_id=invitation_id)
    flash("The invitation is withdrawn.", "good")
    return redirect(url_for("people.index"))


@people.post("/invitations/<uuid:invitation_id>/resend")
@requires(Permission.PEOPLE_WRITE)
def resend(invitation_id: uuid.UUID) -> Response:
    """A new mail with a new link."""
    resend_invitation(services().desk, principal=caller(), invitation_id=invitation_id)
    flash("A new invitation is on its way. The old link does not work any more.", "good")
    return redirect(url_for("people.index"))


@people.get("/<uuid:user_id>")
@requires(Permission.PEOPLE_WRITE)
def show(user_id: uuid.UUID) -> str:
    """One person."""
    person = _find(user_id)
    form = RoleForm(role=person.role.value)
    form.role.choices = _roles()
    within_reach = person.role in ASSIGNABLE.get(Role(caller().role or Role.AGENT), frozenset())
    return render_template(
        "people/show.html",
        person=person,
        form=form,
        role_name=role_name,
        may_change=within_reach and person.user_id != caller().id,
    )


@people.post("/<uuid:user_id>/role")
@requires(Permission.PEOPLE_WRITE)
@recently_authenticated
def change_role(user_id: uuid.UUID) -> Response:
    """Another role; it holds at the next click."""
    _find(user_id)
    form = RoleForm.posted()
    form.role.choices = _roles()
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
    _require_reach(_find(user_id))
    closed = force_new_password(services().desk, principal=caller(), user_id=user_id)
    flash(f"Password, sessions and {closed} API keys are closed. A mail says how to go on.", "good")
    return _to(user_id)


@people.post("/<uuid:user_id>/close-sessions")
@requires(Permission.PEOPLE_WRITE)
@recently_authenticated
def close_sessions(user_id: uuid.UUID) -> Response:
    """Sign somebody out everywhere."""
    _require_reach(_find(user_id))
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


def _find(user_id: uuid.UUID) -> Person:
    for person in list_people(services().desk, principal=caller()):
        if person.user_id == user_id:
            return person
    raise NotFound


def _require_reach(person: Person) -> None:
    if person.role not in ASSIGNABLE.get(Role(caller().role or Role.AGENT), frozenset()):
        raise Forbidden("Only an owner can do this for an owner.")


def _roles() -> list[object]:
    mine = ASSIGNABLE.get(Role(caller().role or Role.AGENT), frozenset())
    offered = [role for role in Role if role in mine]
    return list(choices((role.value, f"{ROLES[role][0]}: {ROLES[role][1]}") for role in offered))


def _to(user_id: uuid.UUID) -> Response:
    return redirect(url_for("people.show", user_id=user_id))


def _may_write() -> bool:
    return allows(caller(), Permission.PEOPLE_WRITE)
