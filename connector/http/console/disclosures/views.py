"""Disclosures: the register, one person's, a new one, and what a registry publishes."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from connector.http.console.disclosures.forms import (
    GROUNDS,
    REASONS,
    DiscloseForm,
    PublishForm,
    WhoForm,
)
from connector.http.console.registers.facts import in_utc
from connector.http.console.registers.paging import page_before
from connector.identities.read import read_either, read_person, refuse_cards
from privacy.core.errors import Invalid, SiltaError
from privacy.disclosures.find import find_disclosure, list_disclosures, view_disclosure
from privacy.disclosures.record import preview_publication, publish, record_disclosure
from privacy.disclosures.shapes import Disclosing, DisclosureView
from privacy.profiles import profile
from privacy.profiles.sharing import AuthorityReason, Ground
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.existing import existing
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows
from tenants.tenants.subscribed import subscribed_services

disclosures = Blueprint("disclosures", __name__, url_prefix="/disclosures")
PAGE = 50


@disclosures.route("", methods=["GET", "POST"])
@requires(Permission.DISCLOSURES_READ)
def index() -> ResponseReturnValue:
    """The register, the latest first; or what was told about one person."""
    form = WhoForm.posted()
    found: list[DisclosureView] | None = None
    if form.accepts():
        try:
            with work_of_caller() as work:
                found = list_disclosures(work, services().vault, who=read_either(form.who.data))
        except Invalid as refusal:
            form.blame(refusal)
    latest = [] if request.method == "POST" else _latest()
    more = len(latest) == PAGE
    return render_template(
        "disclosures/index.html",
        form=form,
        found=found,
        latest=latest,
        grounds=GROUNDS,
        profile=profile,
        older=url_for("disclosures.index", before=latest[-1].id) if more else None,
        newer=url_for("disclosures.index") if request.args.get("before") else None,
        may_write=allows(caller(), Permission.DISCLOSURES_WRITE),
    )


@disclosures.route("/record", methods=["GET", "POST"])
@requires(Permission.DISCLOSURES_WRITE)
def record() -> ResponseReturnValue:
    """Enter what is told; what a registry would publish is shown first."""
    form = DiscloseForm.posted()
    form.service.choices = _services()
    if form.accepts():
        try:
            made = _enter(form)
        except SiltaError as refusal:
            form.blame(refusal)
        else:
            return redirect(url_for("disclosures.show", disclosure_id=made))
    return render_template("disclosures/record.html", form=form)


@disclosures.get("/<uuid:disclosure_id>")
@requires(Permission.DISCLOSURES_READ)
def show(disclosure_id: uuid.UUID) -> str:
    """One entry; of a preview exactly what would be published."""
    with work_of_caller() as work:
        view, digest = view_disclosure(work, services().vault, disclosure_id=disclosure_id)
    return render_template(
        "disclosures/show.html",
        view=view,
        digest=digest.hex() if digest else "",
        ground=GROUNDS[view.ground],
        reason=REASONS[view.reason] if view.reason else "",
        service=profile(view.service).service,
        may_write=allows(caller(), Permission.DISCLOSURES_WRITE),
    )


@disclosures.post("/<uuid:disclosure_id>/publish")
@requires(Permission.DISCLOSURES_WRITE)
@existing(find_disclosure)
def make_public(disclosure_id: uuid.UUID) -> ResponseReturnValue:
    """What was looked at is published, and nothing else."""
    form = PublishForm.posted()
    if form.accepts():
        digest = _digest(form.digest.data)
        with work_of_caller() as work:
            publish(work, disclosure_id=disclosure_id, digest=digest)
        flash("Published, and in the register.", "good")
    return redirect(url_for("disclosures.show", disclosure_id=disclosure_id))


def _latest() -> list[DisclosureView]:
    with work_of_caller() as work:
        return list_disclosures(work, services().vault, before=page_before(), limit=PAGE)


def _services() -> list[SelectChoice]:
    """The tenant's services that may tell anything to anybody."""
    with work_of_caller() as work:
        known = [profile(key) for key in subscribed_services(work)]
    return choices((one.key, one.service) for one in known if one.disclosures.grounds)


def _enter(form: DiscloseForm) -> uuid.UUID:
    fields, values = _read_fields(form.fields.data)
    refuse_cards(reference=form.reference.data, values=" ".join(values.values()))
    said = Disclosing(
        service=form.service.data,
        ground=Ground(form.ground.data),
        person=read_person(email=form.email.data, number=form.number.data, name=form.name.data),
        recipient=form.recipient.data,
        reference=form.reference.data,
        fields=fields,
        reason=AuthorityReason(form.reason.data) if form.reason.data else None,
        contact=form.contact.data or "",
        at=in_utc(form.at.data),
        values=values,
    )
    with work_of_caller() as work:
        if said.ground is Ground.REGISTRY:
            made, _ = preview_publication(work, services().vault, said)
            flash("Look at it: nothing is published yet.", "good")
        else:
            made = record_disclosure(work, services().vault, said)
            flash("In the register.", "good")
    return made


def _read_fields(text: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Each line's field, and its value where there is one."""
    names, values = [], {}
    for line in filter(None, (one.strip() for one in text.splitlines())):
        name, equals, value = (part.strip() for part in line.partition("="))
        names.append(name)
        if equals:
            values[name] = value
    return tuple(dict.fromkeys(names)), values


def _digest(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
