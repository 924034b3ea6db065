"""Objections: the register, one person's, a new one, and an end."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.http.console.registers.facts import in_utc, of_objection
from connector.http.console.registers.forms import EndForm, ObjectionForm, WhoForm
from connector.http.console.registers.paging import page_before
from connector.identities.read import read_either, read_person
from privacy.core.errors import Invalid
from privacy.objections.end import end_objection
from privacy.objections.find import list_objections, view_objection
from privacy.objections.record import record_objection
from privacy.objections.shapes import Objecting, ObjectionView
from privacy.profiles.parts import Objection, ObjectionChannel
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

objections = Blueprint("objections", __name__, url_prefix="/objections")
PAGE = 50


@objections.route("", methods=["GET", "POST"])
@requires(Permission.OBJECTIONS_READ)
def index() -> str | tuple[str, int]:
    """The register, the latest first; or one person's entries, when an address is posted."""
    form = WhoForm.posted()
    found, status = None, 200
    if form.accepts():
        try:
            found = _of_one(form)
        except Invalid as refusal:
            form.blame(refusal)
            status = int(refusal.status)
    latest = [] if request.method == "POST" else _latest()
    return (
        render_template(
            "registers/objections.html",
            form=form,
            found=None if found is None else [of_objection(view) for view in found],
            latest=[of_objection(view) for view in latest],
            older=url_for("objections.index", before=latest[-1].id)
            if len(latest) == PAGE
            else None,
            newer=url_for("objections.index") if request.args.get("before") else None,
            may_write=_may_write(),
        ),
        status,
    )


@objections.route("/record", methods=["GET", "POST"])
@requires(Permission.OBJECTIONS_WRITE)
def record() -> str | Response:
    """Write down what somebody said or wrote."""
    form = ObjectionForm.posted()
    if form.accepts():
        try:
            _record(form)
        except Invalid as refusal:
            form.blame(refusal)
        else:
            flash("Recorded. It is honoured from now on.", "good")
            return redirect(url_for("objections.index"))
    return render_template("registers/object.html", form=form)


@objections.get("/<uuid:objection_id>")
@requires(Permission.OBJECTIONS_READ)
def show(objection_id: uuid.UUID) -> str:
    """One entry."""
    return _page(objection_id, EndForm())


@objections.post("/<uuid:objection_id>/end")
@requires(Permission.OBJECTIONS_WRITE)
def end(objection_id: uuid.UUID) -> str | Response:
    """On the person's own word."""
    form = EndForm.posted()
    if not form.accepts():
        return _page(objection_id, form)
    with work_of_caller() as work:
        channel = ObjectionChannel(form.channel.data)
        end_objection(work, objection_id=objection_id, channel=channel)
    flash("Ended. It stays in the register with its end.", "good")
    return redirect(url_for("objections.show", objection_id=objection_id))


def _latest() -> list[ObjectionView]:
    with work_of_caller() as work:
        return list_objections(work, services().vault, before=page_before(), limit=PAGE)


def _of_one(form: WhoForm) -> list[ObjectionView]:
    with work_of_caller() as work:
        return list_objections(work, services().vault, who=read_either(form.who.data))


def _record(form: ObjectionForm) -> None:
    said = Objecting(
        person=read_person(email=form.email.data, number=form.number.data, name=form.name.data),
        objections=[Objection(one) for one in form.objections.data],
        channel=ObjectionChannel(form.channel.data),
        at=in_utc(form.at.data),
    )
    with work_of_caller() as work:
        record_objection(work, services().vault, said)


def _page(objection_id: uuid.UUID, form: EndForm) -> str:
    with work_of_caller() as work:
        view = view_objection(work, services().vault, objection_id=objection_id)
    return render_template(
        "registers/objection.html", entry=of_objection(view), form=form, may_write=_may_write()
    )


def _may_write() -> bool:
    return allows(caller(), Permission.OBJECTIONS_WRITE)
