"""Breaches: the register, a new one, and what is decided of each."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from connector.http.console.breaches.exposures import EXPOSED, ExposureFields, computed
from connector.http.console.breaches.forms import (
    AUDIENCES,
    CLOCKS,
    RISKS,
    STATES,
    AssessForm,
    AuthorityForm,
    BreachForm,
    CloseForm,
    UsersForm,
)
from connector.http.console.registers.facts import in_utc
from connector.identities.read import refuse_cards
from privacy.breaches.decide import (
    assess_breach,
    close_breach,
    get_breach,
    have_users_told,
    note_authority,
    put_scope,
)
from privacy.breaches.drafts import draft_notice
from privacy.breaches.find import list_breaches, view_breach
from privacy.breaches.record import record_breach
from privacy.breaches.scopes import Scope
from privacy.breaches.shapes import Audience, BreachView, Clock, Discovered, Risk, What
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, SiltaError
from privacy.profiles import load_profiles, profile
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.existing import existing
from tenants.http.forms import Sheet
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows
from tenants.tenants.subscribed import subscribed_services

breaches = Blueprint("breaches", __name__, url_prefix="/breaches")


@breaches.get("")
@requires(Permission.BREACHES_READ)
def index() -> str:
    """Every loss, notified or not (GDPR Art. 33(5)), with its clocks."""
    with work_of_caller() as work:
        listed, now = list_breaches(work, services().vault), work.now
    return render_template(
        "breaches/index.html",
        listed=[(one, _clocks(one, now)) for one in listed],
        risks=RISKS,
        profile=profile,
        may_write=_may_write(),
    )


@breaches.route("/record", methods=["GET", "POST"])
@requires(Permission.BREACHES_WRITE)
def record() -> ResponseReturnValue:
    """A loss, from its discovery on."""
    form = BreachForm.posted()
    form.service.choices = _services()
    scope = None
    if form.accepts():
        try:
            scope = computed(form, tenants=_ids(form.tenants.data or ""))
            made = None if form.preview.data else _record(form, scope)
        except SiltaError as refusal:
            form.blame(refusal)
        else:
            if made is not None:
                flash("Recorded. Its time limits run from the discovery.", "good")
                return redirect(url_for("breaches.show", breach_id=made))
    whole = caller().tenant_id == INSTALLATION_ID
    return render_template(
        "breaches/record.html", form=form, whole=whole, scope=scope, exposed=EXPOSED
    )


@breaches.get("/<uuid:breach_id>")
@requires(Permission.BREACHES_READ)
def show(breach_id: uuid.UUID) -> str:
    """One loss."""
    return _page(breach_id)


@breaches.post("/<uuid:breach_id>/scope")
@requires(Permission.BREACHES_WRITE)
@existing(get_breach)
def scope(breach_id: uuid.UUID) -> ResponseReturnValue:
    """Compute what it reached, and show it, or keep it with the loss."""
    form, found = ExposureFields.posted(), None
    if form.accepts():
        try:
            found = _scope_of(breach_id, form)
            if not form.preview.data:
                with work_of_caller() as work:
                    put_scope(work, services().vault, breach_id=breach_id, scope=found)
                flash("Computed and kept with the loss.", "good")
                return redirect(url_for("breaches.show", breach_id=breach_id))
        except SiltaError as refusal:
            form.blame(refusal)
    shown = _page(breach_id, form, preview=found)
    return shown, 200 if found is not None else int(Invalid.status)


def _scope_of(breach_id: uuid.UUID, form: ExposureFields) -> Scope:
    with work_of_caller() as work:
        tenants = list(get_breach(work, breach_id).tenants)
    found = computed(form, tenants=tenants)
    if found is None:
        raise Invalid(fields={"exposed": "Choose what was exposed."})
    return found


@breaches.post("/<uuid:breach_id>/assess")
@requires(Permission.BREACHES_WRITE)
def assess(breach_id: uuid.UUID) -> ResponseReturnValue:
    """How bad it is for people."""
    form = AssessForm.posted()
    return _act(
        breach_id,
        form,
        lambda work: assess_breach(
            work,
            services().vault,
            breach_id=breach_id,
            risk=Risk(form.risk.data),
            reasons=form.text.data,
        ),
        "Assessed.",
    )


@breaches.post("/<uuid:breach_id>/authority")
@requires(Permission.BREACHES_WRITE)
def authority(breach_id: uuid.UUID) -> ResponseReturnValue:
    """The authority was told."""
    form = AuthorityForm.posted()
    return _act(
        breach_id,
        form,
        lambda work: note_authority(
            work,
            services().vault,
            breach_id=breach_id,
            at=in_utc(form.at.data),
            text=form.text.data,
        ),
        "Noted.",
    )


@breaches.post("/<uuid:breach_id>/users")
@requires(Permission.BREACHES_WRITE)
def users(breach_id: uuid.UUID) -> ResponseReturnValue:
    """Write to the people concerned."""
    form = UsersForm.posted()
    return _act(
        breach_id,
        form,
        lambda work: have_users_told(
            work,
            services().vault,
            breach_id=breach_id,
            audience=Audience(form.audience.data),
            text=form.text.data,
        ),
        "They are being written to.",
    )


@breaches.post("/<uuid:breach_id>/close")
@requires(Permission.BREACHES_WRITE)
def close(breach_id: uuid.UUID) -> ResponseReturnValue:
    """Settled."""
    form = CloseForm.posted()
    return _act(
        breach_id,
        form,
        lambda work: close_breach(work, services().vault, breach_id=breach_id, text=form.text.data),
        "Settled. The entry stays.",
    )


def _act(
    breach_id: uuid.UUID, form: Sheet, act: Callable[[UnitOfWork], None], done: str
) -> ResponseReturnValue:
    if form.accepts():
        try:
            refuse_cards(text=form.data.get("text") or "")
            with work_of_caller() as work:
                act(work)
        except SiltaError as refusal:
            if int(refusal.status) == 404:
                raise
            form.blame(refusal)
        else:
            flash(done, "good")
            return redirect(url_for("breaches.show", breach_id=breach_id))
    return _page(breach_id, form), int(Invalid.status)


def _page(
    breach_id: uuid.UUID, posted: Sheet | None = None, *, preview: Scope | None = None
) -> str:
    with work_of_caller() as work:
        view, now = view_breach(work, services().vault, breach_id=breach_id), work.now
    forms = {
        kind.__name__: posted if isinstance(posted, kind) else kind()
        for kind in (ExposureFields, AssessForm, AuthorityForm, UsersForm, CloseForm)
    }
    return render_template(
        "breaches/show.html",
        view=view,
        clocks=_clocks(view, now),
        draft=draft_notice(view),
        posted=posted,
        preview=preview,
        exposed=EXPOSED,
        sheets=forms,
        risk=RISKS[view.risk],
        audience=AUDIENCES[view.audience],
        service=profile(view.service).service,
        may_write=_may_write() and view.closed_at is None,
        controller=view.role == "controller",
    )


def _clocks(view: BreachView, now: datetime) -> list[tuple[Clock, str, str, str]]:
    told = []
    for one in view.clocks:
        label, tone = STATES[one.state(now).value]
        told.append((one, CLOCKS[one.name], label, tone))
    return told


def _services() -> list[SelectChoice]:
    with work_of_caller() as work:
        own = subscribed_services(work)
    whole = caller().tenant_id == INSTALLATION_ID
    keys = sorted(load_profiles()) if whole else own
    return choices((key, profile(key).service) for key in keys)


def _record(form: BreachForm, scope: Scope | None) -> uuid.UUID:
    texts = ("nature", "consequences", "measures", "responsible")
    refuse_cards(**{name: form.data[name] or "" for name in texts})
    said = Discovered(
        service=form.service.data,
        what=What(
            nature=form.nature.data.strip(),
            consequences=(form.consequences.data or "").strip(),
            measures=(form.measures.data or "").strip(),
            responsible=(form.responsible.data or "").strip(),
            scope=scope,
        ),
        discovered_at=form.discovered_at.data.replace(tzinfo=UTC),
        tables=[one.strip() for one in (form.tables.data or "").split(",") if one.strip()],
        tenants=_ids(form.tenants.data or ""),
        people=form.people.data,
        drill=bool(form.drill.data),
    )
    with work_of_caller() as work:
        return record_breach(work, services().vault, said)


def _ids(text: str) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(one) for one in text.split()]
    except ValueError:
        raise Invalid(fields={"tenants": "Give ids, separated by spaces."}) from None


def _may_write() -> bool:
    return allows(caller(), Permission.BREACHES_WRITE)
