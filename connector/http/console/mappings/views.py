"""A mapping: see it, try it on a sample, save it, put an earlier one back."""

import uuid
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from connector.accounts.models import ConnectorAccount
from connector.http.console.accounts.views import accounts
from connector.http.console.mappings.forms import (
    LABELS,
    MappingForm,
    VersionForm,
    filled,
    mapping_of,
    number_of,
)
from connector.mappings.read import MappingView, mapped_account, read_mapping
from connector.mappings.save import request_remap, restore_mapping, save_mapping
from connector.mappings.settings import typed
from connector.mappings.trial import Trial, try_mapping
from connector.providers.moontalk.settings import TARGETS
from privacy.core.errors import SiltaError
from tenants.http.access import requires
from tenants.http.existing import existing
from tenants.http.services import work_of_caller
from tenants.permissions import Permission

Page = str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """The account and its mapping, as they are now."""

    account: ConnectorAccount
    view: MappingView


@accounts.get("/<uuid:account_id>/mapping")
@requires(Permission.ACCOUNTS_WRITE)
def mapping(account_id: uuid.UUID) -> Page:
    """The mapping as it counts now."""
    found = _found(account_id)
    given = filled(found.view.settings) | {"based_on": str(found.view.version)}
    return _page(found, MappingForm(**given))


@accounts.post("/<uuid:account_id>/mapping/try")
@requires(Permission.ACCOUNTS_WRITE)
def mapping_try(account_id: uuid.UUID) -> Page:
    """What would become of a sample. Nothing is kept of it."""
    found, form = _found(account_id), MappingForm.posted()
    if not form.accepts():
        return _page(found, form), 422
    try:
        settings = typed(found.account, mapping_of(form))
    except SiltaError as refusal:
        form.blame(refusal)
        return _page(found, form), int(refusal.status)
    with work_of_caller() as work:
        now = work.now
    return _page(found, form, try_mapping(settings, form.sample.data or "", now=now))


@accounts.post("/<uuid:account_id>/mapping")
@requires(Permission.ACCOUNTS_WRITE)
def mapping_save(account_id: uuid.UUID) -> Page | Response:
    """From the next document on it is this one."""
    found, form = _found(account_id), MappingForm.posted()
    if not form.accepts():
        return _page(found, form), 422
    try:
        with work_of_caller() as work:
            save_mapping(
                work,
                account_id=account_id,
                mapping=mapping_of(form),
                based_on=number_of(form.based_on.data),
            )
    except SiltaError as refusal:
        form.blame(refusal)
        return _page(found, form), int(refusal.status)
    flash("Saved. What comes from now on is read like this.", "good")
    return _back(account_id)


@accounts.post("/<uuid:account_id>/mapping/restore")
@requires(Permission.ACCOUNTS_WRITE)
@existing(mapped_account)
def mapping_restore(account_id: uuid.UUID) -> Response:
    """An earlier version, as the newest one."""
    form = VersionForm.posted()
    with work_of_caller() as work:
        restore_mapping(
            work,
            account_id=account_id,
            version=number_of(form.version.data),
            based_on=number_of(form.based_on.data),
        )
    flash("The earlier mapping counts again.", "good")
    return _back(account_id)


@accounts.post("/<uuid:account_id>/mapping/again")
@requires(Permission.ACCOUNTS_WRITE)
def mapping_again(account_id: uuid.UUID) -> Response:
    """Read what was kept by the mapping as it is now."""
    with work_of_caller() as work:
        request_remap(work, account_id=account_id)
    flash("The kept calls of this system are read again, in the background.", "good")
    return _back(account_id)


def _found(account_id: uuid.UUID) -> Found:
    with work_of_caller() as work:
        account = mapped_account(work, account_id)
        return Found(account, read_mapping(work, account_id=account_id))


def _page(found: Found, form: MappingForm, trial: Trial | None = None) -> str:
    return render_template(
        "mappings/edit.html",
        account=found.account,
        view=found.view,
        form=form,
        targets=[form[target] for target in TARGETS],
        labels=LABELS,
        trial=trial,
    )


def _back(account_id: uuid.UUID) -> Response:
    return redirect(url_for("accounts.mapping", account_id=account_id))
