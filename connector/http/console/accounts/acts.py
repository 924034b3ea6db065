"""Test, pause, resume, rotate, disconnect."""

import uuid
from typing import Final

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from connector.accounts.change import (
    delete_account,
    pause_account,
    replace_credential,
    resume_account,
    rotate_secret,
    start_test,
)
from connector.accounts.find import find_account
from connector.accounts.kinds import KINDS
from connector.http.console.accounts.forms import CredentialForm
from connector.http.console.accounts.pages import found_account, secret_page, to_account
from connector.http.console.accounts.views import accounts
from connector.http.console.asked.trials import try_and_tell
from connector.http.stations import station_of_caller
from connector.syncs.remap_account import request_remap
from connector.watches.keep import end_watch
from tenants.http.access import requires
from tenants.http.existing import existing
from tenants.http.proofs import recently_authenticated
from tenants.http.services import services, work_of_caller
from tenants.permissions import Permission

_NEXT_CALL: Final = "The next call that can be read connects it."


@accounts.post("/<uuid:account_id>/test")
@requires(Permission.ACCOUNTS_WRITE)
def test(account_id: uuid.UUID) -> Response:
    """Wait for a first call again; or make a test call, where Silta asks."""
    if _asked(account_id):
        try_and_tell(account_id)
        return to_account(account_id)
    with work_of_caller() as work:
        start_test(work, account_id=account_id)
    flash("The test is running. Make a call now; as soon as it arrives, this says so.", "good")
    return to_account(account_id)


@accounts.post("/<uuid:account_id>/pause")
@requires(Permission.ACCOUNTS_WRITE)
def pause(account_id: uuid.UUID) -> Response:
    """Take nothing more."""
    with work_of_caller() as work:
        pause_account(work, account_id=account_id)
    said = "is asked of it" if _asked(account_id) else "that it sends is taken"
    flash(f"Paused. Nothing {said} until you resume it.", "good")
    return to_account(account_id)


@accounts.post("/<uuid:account_id>/resume")
@requires(Permission.ACCOUNTS_WRITE)
def resume(account_id: uuid.UUID) -> Response:
    """Listen again."""
    with work_of_caller() as work:
        resume_account(work, account_id=account_id)
    connects = "A test call is on its way." if _asked(account_id) else _NEXT_CALL
    flash(f"Resumed. {connects}", "good")
    return to_account(account_id)


@accounts.post("/<uuid:account_id>/again")
@requires(Permission.ACCOUNTS_WRITE)
def again(account_id: uuid.UUID) -> Response:
    """Read what was kept of its documents again, by the mapping as it is now."""
    with work_of_caller() as work:
        request_remap(work, account_id=account_id)
    flash("What was kept of its documents is read again, in the background.", "good")
    return to_account(account_id)


@accounts.post("/<uuid:account_id>/rotate")
@requires(Permission.ACCOUNTS_WRITE)
@recently_authenticated
def rotate(account_id: uuid.UUID) -> str:
    """A new secret address, shown once."""
    with work_of_caller() as work:
        secret = rotate_secret(work, account_id=account_id)
    return secret_page(found_account(account_id), secret, rotated=True)


@accounts.post("/<uuid:account_id>/credential")
@requires(Permission.ACCOUNTS_WRITE)
@recently_authenticated
@existing(find_account)
def credential(account_id: uuid.UUID) -> Response:
    """A new credential in place of the old one."""
    form = CredentialForm.posted()
    if not form.accepts():
        flash("Enter the new credential.", "bad")
        return to_account(account_id)
    with work_of_caller() as work:
        replace_credential(
            work, vault=services().vault, account_id=account_id, credential=form.credential.data
        )
    flash("The credential was replaced.", "good")
    return to_account(account_id)


@accounts.post("/<uuid:account_id>/delete")
@requires(Permission.ACCOUNTS_DELETE)
@recently_authenticated
def delete(account_id: uuid.UUID) -> Response:
    """Disconnect a system."""
    asked = _asked(account_id)
    if asked:
        end_watch(station_of_caller(), account_id=account_id)
    with work_of_caller() as work:
        delete_account(work, account_id=account_id)
    over = "It is not asked any more." if asked else "Its address does not work any more."
    flash(f"Disconnected. {over}", "good")
    return redirect(url_for("accounts.index"))


def _asked(account_id: uuid.UUID) -> bool:
    return KINDS[found_account(account_id).kind].pulled
