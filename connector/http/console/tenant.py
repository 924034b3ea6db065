"""Settings of the organisation."""

from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from connector.calls.keeping import KIND, SERVICE
from connector.marketplace.announce import note_parameters
from connector.marketplace.subscriptions import list_subscriptions, view_subscription
from connector.notices.publish import publish_notices
from privacy.core.errors import SiltaError
from privacy.profiles import load_profiles, profile
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.forms import Sheet
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission, allows
from tenants.tenants.change import (
    publish_statistics,
    rename_tenant,
    require_second_factor,
    shorten_retention,
)
from tenants.tenants.views import TenantView, view_tenant

tenant = Blueprint("tenant", __name__, url_prefix="/settings")
SUBSCRIPTIONS: Final = {
    "active": ("Active", "good"),
    "suspended": ("Suspended", "warn"),
    "ending": ("Ending", "warn"),
    "ended": ("Ended", "quiet"),
}


class SettingsForm(Sheet):
    """What an owner can choose."""

    name = StringField(
        "Name of the organisation",
        [InputRequired("Give it a name."), Length(max=120, message="Use up to 120 characters.")],
    )
    mfa_required = BooleanField(
        "Everybody must have a second factor",
        description="Whoever has none sets one up before doing anything else.",
    )
    publishes_statistics = BooleanField(
        "Publish counts of calls in the privacy centre",
        description="By month and direction. Fewer than 20 calls are not told; names nobody.",
    )
    retention_days = IntegerField(
        "Days that calls are kept",
        [Optional(), NumberRange(min=1, message="Keep calls for at least one day.")],
    )


@tenant.get("")
@requires(Permission.TENANT_READ)
def show() -> str:
    """The settings as they are."""
    view = _view()
    form = SettingsForm(
        name=view.name,
        mfa_required=view.mfa_required,
        publishes_statistics=view.publishes_statistics,
        retention_days=view.retention_days_calls,
    )
    return _page(form)


@tenant.post("")
@requires(Permission.TENANT_WRITE)
@recently_authenticated
def save() -> str | Response | tuple[str, int]:
    """Change what was changed, and say each change in the ledger."""
    form = SettingsForm.posted()
    if not form.accepts():
        return _page(form)
    try:
        _save(form, _view())
    except SiltaError as refusal:
        form.blame(refusal)
        return _page(form), int(refusal.status)
    flash("Saved.", "good")
    return redirect(url_for("tenant.show"))


def _save(form: SettingsForm, before: TenantView) -> None:
    rules = profile(SERVICE)
    with work_of_caller() as work:
        if form.name.data.strip() != before.name:
            rename_tenant(services().vault, work, name=form.name.data)
        if form.mfa_required.data != before.mfa_required:
            require_second_factor(work, required=form.mfa_required.data)
        if form.publishes_statistics.data != before.publishes_statistics:
            publish_statistics(work, published=form.publishes_statistics.data)
        if form.retention_days.data != before.retention_days_calls:
            longest = rules.retention_days(KIND)
            shorten_retention(work, days=form.retention_days.data, longest=longest)
        publish_notices(work, services().vault)
        note_parameters(work, _parameters(form, rules.retention_days(KIND)))


def _parameters(form: SettingsForm, longest: int) -> dict[str, Any]:
    """Settings that a marketplace knows as parameters."""
    return {
        "retention_days": form.retention_days.data or longest,
        "require_second_factor": form.mfa_required.data,
    }


def _view() -> TenantView:
    with work_of_caller() as work:
        return view_tenant(services().vault, work)


def _page(form: SettingsForm) -> str:
    most = profile(SERVICE).retention_days(KIND)
    form.retention_days.description = f"At most {most}. Empty: {most}."
    with work_of_caller() as work:
        subscriptions = [view_subscription(row) for row in list_subscriptions(work)]
    return render_template(
        "tenant/show.html",
        form=form,
        subscriptions=subscriptions,
        service_names={key: known.service for key, known in load_profiles().items()},
        subscription_states=SUBSCRIPTIONS,
        may_write=allows(caller(), Permission.TENANT_WRITE),
        retention_most=most,
    )
