"""The organisations of the installation: list, add, suspend, reopen."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, EmailField, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from connector.calls.keeping import SERVICE
from connector.http.console.turns import PAGE, WordsForm, place, turns_of
from privacy.core.errors import Invalid
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.forms import Sheet
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services
from tenants.permissions import Permission, allows
from tenants.tenants.change import set_tenant_state
from tenants.tenants.create import create_tenant
from tenants.tenants.list import list_tenants, search_tenants
from tenants.tenants.views import TenantView

tenants = Blueprint("tenants", __name__, url_prefix="/organisations")
STATES: Final = {
    "active": ("Active", "good"),
    "suspended": ("Suspended", "warn"),
    "terminated": ("Ended", "quiet"),
}


class TenantForm(Sheet):
    """A new organisation."""

    name = StringField(
        "Name",
        [InputRequired("Give it a name."), Length(max=120, message="Use up to 120 characters.")],
    )
    owner_email = EmailField(
        "E-mail address of its owner",
        [InputRequired("Enter an e-mail address."), Length(max=320)],
        render_kw={"autocomplete": "off"},
    )
    mfa_required = BooleanField("Everybody must have a second factor")


@dataclass(frozen=True, slots=True)
class TenantFacts:
    """A line of the list."""

    id: uuid.UUID
    name: str
    state_label: str
    state_tone: str
    suspended: bool
    created_at: datetime


class FindForm(WordsForm):
    """Some letters of a name, and how far was looked already."""

    looked_until = HiddenField()


@tenants.route("", methods=["GET", "POST"])
@requires(Permission.TENANTS_READ)
def index() -> str | tuple[str, int]:
    """A page of organisations, the oldest first: all, or those of a name."""
    form, desk = FindForm.posted(), services().desk
    words = form.words.data if form.accepts() else ""
    looked: uuid.UUID | None = None
    if words:
        begun = _id_in(form.looked_until.data)
        sought = search_tenants(desk, principal=caller(), words=words, after=begun, limit=PAGE)
        found, looked = sought.tenants, sought.looked_until
    else:
        found = list_tenants(desk, principal=caller(), after=place(), limit=PAGE + 1)
    last = found[PAGE - 1].id if len(found) > PAGE else None
    page = render_template(
        "operator/tenants.html",
        tenants=[_facts(view) for view in found[:PAGE]],
        form=form,
        words=words,
        looked_until=looked,
        **turns_of("tenants.index", last),
        may_write=allows(caller(), Permission.TENANTS_MANAGE),
    )
    return page, 422 if form.errors else 200


@tenants.route("/add", methods=["GET", "POST"])
@requires(Permission.TENANTS_MANAGE)
@recently_authenticated
def add() -> str | Response:
    """Add an organisation, and invite its owner."""
    form = TenantForm.posted()
    if form.accepts():
        try:
            create_tenant(
                services().desk,
                name=form.name.data,
                services=(SERVICE,),
                actor=caller().actor,
                owner_email=form.owner_email.data,
                mfa_required=form.mfa_required.data,
            )
        except Invalid as refusal:
            form.blame(refusal)
        else:
            flash("Added. Its owner gets an invitation by mail.", "good")
            return redirect(url_for("tenants.index"))
    return render_template("operator/add_tenant.html", form=form)


@tenants.post("/<uuid:tenant_id>/suspend")
@requires(Permission.TENANTS_MANAGE)
@recently_authenticated
def suspend(tenant_id: uuid.UUID) -> Response:
    """Refuse its people and keys, at once. Its data stays, and ends on time."""
    return _set(tenant_id, "suspended", "Suspended. Its people and keys are refused.")


@tenants.post("/<uuid:tenant_id>/resume")
@requires(Permission.TENANTS_MANAGE)
@recently_authenticated
def resume(tenant_id: uuid.UUID) -> Response:
    """Let them in again."""
    return _set(tenant_id, "active", "Reopened.")


def _set(tenant_id: uuid.UUID, state: Literal["active", "suspended"], said: str) -> Response:
    set_tenant_state(services().desk, principal=caller(), tenant_id=tenant_id, state=state)
    flash(said, "good")
    return redirect(url_for("tenants.index"))


def _facts(view: TenantView) -> TenantFacts:
    label, tone = STATES[view.state]
    return TenantFacts(
        id=view.id,
        name=view.name,
        state_label=label,
        state_tone=tone,
        suspended=view.state == "suspended",
        created_at=view.created_at,
    )


def _id_in(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise Invalid from None
