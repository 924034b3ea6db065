"""Marketplaces: keys by which they order services, and where they are told of changes."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from connector.events_out.addresses import checked_url
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.forms import Sheet
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_installation
from tenants.marketplace_keys.create import (
    create_marketplace_key,
    list_marketplace_keys,
    revoke_marketplace_key,
    set_callback,
)
from tenants.marketplace_keys.models import MarketplaceKey
from tenants.permissions import Permission, allows

marketplaces = Blueprint("marketplaces", __name__, url_prefix="/marketplaces")


class NameForm(Sheet):
    """A new key."""

    name = StringField(
        "Marketplace",
        [InputRequired("Give it a name."), Length(max=80)],
        description="Whose key it is. Keys of one name are one marketplace's.",
    )


class CallbackForm(Sheet):
    """Where changes are announced."""

    url = StringField(
        "Address",
        [InputRequired("Enter an address."), Length(max=1000)],
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    key = PasswordField(
        "The key itself",
        [InputRequired("Enter the key."), Length(max=100)],
        description="Announcements carry it; from now on it is kept, sealed.",
        render_kw={"autocomplete": "off"},
    )


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """A line of the list."""

    id: uuid.UUID
    name: str
    text: str
    usable: bool
    state_label: str
    state_tone: str
    callback_url: str | None
    last_used_at: datetime | None


@marketplaces.get("")
@requires(Permission.TENANTS_READ)
def index() -> str:
    """All keys."""
    with work_of_installation() as work:
        keys = [_facts(row) for row in list_marketplace_keys(work)]
    may_write = allows(caller(), Permission.TENANTS_MANAGE)
    return render_template("operator/marketplaces.html", keys=keys, may_write=may_write)


@marketplaces.route("/add", methods=["GET", "POST"])
@requires(Permission.TENANTS_MANAGE)
@recently_authenticated
def add() -> str:
    """Make a key, and show it once."""
    form = NameForm.posted()
    if form.accepts():
        try:
            with work_of_installation() as work:
                made = create_marketplace_key(work, name=form.name.data)
            return render_template("operator/marketplace_key.html", key=made.text)
        except Invalid as refusal:
            form.blame(refusal)
    return render_template("operator/add_marketplace.html", form=form)


@marketplaces.route("/<uuid:key_id>/callback", methods=["GET", "POST"])
@requires(Permission.TENANTS_MANAGE)
@recently_authenticated
def callback(key_id: uuid.UUID) -> str | Response:
    """Say where changes are announced."""
    form = CallbackForm.posted()
    with work_of_installation() as work:
        known = {row.id: row.name for row in list_marketplace_keys(work)}
    if key_id not in known:
        raise NotFound
    if form.accepts():
        try:
            url = checked_url(form.url.data, loopback=services().settings.outbound_loopback)
            with work_of_installation() as work:
                set_callback(
                    work, vault=services().vault, key_id=key_id, url=url, key=form.key.data
                )
        except Invalid as refusal:
            form.blame(refusal)
        else:
            return _back("Changes are announced from now on.")
    return render_template("operator/marketplace_callback.html", form=form, name=known[key_id])


@marketplaces.post("/<uuid:key_id>/revoke")
@requires(Permission.TENANTS_MANAGE)
@recently_authenticated
def revoke(key_id: uuid.UUID) -> Response:
    """Close a key, at once."""
    with work_of_installation() as work:
        revoke_marketplace_key(work, key_id=key_id)
    return _back("Revoked. The key does not work any more.")


def _back(said: str) -> Response:
    flash(said, "good")
    return redirect(url_for("marketplaces.index"))


def _facts(row: MarketplaceKey) -> KeyFacts:
    usable = row.revoked_at is None
    return KeyFacts(
        id=row.id,
        name=row.name,
        text=f"siltam…{row.hint}",
        usable=usable,
        state_label="Active" if usable else "Revoked",
        state_tone="good" if usable else "quiet",
        callback_url=row.callback_url,
        last_used_at=row.last_used_at,
    )
