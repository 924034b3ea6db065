"""Checks of the installation: advisories with owner and outcome, drift, and what ran when."""

import uuid
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from connector.checks.configuration import configuration_of
from privacy.checks.advisories import (
    Settled,
    list_advisories,
    own_advisory,
    settle_advisory,
)
from privacy.checks.baselines import accept, compare
from privacy.checks.runs import EVERY, Check, last_runs
from privacy.core.errors import SiltaError
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.forms import Sheet
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_installation
from tenants.permissions import Permission, allows

checks = Blueprint("checks", __name__, url_prefix="/checks")
OUTCOMES: Final[dict[Settled, str]] = {
    "fixed": "Fixed",
    "not_affected": "We are not affected",
    "accepted": "Accepted for now",
}


_OF_ADVISORIES: Final = (Check.ADVISORIES_PYTHON, Check.ADVISORIES_DEBIAN)


class SettleForm(Sheet):
    """What came of an advisory."""

    outcome = SelectField("Outcome", choices=choices(OUTCOMES.items()))
    reasons = StringField("Reasons", [InputRequired("Give your reasons."), Length(max=2000)])


@checks.get("")
@requires(Permission.CHECKS_READ)
def index() -> str:
    """Everything at a glance."""
    settings, engine = services().settings, services().engines.app
    items = configuration_of(settings, engine)
    with work_of_installation() as work:
        runs = last_runs(work)
        return render_template(
            "operator/checks.html",
            runs=runs,
            reported=any(one.at for one in runs if one.name in _OF_ADVISORIES),
            every=EVERY,
            advisories=list_advisories(work),
            settled=list_advisories(work, settled=True)[:20],
            standing=compare(work, items),
            outcomes=OUTCOMES,
            form=SettleForm(),
            may_write=allows(caller(), Permission.CHECKS_WRITE),
        )


@checks.post("/advisories/<uuid:advisory_id>/own")
@requires(Permission.CHECKS_WRITE)
def own(advisory_id: uuid.UUID) -> ResponseReturnValue:
    """The caller takes it."""
    owner = caller().id
    assert owner is not None  # noqa: S101 - the guard lets nobody else in
    with work_of_installation() as work:
        own_advisory(work, advisory_id=advisory_id, owner_id=owner)
    flash("It is yours.", "good")
    return redirect(url_for("checks.index"))


@checks.post("/advisories/<uuid:advisory_id>/settle")
@requires(Permission.CHECKS_WRITE)
def settle(advisory_id: uuid.UUID) -> ResponseReturnValue:
    """With an outcome and reasons."""
    form = SettleForm.posted()
    try:
        if form.accepts():
            with work_of_installation() as work:
                settle_advisory(
                    work,
                    advisory_id=advisory_id,
                    outcome=form.outcome.data,
                    reasons=form.reasons.data,
                )
            flash("Settled.", "good")
        else:
            flash("Give an outcome and reasons.", "warn")
    except SiltaError as refusal:
        if int(refusal.status) == 404:
            raise
        flash(refusal.message, "warn")
    return redirect(url_for("checks.index"))


@checks.post("/configuration/accept")
@requires(Permission.CHECKS_WRITE)
@recently_authenticated
def accept_configuration() -> ResponseReturnValue:
    """What runs now is the baseline from now on."""
    items = configuration_of(services().settings, services().engines.app)
    with work_of_installation() as work:
        accept(work, items)
    flash("Accepted. A change from now on is reported.", "good")
    return redirect(url_for("checks.index"))
