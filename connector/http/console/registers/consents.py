"""Consents: the register, one person's, a new one, and a withdrawal."""

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from connector.http.console.registers.facts import events_of, in_utc, of_consent
from connector.http.console.registers.forms import ConsentForm, WhoForm, WithdrawForm
from connector.http.console.registers.paging import page_before
from connector.identities.read import read_either, read_person, refuse_cards
from privacy.consents.find import list_consents, view_consent
from privacy.consents.give import give_consent
from privacy.consents.purposes import ConsentPurpose, askable
from privacy.consents.shapes import ConsentChannel, ConsentView, GivenConsent, Wording
from privacy.consents.withdraw import withdraw_consent
from privacy.core.errors import Invalid
from privacy.profiles import profile
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows
from tenants.tenants.subscribed import subscribed_services

consents = Blueprint("consents", __name__, url_prefix="/consents")
PAGE = 50


@consents.route("", methods=["GET", "POST"])
@requires(Permission.CONSENTS_READ)
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
            "registers/consents.html",
            form=form,
            found=None if found is None else [of_consent(view) for view in found],
            latest=[of_consent(view) for view in latest],
            older=url_for("consents.index", before=latest[-1].id) if len(latest) == PAGE else None,
            newer=url_for("consents.index") if request.args.get("before") else None,
            may_write=_may_write(),
        ),
        status,
    )


@consents.route("/record", methods=["GET", "POST"])
@requires(Permission.CONSENTS_WRITE)
def record() -> str | Response:
    """Write down what somebody agreed to."""
    form = ConsentForm.posted()
    form.service.choices = _services()
    if form.accepts():
        try:
            _record(form)
        except Invalid as refusal:
            form.blame(refusal)
        else:
            flash("Recorded, with its words.", "good")
            return redirect(url_for("consents.index"))
    return render_template("registers/agree.html", form=form)


@consents.get("/<uuid:consent_id>")
@requires(Permission.CONSENTS_READ)
def show(consent_id: uuid.UUID) -> str:
    """One consent with its words and its history."""
    return _page(consent_id, WithdrawForm())


@consents.post("/<uuid:consent_id>/withdraw")
@requires(Permission.CONSENTS_WRITE)
def withdraw(consent_id: uuid.UUID) -> str | Response:
    """As easy as it was to give."""
    form = WithdrawForm.posted()
    if not form.accepts():
        return _page(consent_id, form)
    try:
        refuse_cards(evidence=form.evidence.data or "")
    except Invalid as refusal:
        form.blame(refusal)
        return _page(consent_id, form)
    with work_of_caller() as work:
        withdraw_consent(
            work,
            services().vault,
            consent_id=consent_id,
            channel=ConsentChannel(form.channel.data),
            evidence=form.evidence.data or "",
        )
    flash("Withdrawn. It is honoured from now on.", "good")
    return redirect(url_for("consents.show", consent_id=consent_id))


def _latest() -> list[ConsentView]:
    with work_of_caller() as work:
        return list_consents(work, services().vault, before=page_before(), limit=PAGE)


def _of_one(form: WhoForm) -> list[ConsentView]:
    with work_of_caller() as work:
        return list_consents(work, services().vault, who=read_either(form.who.data))


def _services() -> list[SelectChoice]:
    """The tenant's services that may ask for any consent."""
    with work_of_caller() as work:
        known = [profile(key) for key in subscribed_services(work)]
    return choices((one.key, one.service) for one in known if askable(one))


def _record(form: ConsentForm) -> None:
    refuse_cards(wording=form.wording.data, evidence=form.evidence.data or "")
    given = GivenConsent(
        service=form.service.data,
        purpose=ConsentPurpose(form.purpose.data),
        person=read_person(email=form.email.data, number=form.number.data, name=form.name.data),
        wording=Wording(
            form.wording.data.strip(), form.language.data.strip(), form.version.data.strip()
        ),
        channel=ConsentChannel(form.channel.data),
        at=in_utc(form.at.data),
        evidence=form.evidence.data or "",
    )
    with work_of_caller() as work:
        give_consent(work, services().vault, given)


def _page(consent_id: uuid.UUID, form: WithdrawForm) -> str:
    with work_of_caller() as work:
        view = view_consent(work, services().vault, consent_id=consent_id)
    return render_template(
        "registers/consent.html",
        entry=of_consent(view),
        events=events_of(view),
        wording=view.wording,
        digest=view.digest,
        form=form,
        may_write=_may_write(),
    )


def _may_write() -> bool:
    return allows(caller(), Permission.CONSENTS_WRITE)
