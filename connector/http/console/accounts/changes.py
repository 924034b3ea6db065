"""Change a system's name, region and time zone; try what it would send."""

import uuid

from flask import flash, render_template
from werkzeug.wrappers import Response

from connector.accounts.edit import edit_account
from connector.accounts.find import find_account
from connector.accounts.models import ConnectorAccount
from connector.http.console.accounts.forms import EditForm, TrialForm
from connector.http.console.accounts.pages import found_account, to_account
from connector.http.console.accounts.trials import Tried, try_delivery
from connector.http.console.accounts.views import accounts
from privacy.core.errors import NotFound, SiltaError
from tenants.http.access import requires
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission

Page = str | tuple[str, int]


@accounts.route("/<uuid:account_id>/change", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_WRITE)
def change(account_id: uuid.UUID) -> Page | Response:
    """What it is called, and how its numbers and times are read."""
    with work_of_caller() as work:
        row = find_account(work, account_id)
    form = EditForm.posted(**_present(row))
    if not form.accepts():
        return _edit_page(row, form), 422 if form.errors else 200
    try:
        with work_of_caller() as work:
            changed = edit_account(
                work,
                account_id=account_id,
                name=form.name.data or "",
                region=form.region.data,
                time_zone=form.time_zone.data,
            )
    except SiltaError as refusal:
        form.blame(refusal)
        return _edit_page(row, form), int(refusal.status)
    flash("Saved." if changed else "Nothing was different.", "good")
    return to_account(account_id)


@accounts.post("/<uuid:account_id>/delivery")
@requires(Permission.ACCOUNTS_WRITE)
def delivery(account_id: uuid.UUID) -> Page:
    """What would become of a delivery. Nothing is stored of it."""
    facts, form = found_account(account_id), TrialForm.posted()
    if not facts.receives:
        raise NotFound
    if not form.accepts():
        return _trial_page(account_id, form), 422
    try:
        with work_of_caller() as work:
            tried = try_delivery(
                work,
                vault=services().vault,
                account_id=account_id,
                document=form.document.data or "",
            )
    except SiltaError as refusal:
        form.blame(refusal)
        return _trial_page(account_id, form), int(refusal.status)
    return _trial_page(account_id, form, tried)


def _present(row: ConnectorAccount) -> dict[str, str]:
    return {"name": row.name, "region": row.region, "time_zone": row.time_zone}


def _edit_page(row: ConnectorAccount, form: EditForm) -> str:
    return render_template("accounts/edit.html", account_id=row.id, name=row.name, form=form)


def _trial_page(account_id: uuid.UUID, form: TrialForm, tried: Tried | None = None) -> str:
    facts = found_account(account_id)
    return render_template("accounts/trial.html", account=facts, form=form, tried=tried)
