"""Events: endpoints, what they were told, and sending it again. A secret is shown once."""

import uuid
from datetime import timedelta
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.events_out.addresses import open_url
from connector.events_out.endpoints import (
    add_endpoint,
    change_endpoint,
    delete_endpoint,
    rotate_endpoint_secret,
    try_endpoint,
)
from connector.events_out.find import find_delivery, find_endpoint, list_endpoints
from connector.events_out.log import list_deliveries
from connector.events_out.replay import replay_delivery, replay_failed
from connector.events_out.secrets import OVERLAP
from connector.events_out.standing import switch_off, switch_on
from connector.http.console.events_out.facts import delivery_facts, endpoint_facts
from connector.http.console.events_out.forms import SINCE, EndpointForm, ReplayForm
from connector.http.console.wording import plural
from privacy.core.errors import Conflict, Invalid
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.existing import existing
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

events = Blueprint("events", __name__, url_prefix="/events")
PAGE: Final = 50


@events.get("")
@requires(Permission.EVENTS_READ)
def index() -> str:
    """All endpoints of the tenant."""
    with work_of_caller() as work:
        vault = services().vault
        found = [endpoint_facts(work, vault, row) for row in list_endpoints(work)]
    return render_template("events_out/index.html", endpoints=found, may_write=_may_write())


@events.route("/add", methods=["GET", "POST"])
@requires(Permission.EVENTS_WRITE)
@recently_authenticated
def add() -> str:
    """Add an endpoint, and show its secret once."""
    form = EndpointForm.posted()
    if form.accepts():
        try:
            with work_of_caller() as work:
                made = add_endpoint(
                    work, vault=services().vault, wish=form.wish(), loopback=_loopback()
                )
            return _shown(made.id, made.secret, first=True)
        except (Invalid, Conflict) as refusal:
            form.blame(refusal)
    return render_template("events_out/edit.html", form=form, endpoint=None)


@events.get("/<uuid:endpoint_id>")
@requires(Permission.EVENTS_READ)
def show(endpoint_id: uuid.UUID) -> str:
    """One endpoint, and what it was told."""
    with work_of_caller() as work:
        facts = endpoint_facts(work, services().vault, find_endpoint(work, endpoint_id))
        found = list_deliveries(work, endpoint_id=endpoint_id, before=_cursor(), limit=PAGE)
    here = url_for("events.show", endpoint_id=endpoint_id)
    older = f"{here}?before={found[-1].id}" if len(found) == PAGE else None
    return render_template(
        "events_out/show.html",
        endpoint=facts,
        deliveries=[delivery_facts(view) for view in found],
        older=older,
        newer=here if _cursor() else None,
        replay_form=ReplayForm(),
        may_write=_may_write(),
    )


@events.route("/<uuid:endpoint_id>/change", methods=["GET", "POST"])
@requires(Permission.EVENTS_WRITE)
@recently_authenticated
def change(endpoint_id: uuid.UUID) -> str | Response:
    """Another name, address or choice of events."""
    vault = services().vault
    with work_of_caller() as work:
        row = find_endpoint(work, endpoint_id)
        form = EndpointForm.posted(
            name=row.name,
            url=open_url(work, vault, row),
            kinds=row.kinds,
            include_personal=row.include_personal,
            purpose=row.use,
        )
    if form.accepts():
        try:
            with work_of_caller() as work:
                change_endpoint(
                    work,
                    vault=vault,
                    endpoint_id=endpoint_id,
                    wish=form.wish(),
                    loopback=_loopback(),
                )
        except Invalid as refusal:
            form.blame(refusal)
        else:
            return _back(endpoint_id, "Changed.")
    return render_template("events_out/edit.html", form=form, endpoint=endpoint_id)


@events.post("/<uuid:endpoint_id>/test")
@requires(Permission.EVENTS_WRITE)
def test(endpoint_id: uuid.UUID) -> Response:
    """Send it an event of its own."""
    with work_of_caller() as work:
        try_endpoint(work, endpoint_id=endpoint_id)
    return _back(endpoint_id, "A test event is on its way. Reload to see how it went.")


@events.post("/<uuid:endpoint_id>/rotate")
@requires(Permission.EVENTS_WRITE)
@recently_authenticated
def rotate(endpoint_id: uuid.UUID) -> str:
    """A new secret, shown once; the old one signs beside it for a day."""
    with work_of_caller() as work:
        secret = rotate_endpoint_secret(work, vault=services().vault, endpoint_id=endpoint_id)
    return _shown(endpoint_id, secret, first=False)


@events.post("/<uuid:endpoint_id>/disable")
@requires(Permission.EVENTS_WRITE)
def disable(endpoint_id: uuid.UUID) -> Response:
    """Send nothing more."""
    with work_of_caller() as work:
        switch_off(work, endpoint_id=endpoint_id)
    return _back(endpoint_id, "Disabled. Nothing is sent until you enable it.")


@events.post("/<uuid:endpoint_id>/enable")
@requires(Permission.EVENTS_WRITE)
def enable(endpoint_id: uuid.UUID) -> Response:
    """Send again."""
    with work_of_caller() as work:
        switch_on(work, endpoint_id=endpoint_id)
    return _back(endpoint_id, "Enabled. What it missed can be sent again below.")


@events.post("/<uuid:endpoint_id>/delete")
@requires(Permission.EVENTS_WRITE)
@recently_authenticated
def delete(endpoint_id: uuid.UUID) -> Response:
    """End it, with its secrets and its log."""
    with work_of_caller() as work:
        delete_endpoint(work, endpoint_id=endpoint_id)
    flash("Deleted. Nothing is sent there any more.", "good")
    return redirect(url_for("events.index"))


@events.post("/<uuid:endpoint_id>/replay")
@requires(Permission.EVENTS_WRITE)
@existing(find_endpoint)
def replay(endpoint_id: uuid.UUID) -> Response:
    """Send again what failed."""
    form = ReplayForm.posted()
    hours = int(form.hours.data) if form.accepts() else int(next(iter(SINCE)))
    with work_of_caller() as work:
        since = work.now - timedelta(hours=hours)
        count = replay_failed(work, endpoint_id=endpoint_id, since=since)
    return _back(endpoint_id, f"{plural(count, 'event goes', 'events go')} out again.")


@events.post("/deliveries/<uuid:delivery_id>/replay")
@requires(Permission.EVENTS_WRITE)
def replay_one(delivery_id: uuid.UUID) -> Response:
    """Send one event again."""
    with work_of_caller() as work:
        endpoint_id = find_delivery(work, delivery_id).endpoint_id
        replay_delivery(work, delivery_id=delivery_id)
    return _back(endpoint_id, "It goes out again.")


def _shown(endpoint_id: uuid.UUID, secret: str, *, first: bool) -> str:
    hours = None if first else OVERLAP // timedelta(hours=1)
    return render_template(
        "events_out/secret.html", endpoint_id=endpoint_id, secret=secret, overlap_hours=hours
    )


def _back(endpoint_id: uuid.UUID, said: str) -> Response:
    flash(said, "good")
    return redirect(url_for("events.show", endpoint_id=endpoint_id))


def _cursor() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args["before"])
    except (KeyError, ValueError):
        return None


def _loopback() -> bool:
    return services().settings.outbound_loopback


def _may_write() -> bool:
    return allows(caller(), Permission.EVENTS_WRITE)
