"""People of a tenant: everybody, one of them, and invitations."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.http.console.people.forms import InviteForm, RoleForm, roles_offered
from connector.http.console.people.reach import find_person, within_reach
from connector.http.console.turns import PAGE, WordsForm, chosen, turns_of
from privacy.core.cursors import read_place, write_place
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.errors import Conflict, Invalid
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.http.wording import role_name
from tenants.invitations.invite import invite as invite_somebody
from tenants.invitations.list import pending_invitations, resend_invitation, revoke_invitation
from tenants.memberships.people import list_people, search_people
from tenants.permissions import GRANTS, Permission, Role, allows

people = Blueprint("people", __name__, url_prefix="/people")


@people.route("", methods=["GET", "POST"])
@requires(Permission.PEOPLE_READ)
def index() -> str | tuple[str, int]:
    """A page of people, of everybody, a role or a name; and open invitations."""
    form, role, after = WordsForm.posted(), chosen("role", Role), request.args.get("after")
    desk, words = services().desk, form.words.data if form.accepts() else ""
    if words:
        found = search_people(desk, principal=caller(), words=words, limit=PAGE)
    else:
        last = read_place(after) if after else None
        found = list_people(desk, principal=caller(), role=role, after=last, limit=PAGE + 1)
    more = write_place(found[PAGE - 1].place) if len(found) > PAGE else None
    with work_of_caller() as work:
        invited = [] if words or after else pending_invitations(services().vault, work)
    page = render_template(
        "people/index.html",
        people=found[:PAGE],
        form=form,
        words=words,
        roles=[(one.value, role_name(one)) for one in GRANTS if one in _held()],
        role=role,
        **turns_of("people.index", more, role=role),
        invitations=invited,
        role_name=role_name,
        may_write=_may_write(),
    )
    return page, 422 if form.errors else 200


def _held() -> frozenset[Role]:
    """Roles that somebody can have where the caller is."""
    operator = frozenset({Role.OPERATOR})
    return operator if caller().tenant_id == INSTALLATION_ID else frozenset(Role) - operator


@people.route("/invite", methods=["GET", "POST"])
@requires(Permission.PEOPLE_WRITE)
@recently_authenticated
def invite() -> str | Response:
    """Send an invitation."""
    form = InviteForm.posted()
    form.role.choices = roles_offered()
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
            flash(f"The invitation {_went()} It is valid for seven days.", "good")
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
    flash(f"A new invitation {_went()} The old link does not work any more.", "good")
    return redirect(url_for("people.index"))


@people.get("/<uuid:user_id>")
@requires(Permission.PEOPLE_WRITE)
def show(user_id: uuid.UUID) -> str:
    """One person."""
    person = find_person(user_id)
    form = RoleForm(role=person.role.value)
    form.role.choices = roles_offered()
    return render_template(
        "people/show.html",
        person=person,
        form=form,
        role_name=role_name,
        may_change=within_reach(person) and person.user_id != caller().id,
        may_disable=allows(caller(), Permission.USERS_MANAGE),
    )


def _went() -> str:
    if services().settings.smtp_url is not None:
        return "is on its way."
    return "is written. No mail server is set, so an operator finds it under Mails."


def _may_write() -> bool:
    return allows(caller(), Permission.PEOPLE_WRITE)
