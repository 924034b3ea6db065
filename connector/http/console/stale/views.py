"""Stale and incomplete contacts, found by rules: erase, supplement, or say that it is needed."""

import uuid
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField

from connector.stale.decide import Decision, count_stale, decide_stale, list_stale, open_finding
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.choices import choices
from tenants.http.existing import existing
from tenants.http.forms import Sheet
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows

stale = Blueprint("stale", __name__, url_prefix="/stale")
RULES: Final = {
    "bounced": "Mail came back",
    "vat_id": "VAT id is not valid",
    "missing": "Neither number nor address",
    "idle": "Unchanged for 24 months",
}
DECISIONS: Final[dict[Decision, str]] = {
    "erased": "Erased, with everything about it.",
    "supplemented": "Noted: it was completed.",
    "needed": "Noted: it is needed as it is.",
}


class DecisionForm(Sheet):
    """What is done with it."""

    decision = SelectField("Decision", choices=choices((one, one) for one in DECISIONS))


@stale.get("")
@requires(Permission.CONTACTS_READ)
def index() -> str:
    """What waits for a decision."""
    rule = request.args.get("rule", "")
    with work_of_caller() as work:
        counts = count_stale(work)
        listed = list_stale(work, services().vault, rule=rule if rule in RULES else "")
    return render_template(
        "stale/index.html",
        listed=listed,
        rules=RULES,
        rule=rule,
        counts=counts,
        may_write=allows(caller(), Permission.CONTACTS_WRITE),
    )


@stale.post("/<uuid:finding_id>")
@requires(Permission.CONTACTS_WRITE)
@existing(open_finding)
def decide(finding_id: uuid.UUID) -> ResponseReturnValue:
    """One finding."""
    form = DecisionForm.posted()
    if form.accepts():
        decision: Decision = form.decision.data
        with work_of_caller() as work:
            decide_stale(work, services().vault, finding_id=finding_id, decision=decision)
        flash(DECISIONS[decision], "good")
    return redirect(url_for("stale.index"))
