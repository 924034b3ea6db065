"""API keys: list, create, rotate, revoke. A key is shown once, on the page that made it."""

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.http.console.api_keys.facts import facts_of
from connector.http.console.api_keys.forms import KeyForm
from connector.http.console.samples import first_call
from privacy.core.errors import Invalid
from tenants.api_keys.create import CreatedKey, create_api_key
from tenants.api_keys.list import list_keys
from tenants.api_keys.revoke import revoke_api_key
from tenants.api_keys.rotate import rotate_api_key
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows
from tenants.principals import Mode

api_keys = Blueprint("api_keys", __name__, url_prefix="/api-keys")
OVERLAP: Final = timedelta(hours=24)


@api_keys.get("")
@requires(Permission.API_KEYS_READ)
def index() -> str:
    """All keys of the tenant."""
    with work_of_caller() as work:
        keys = [facts_of(view) for view in list_keys(services().vault, work)]
    return render_template("api_keys/index.html", keys=keys, may_write=_may_write())


@api_keys.route("/add", methods=["GET", "POST"])
@requires(Permission.API_KEYS_WRITE)
@recently_authenticated
def add() -> str:
    """Create a key, and show it once."""
    form = KeyForm.posted()
    if form.accepts():
        try:
            return _shown(_create(form), first=True)
        except Invalid as refusal:
            form.blame(refusal)
    return render_template("api_keys/add.html", form=form)


@api_keys.post("/<uuid:key_id>/rotate")
@requires(Permission.API_KEYS_WRITE)
@recently_authenticated
def rotate(key_id: uuid.UUID) -> str:
    """A new key in place of this one; both work for a day."""
    with work_of_caller() as work:
        made = rotate_api_key(services().vault, work, key_id=key_id, overlap=OVERLAP)
        until = work.now + OVERLAP
    return _shown(made, first=False, overlap_until=until)


@api_keys.post("/<uuid:key_id>/revoke")
@requires(Permission.API_KEYS_WRITE)
@recently_authenticated
def revoke(key_id: uuid.UUID) -> Response:
    """Close a key, at once."""
    with work_of_caller() as work:
        revoke_api_key(work, key_id=key_id)
    flash("Revoked. The key does not work any more, anywhere.", "good")
    return redirect(url_for("api_keys.index"))


def _create(form: KeyForm) -> CreatedKey:
    day = form.expires.data
    expires_at = datetime.combine(day, time.max, UTC) if day else None
    with work_of_caller() as work:
        return create_api_key(
            services().vault,
            work,
            name=form.name.data,
            scopes=[Permission(scope) for scope in form.scopes.data],
            mode=Mode(form.mode.data),
            expires_at=expires_at,
            networks=(form.networks.data or "").replace(",", " ").split(),
        )


def _shown(made: CreatedKey, *, first: bool, overlap_until: datetime | None = None) -> str:
    sample = first_call(services().settings.public_url, made.text) if first else ""
    return render_template(
        "api_keys/shown.html", key=made.text, sample=sample, overlap_until=overlap_until
    )


def _may_write() -> bool:
    return allows(caller(), Permission.API_KEYS_WRITE)
